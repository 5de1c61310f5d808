import type { StepFigures } from "../../lab/record.ts";

/** More steps than pixels only make the page heavier. */
const MOST_STEPS = 1000;

/**
 * Leaves out steps of a long run: of each stretch it keeps the ends and the steps with the lowest and the highest
 * price.
 */
export function thinned(series: readonly StepFigures[]): readonly StepFigures[] {
  if (series.length <= MOST_STEPS) return series;
  const length = Math.ceil((series.length * 4) / MOST_STEPS);
  const kept = new Set<StepFigures>();
  for (let start = 0; start < series.length; start += length) {
    const stretch = series.slice(start, start + length);
    const byPrice = stretch.toSorted((a, b) => a.feedPrice - b.feedPrice);
    for (const step of [stretch[0], stretch.at(-1), byPrice[0], byPrice.at(-1)]) if (step !== undefined) kept.add(step);
  }
  return series.filter((step) => kept.has(step));
}
