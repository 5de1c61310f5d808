import { priceAt } from "./scenario/price-at.ts";
import { durationOf, resample, stepFor } from "./scenario/resample.ts";
import type { PricePath, PricePoint } from "./scenario/types.ts";

/** Seconds between two blocks: no feed reports faster. */
export const BLOCK_SECONDS = 12;
/** A feed reports each move of this size; the feeds of large assets are set to between half a percent and one. */
const REPORTED_MOVE = 0.01;
/** At most this many looks at the price: a path of years is looked at less often than at each block. */
const MOST_LOOKS = 20_000;
/** The least that `stepFor` accepts. */
const LEAST_STEPS = 5;

/**
 * The moments at which the feed reports during a replay: on a regular grid and at the turns of the price (both as
 * `resample` has them), and whenever the price has moved by a hundredth since the last report.
 * @param maxSteps most moments; if there were more, the grid is coarser and reports come after larger moves.
 */
export function reportsOf(path: PricePath, maxSteps: number): readonly PricePoint[] {
  const most = Math.max(maxSteps, LEAST_STEPS);
  const grid = resample(path, stepFor(path, Math.max(Math.floor(most / 4), LEAST_STEPS)));
  for (let move = REPORTED_MOVE; ; move *= 1.5) {
    const reports = withMoves(path, grid, Math.log1p(move));
    if (reports.length <= most) return reports;
  }
}

function withMoves(path: PricePath, grid: readonly PricePoint[], move: number): readonly PricePoint[] {
  const interval = Math.max(BLOCK_SECONDS, Math.ceil(durationOf(path) / MOST_LOOKS));
  const reports: PricePoint[] = [];
  for (const [index, point] of grid.entries()) {
    let last = point;
    reports.push(point);
    const end = grid[index + 1]?.seconds ?? point.seconds;
    for (let seconds = point.seconds + interval; seconds <= end - interval; seconds += interval) {
      const price = priceAt(path, seconds);
      if (Math.abs(Math.log(price / last.price)) < move) continue;
      last = { seconds, price };
      reports.push(last);
    }
  }
  return reports;
}
