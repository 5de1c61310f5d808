import { OutOfRangeError } from "../errors.ts";
import { isqrt } from "../rounding.ts";

/** The least and the greatest tick of a pool: the prices 2^-128 and 2^128. */
export const MIN_TICK = -887_272;
export const MAX_TICK = 887_272;

/** The least price that a swap can name as its limit, and the greatest: what "no limit" means to a pool. */
export const MIN_SQRT_PRICE_LIMIT = 4_295_128_740n;
export const MAX_SQRT_PRICE_LIMIT = 1_461_446_703_485_210_103_287_273_052_203_988_822_378_723_970_341n;

/** Fee tiers that every Uniswap v3 factory has, hundredths of a basis point, with their tick spacings. */
export const FEE_TIERS = [
  [500, 10n],
  [3000, 60n],
  [10_000, 200n],
] as const;

const Q96_BITS = 96n;
/** Bits behind the point of the powers below: a million multiplications leave more than 200 of them right. */
const BITS = 256n;
const ONE = 1n << BITS;
/** The square root of 1.0001, the ratio of two neighbouring ticks' root prices. */
const STEP = isqrt((10_001n * ONE * ONE) / 10_000n);

function power(base: bigint, exponent: number): bigint {
  let result = ONE;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * square) >> BITS;
    square = (square * square) >> BITS;
  }
  return result;
}

/**
 * The pool's price at a tick, 1.0001^(tick/2) * 2^96, rounded up. The contracts' own value, which they compute with fewer
 * bits, differs by less than a part in 10^19.
 */
export function sqrtPriceX96AtTick(tick: number): bigint {
  if (!Number.isInteger(tick) || tick < MIN_TICK || tick > MAX_TICK) {
    throw new OutOfRangeError("A tick", tick, `a whole number from ${MIN_TICK} to ${MAX_TICK}`);
  }
  const ratio = power(STEP, Math.abs(tick));
  const value = tick < 0 ? (ONE * ONE) / ratio : ratio;
  return (value >> (BITS - Q96_BITS)) + 1n;
}

/** The greatest tick whose price is at most this one. */
export function tickAtSqrtPriceX96(sqrtPriceX96: bigint): number {
  // The logarithm in floating point is off by a tick at the most; the exact powers decide.
  const estimate = Math.floor((2 * Math.log(Number(sqrtPriceX96) / 2 ** 96)) / Math.log(1.0001));
  let tick = Math.min(Math.max(estimate, MIN_TICK), MAX_TICK);
  while (tick > MIN_TICK && sqrtPriceX96AtTick(tick) > sqrtPriceX96) --tick;
  while (tick < MAX_TICK && sqrtPriceX96AtTick(tick + 1) <= sqrtPriceX96) ++tick;
  return tick;
}

/** The nearest multiple of `spacing` at or below `tick`: where a range of liquidity may begin or end. */
export function tickDown(tick: number, spacing: number): number {
  return Math.floor(tick / spacing) * spacing;
}

/** The nearest multiple of `spacing` at or above `tick`. */
export function tickUp(tick: number, spacing: number): number {
  return Math.ceil(tick / spacing) * spacing;
}

/** The widest range that a pool of this spacing allows. */
export function fullRange(spacing: number): { lower: number; upper: number } {
  return { lower: tickUp(MIN_TICK, spacing), upper: tickDown(MAX_TICK, spacing) };
}
