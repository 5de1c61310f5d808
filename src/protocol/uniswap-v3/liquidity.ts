import { OutOfRangeError } from "../errors.ts";
import { ceilDiv } from "../rounding.ts";

/** Amounts of a pool's two tokens, token units. */
export interface TokenAmounts {
  readonly amount0: bigint;
  readonly amount1: bigint;
}

/** A price range in the pool's form: square roots of prices times 2^96. */
export interface PriceRange {
  readonly sqrtLowerX96: bigint;
  readonly sqrtUpperX96: bigint;
}

const Q96 = 1n << 96n;

/** The price that splits the range: below it the range holds token1 only, above it token0 only. */
function split(sqrtPriceX96: bigint, range: PriceRange): bigint {
  if (range.sqrtLowerX96 >= range.sqrtUpperX96) {
    throw new OutOfRangeError(
      "The upper end of a range",
      range.sqrtUpperX96,
      `above its lower end ${range.sqrtLowerX96}`,
    );
  }
  if (sqrtPriceX96 < range.sqrtLowerX96) return range.sqrtLowerX96;
  return sqrtPriceX96 > range.sqrtUpperX96 ? range.sqrtUpperX96 : sqrtPriceX96;
}

/**
 * The largest liquidity that the amounts can provide, rounded down. A remainder of one of the
 * tokens may be unused.
 * @throws OutOfRangeError for an empty range.
 */
export function liquidityForAmounts(sqrtPriceX96: bigint, range: PriceRange, amounts: TokenAmounts): bigint {
  const middle = split(sqrtPriceX96, range);
  const { sqrtLowerX96: lower, sqrtUpperX96: upper } = range;
  const from0 = middle < upper ? (amounts.amount0 * middle * upper) / (Q96 * (upper - middle)) : undefined;
  const from1 = middle > lower ? (amounts.amount1 * Q96) / (middle - lower) : undefined;
  if (from0 === undefined || from1 === undefined) return from0 ?? from1 ?? 0n;
  return from0 < from1 ? from0 : from1;
}

/**
 * The amounts that a pool takes for a liquidity, rounded up.
 * @throws OutOfRangeError for an empty range.
 */
export function amountsForLiquidity(sqrtPriceX96: bigint, range: PriceRange, liquidity: bigint): TokenAmounts {
  const middle = split(sqrtPriceX96, range);
  const { sqrtLowerX96: lower, sqrtUpperX96: upper } = range;
  return {
    amount0: ceilDiv(liquidity * Q96 * (upper - middle), middle * upper),
    amount1: ceilDiv(liquidity * (middle - lower), Q96),
  };
}
