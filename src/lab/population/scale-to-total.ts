/** Halvings of the interval of factors: from a span of any size down to the last bit of a double. */
const HALVINGS = 200;

/**
 * Multiplies all values by one factor, and moves what is then outside `least` ... `most` to the nearer bound, so that
 * they sum up to `total`.
 * @param values positive.
 * @param total at least `values.length * least`, and less than `values.length * most`.
 */
export function scaleToTotal(values: readonly number[], total: number, least: number, most: number): number[] {
  const scaled = (factor: number): number[] => values.map((value) => Math.min(most, Math.max(least, value * factor)));
  // The sum grows with the factor: at 0 it is at most the total, and once all values have reached the upper bound it is
  // above it.
  let low = 0;
  let high = most / Math.min(...values);
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (sumOf(scaled(middle)) < total) low = middle;
    else high = middle;
  }
  return scaled(high);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
