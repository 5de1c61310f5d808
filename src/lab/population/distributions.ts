import type { Random } from "./random.ts";

/**
 * A distribution, given by its quantile function: the value that a share `p` (0 to 1) of all draws
 * stays below. Fed with evenly spread numbers it draws; fed with evenly spaced ones it lays out a
 * whole population without the noise of chance.
 */
export type Quantile = (p: number) => number;

/**
 * Coefficients of Peter Acklam's rational approximation to the inverse of the normal distribution:
 * numerator and denominator for the middle, then for the tails. Its relative error is below 1.2e-9,
 * far finer than any figure that a population is made from.
 */
const MIDDLE_TOP = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
] as const;
const MIDDLE_BOTTOM = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1,
] as const;
const TAIL_TOP = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
] as const;
const TAIL_BOTTOM = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1] as const;

/** Share of the distribution on either side that counts as tail. */
const TAIL = 0.02425;

/** The 95th percentile of the standard normal distribution, about 1.6449. */
export const NORMAL_95TH = normalQuantile(0.95);

/**
 * The value below which a standard normal variable falls with probability `p`; -Infinity at 0,
 * Infinity at 1.
 * @param p from 0 to 1.
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  if (p > 1 - TAIL) return -normalQuantile(1 - p);
  if (p < TAIL) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(TAIL_TOP, q) / polynomial(TAIL_BOTTOM, q);
  }
  const q = p - 0.5;
  const r = q * q;
  return (polynomial(MIDDLE_TOP, r) * q) / polynomial(MIDDLE_BOTTOM, r);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

/** Normal distribution. */
export function normal(mean: number, deviation: number): Quantile {
  return (p) => mean + deviation * normalQuantile(p);
}

/**
 * Distribution whose logarithm is normal, with the given median and standard deviation of the
 * (natural) logarithm.
 */
export function lognormal(median: number, deviationOfLog: number): Quantile {
  return (p) => median * Math.exp(deviationOfLog * normalQuantile(p));
}

/** Pareto distribution: a share `(minimum / x) ** alpha` of all draws lies above `x`. */
export function pareto(minimum: number, alpha: number): Quantile {
  return (p) => minimum * (1 - p) ** (-1 / alpha);
}

/**
 * The body's distribution below the share `from`, and above it a Pareto tail that continues it
 * without a jump.
 */
export function withParetoTail(body: Quantile, from: number, alpha: number): Quantile {
  const tail = pareto(body(from), alpha);
  return (p) => (p <= from ? body(p) : tail((p - from) / (1 - from)));
}

/** Draws one value. */
export function draw(quantile: Quantile, random: Random): number {
  return quantile(random.next());
}

/**
 * Draws `count` values that together follow the distribution as closely as so few can: one from the
 * middle half of each of `count` equal slices, in random order. Plain draws of a heavy tail would
 * let one seed in ten make a population that is nothing but a single giant.
 */
export function drawSpread(quantile: Quantile, count: number, random: Random): number[] {
  const slices = Array.from({ length: count }, (_, slice) => (slice + 0.25 + 0.5 * random.next()) / count);
  return random.shuffled(slices).map((p) => quantile(p));
}

/**
 * Splits `count` into whole parts in proportion to the weights; the largest remainders get what
 * rounding down leaves over.
 * @param weights not negative, not all zero.
 */
export function apportion(count: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const exact = weights.map((weight) => (count * weight) / sum);
  const parts = exact.map(Math.floor);
  const left = count - parts.reduce((total, part) => total + part, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder);
  const lucky = new Set(byRemainder.slice(0, left).map(({ index }) => index));
  return parts.map((part, index) => (lucky.has(index) ? part + 1 : part));
}
