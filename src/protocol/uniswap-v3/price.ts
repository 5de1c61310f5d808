import { OutOfRangeError } from "../errors.ts";
import { isqrt } from "../rounding.ts";
import { PRICE_SCALE } from "../units.ts";

/** A pool counts in square roots of token1 units per token0 unit, times 2^96; so prices are times 2^192. */
const Q192 = 1n << 192n;

/** Whether Uniswap sorts `token` before `other`. */
export function sortsFirst(token: string, other: string): boolean {
  return BigInt(token) < BigInt(other);
}

/**
 * The pool's form of a price, rounded down.
 * @param price of the collateral token in loan tokens, as `IPriceOracle` scales it.
 * @param collateralIsToken0 whether the collateral token is the pool's token0.
 */
export function sqrtPriceX96FromPrice(price: bigint, collateralIsToken0: boolean): bigint {
  if (price <= 0n) throw new OutOfRangeError("A price", price, "above zero");
  return collateralIsToken0 ? isqrt((price * Q192) / PRICE_SCALE) : isqrt((PRICE_SCALE * Q192) / price);
}

/** The price as `IPriceOracle` scales it that a pool's `sqrtPriceX96` stands for, rounded down. */
export function priceFromSqrtPriceX96(sqrtPriceX96: bigint, collateralIsToken0: boolean): bigint {
  if (sqrtPriceX96 <= 0n) throw new OutOfRangeError("A pool's price", sqrtPriceX96, "above zero");
  const square = sqrtPriceX96 * sqrtPriceX96;
  return collateralIsToken0 ? (square * PRICE_SCALE) / Q192 : (PRICE_SCALE * Q192) / square;
}
