import { OutOfRangeError } from "../errors.ts";
import { isqrt } from "../rounding.ts";

/** The lowest and highest tick of a pool: the prices 2^-128 and 2^128. */
export const MIN_TICK = -887_272;
export const MAX_TICK = 887_272;

/** The lowest and highest price limit of a swap, as `sqrtPriceX96`. They stand for "no limit". */
export const MIN_SQRT_PRICE_LIMIT = 4_295_128_740n;
export const MAX_SQRT_PRICE_LIMIT = 1_461_446_703_485_210_103_287_273_052_203_988_822_378_723_970_341n;

/** Fee tiers of every Uniswap v3 factory (hundredths of a basis point) and their tick spacings. */
export const FEE_TIERS = [
  [500, 10n],
  [3000, 60n],
  [10_000, 200n],
] as const;

const MAX_UINT256 = (1n << 256n) - 1n;

/** Fractional bits of the powers that a pool uses. */
const POWER_BITS = 128n;
/** Fractional bits of the computation here: enough to make the last bit of each power exact. */
const BITS = 400n;
const ONE = 1n << BITS;

/**
 * 1.0001^(-2^i/2) with 128 fractional bits, rounded to the nearest. The contracts multiply these
 * factors, one for each set bit of the tick, to get the price at the tick.
 */
const POWERS: readonly bigint[] = (() => {
  const powers: bigint[] = [];
  let power = isqrt((10_000n * ONE * ONE) / 10_001n);
  for (let bit = 0; 2 ** bit <= MAX_TICK; ++bit) {
    powers.push((power + (1n << (BITS - POWER_BITS - 1n))) >> (BITS - POWER_BITS));
    power = (power * power) >> BITS;
  }
  return powers;
})();

/**
 * The pool's `sqrtPriceX96` at a tick, 1.0001^(tick/2) * 2^96, equal to the contracts' result in
 * every bit.
 * @throws OutOfRangeError unless the tick is a whole number from `MIN_TICK` to `MAX_TICK`.
 */
export function sqrtPriceX96AtTick(tick: number): bigint {
  if (!Number.isInteger(tick) || tick < MIN_TICK || tick > MAX_TICK) {
    throw new OutOfRangeError("A tick", tick, `a whole number from ${MIN_TICK} to ${MAX_TICK}`);
  }
  const size = Math.abs(tick);
  let ratio = 1n << POWER_BITS;
  POWERS.forEach((power, bit) => {
    if (((size >> bit) & 1) === 1) ratio = (ratio * power) >> POWER_BITS;
  });
  if (tick > 0) ratio = MAX_UINT256 / ratio;
  // From 128 fractional bits to 96, rounded up.
  return (ratio + (1n << 32n) - 1n) >> 32n;
}

/** The highest tick whose price is at or below `sqrtPriceX96`. */
export function tickAtSqrtPriceX96(sqrtPriceX96: bigint): number {
  // The floating-point logarithm is off by at most one tick; the exact prices decide.
  const estimate = Math.floor((2 * Math.log(Number(sqrtPriceX96) / 2 ** 96)) / Math.log(1.0001));
  let tick = Math.min(Math.max(estimate, MIN_TICK), MAX_TICK);
  while (tick > MIN_TICK && sqrtPriceX96AtTick(tick) > sqrtPriceX96) --tick;
  while (tick < MAX_TICK && sqrtPriceX96AtTick(tick + 1) <= sqrtPriceX96) ++tick;
  return tick;
}

/** The nearest multiple of `spacing` at or below `tick`: a valid bound of a liquidity range. */
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
