import { InvalidStepError } from "../errors.ts";
import { durationOf, highestOf, lowestOf, priceAt, type PricePath, type PricePoint } from "./price-path.ts";

/**
 * A window with this many points inside, or fewer, keeps them all: no turn of a hand-made scenario
 * gets lost at a step of five minutes.
 */
const KEPT_IN_WINDOW = 3;

/** Room for one window and both of its ends: fewer steps can't be asked for. */
export const LEAST_STEPS = 2 + KEPT_IN_WINDOW;

const DAY = 86_400;
const CONVENIENT_STEPS = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, DAY];

/**
 * Steps for a replay: a regular grid, and between its lines what the path does there.
 *
 * A grid alone would miss the lows, which are what a stress test is about. So each window between
 * two lines contributes, next to its end, the points inside it: all of them while they are few,
 * otherwise its lowest and its highest. The result holds the lowest and the highest price of the
 * path exactly, ascends strictly in time, and ends at the path's end.
 * @param stepSeconds distance of the grid's lines; a whole number.
 * @throws InvalidStepError if the step is not a positive whole number.
 */
export function resample(path: PricePath, stepSeconds: number): readonly PricePoint[] {
  if (!Number.isInteger(stepSeconds) || stepSeconds < 1)
    throw new InvalidStepError(`The step is ${stepSeconds} seconds`, "Give a whole number, 1 or more.");
  const end = durationOf(path);
  const steps: PricePoint[] = [{ seconds: 0, price: priceAt(path, 0) }];
  let next = 0;
  for (let from = 0; from < end; from += stepSeconds) {
    const to = Math.min(from + stepSeconds, end);
    const inside: PricePoint[] = [];
    for (let point = path.points[next]; point !== undefined && point.seconds < to; point = path.points[++next]) {
      if (point.seconds > from) inside.push(point);
    }
    steps.push(...worthKeeping(inside), { seconds: to, price: priceAt(path, to) });
  }
  return steps;
}

function worthKeeping(inside: readonly PricePoint[]): readonly PricePoint[] {
  if (inside.length <= KEPT_IN_WINDOW) return inside;
  const extremes = new Set([lowestOf(inside), highestOf(inside)]);
  return [...extremes].sort((a, b) => a.seconds - b.seconds);
}

/**
 * The shortest convenient step (one minute, two, five, ... a day, then doubling) with which
 * `resample` makes at most `maxSteps` steps of a path.
 * @throws InvalidStepError if `maxSteps` is not a whole number of 5 or more, which is room for one
 * window.
 */
export function stepFor(path: PricePath, maxSteps: number): number {
  if (!Number.isInteger(maxSteps) || maxSteps < LEAST_STEPS)
    throw new InvalidStepError(
      `The greatest number of steps is ${maxSteps}`,
      `Give a whole number, ${LEAST_STEPS} or more.`,
    );
  // The grid alone is counted first, so that a file that spans decades is not cut into millions of
  // steps just to find them too many.
  const fits = (step: number): boolean => durationOf(path) / step < maxSteps && resample(path, step).length <= maxSteps;
  const convenient = CONVENIENT_STEPS.find(fits);
  if (convenient !== undefined) return convenient;
  let step = 2 * DAY;
  while (!fits(step)) step *= 2;
  return step;
}
