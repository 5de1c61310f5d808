import { OutOfRangeError } from "../errors.ts";
import { isqrt } from "../rounding.ts";
import { PRICE_SCALE } from "../units.ts";

/**
 * A pool stores the square root of its price (token1 units per token0 unit) times 2^96, so the
 * square has the scale 2^192.
 */
const Q192 = 1n << 192n;

/** Whether Uniswap sorts `token` before `other`. */
export function sortsFirst(token: string, other: string): boolean {
  return BigInt(token) < BigInt(other);
}

/**
 * Converts a price to the pool's `sqrtPriceX96`, rounded down.
 * @param price of the collateral token in loan tokens, scaled as in `IPriceOracle`.
 * @param collateralIsToken0 whether the collateral token is the pool's token0.
 * @throws OutOfRangeError unless the price is above zero.
 */
export function sqrtPriceX96FromPrice(price: bigint, collateralIsToken0: boolean): bigint {
  if (price <= 0n) throw new OutOfRangeError("A price", price, "above zero");
  return collateralIsToken0 ? isqrt((price * Q192) / PRICE_SCALE) : isqrt((PRICE_SCALE * Q192) / price);
}

/**
 * Converts a pool's `sqrtPriceX96` to a price scaled as in `IPriceOracle`, rounded down.
 * @throws OutOfRangeError unless `sqrtPriceX96` is above zero.
 */
export function priceFromSqrtPriceX96(sqrtPriceX96: bigint, collateralIsToken0: boolean): bigint {
  if (sqrtPriceX96 <= 0n) throw new OutOfRangeError("A pool's price", sqrtPriceX96, "above zero");
  const square = sqrtPriceX96 * sqrtPriceX96;
  return collateralIsToken0 ? (square * PRICE_SCALE) / Q192 : (PRICE_SCALE * Q192) / square;
}
