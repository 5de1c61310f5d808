import { normalQuantile } from "./normal-quantile.ts";
import type { Random } from "./random.ts";

/**
 * A distribution, given by its quantile function: the value that a share `p` (0 to 1) of all draws stays below. Fed
 * with evenly spread numbers it draws; fed with evenly spaced ones it lays out a whole population without the noise of
 * chance.
 */
export type Quantile = (p: number) => number;

/** Probability of the standard normal distribution below 1.6449: its 95th percentile. */
export const NORMAL_95TH = normalQuantile(0.95);

/** Normal distribution. */
export function normal(mean: number, deviation: number): Quantile {
  return (p) => mean + deviation * normalQuantile(p);
}

/** Distribution whose logarithm is normal, with the given median and standard deviation of the (natural) logarithm. */
export function lognormal(median: number, deviationOfLog: number): Quantile {
  return (p) => median * Math.exp(deviationOfLog * normalQuantile(p));
}

/** Pareto distribution: a share `(minimum / x) ** alpha` of all draws lies above `x`. */
export function pareto(minimum: number, alpha: number): Quantile {
  return (p) => minimum * (1 - p) ** (-1 / alpha);
}

/** The body's distribution below the share `from`, and above it a Pareto tail that continues it without a jump. */
export function withParetoTail(body: Quantile, from: number, alpha: number): Quantile {
  const tail = pareto(body(from), alpha);
  return (p) => (p <= from ? body(p) : tail((p - from) / (1 - from)));
}

/** Draws one value. */
export function draw(quantile: Quantile, random: Random): number {
  return quantile(random.next());
}

/**
 * Draws `count` values that together follow the distribution as closely as so few can: one from the middle half of each
 * of `count` equal slices, in random order. Plain draws of a heavy tail would let one seed in ten make a population
 * that is nothing but a single giant.
 */
export function drawSpread(quantile: Quantile, count: number, random: Random): number[] {
  const slices = Array.from({ length: count }, (_, slice) => (slice + 0.25 + 0.5 * random.next()) / count);
  return random.shuffled(slices).map((p) => quantile(p));
}

/**
 * Splits `count` into whole parts in proportion to the weights; the largest remainders get what rounding down leaves
 * over.
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
