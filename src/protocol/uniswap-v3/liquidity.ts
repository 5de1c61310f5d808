import { OutOfRangeError } from "../errors.ts";
import { ceilDiv } from "../rounding.ts";

/** Units of a pool's two tokens. */
export interface TokenAmounts {
  readonly amount0: bigint;
  readonly amount1: bigint;
}

/** A range of prices, as the pool counts them: square roots times 2^96. */
export interface PriceRange {
  readonly sqrtLowerX96: bigint;
  readonly sqrtUpperX96: bigint;
}

const Q96 = 1n << 96n;

/** The part of the range below the price holds token1 only, the part above it token0 only. */
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

/** The most liquidity that the amounts pay for, rounded down; of one of the tokens some may be left over. */
export function liquidityForAmounts(sqrtPriceX96: bigint, range: PriceRange, amounts: TokenAmounts): bigint {
  const middle = split(sqrtPriceX96, range);
  const { sqrtLowerX96: lower, sqrtUpperX96: upper } = range;
  const from0 = middle < upper ? (amounts.amount0 * middle * upper) / (Q96 * (upper - middle)) : undefined;
  const from1 = middle > lower ? (amounts.amount1 * Q96) / (middle - lower) : undefined;
  if (from0 === undefined || from1 === undefined) return from0 ?? from1 ?? 0n;
  return from0 < from1 ? from0 : from1;
}

/** What a pool asks for that much liquidity, rounded up. */
export function amountsForLiquidity(sqrtPriceX96: bigint, range: PriceRange, liquidity: bigint): TokenAmounts {
  const middle = split(sqrtPriceX96, range);
  const { sqrtLowerX96: lower, sqrtUpperX96: upper } = range;
  return {
    amount0: ceilDiv(liquidity * Q96 * (upper - middle), middle * upper),
    amount1: ceilDiv(liquidity * (middle - lower), Q96),
  };
}
