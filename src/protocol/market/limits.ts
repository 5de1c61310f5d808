import { isWithin } from "../leverage-math.ts";
import { ceilDiv, max } from "../rounding.ts";
import { MAX_PRICE } from "../units.ts";
import { RefusedError } from "../errors.ts";
import type { MarketState, Ramp } from "./state.ts";

/** Prices of an oracle, scaled as in `IPriceOracle`. */
export interface OraclePrices {
  readonly open: bigint;
  readonly liquidation: bigint;
}

/** Fractional bits of `Ramp.fraction`. */
const FRACTION_BITS = 40n;

/** The liquidation limit in force at `now` (Unix seconds), four decimals; on a ramp rounded up. */
export function liquidationLeverageAt(limit: bigint | Ramp, now: bigint): bigint {
  if (typeof limit === "bigint") return limit;
  if (now >= limit.end) return limit.to;
  const drop = ((limit.from - limit.to) << FRACTION_BITS) - limit.fraction;
  const left = ceilDiv(drop * (limit.end - now), limit.end - limit.start);
  return limit.to + ceilDiv(left, 1n << FRACTION_BITS);
}

/**
 * The open price, checked.
 * @throws RefusedError for a price of zero or above `MAX_PRICE`.
 */
export function openPrice(prices: OraclePrices): bigint {
  return usable(prices.open);
}

/**
 * The price for liquidations, checked: the higher of the two prices.
 * @throws RefusedError for a price of zero or above `MAX_PRICE`.
 */
export function liquidationPrice(prices: OraclePrices): bigint {
  return usable(max(prices.open, prices.liquidation));
}

/**
 * Checks the opening limit of a position; loan token units.
 * @throws RefusedError if the position is above the limit.
 */
export function checkPosition(market: MarketState, debt: bigint, collateralValue: bigint): void {
  if (isWithin(debt, collateralValue, market.maxLeverage)) return;
  throw new RefusedError("LeverageAboveMaximum", `a debt of ${debt} on collateral worth ${collateralValue}`);
}

/**
 * Checks the leverage cap of the market; loan token units.
 * @throws RefusedError if the market is above the cap.
 */
export function checkSystem(market: MarketState, debt: bigint, collateralValue: bigint): void {
  if (isWithin(debt, collateralValue, market.systemLeverageCap)) return;
  throw new RefusedError("SystemLeverageAboveCap", `a total debt of ${debt} on collateral worth ${collateralValue}`);
}

/**
 * Checks the minimum debt of a position; loan token units.
 * @returns the debt.
 * @throws RefusedError for a debt above zero and below the minimum.
 */
export function checkMinDebt(market: MarketState, debt: bigint): bigint {
  if (debt === 0n || debt >= market.params.minDebt) return debt;
  throw new RefusedError("DebtBelowMinimum", `a debt of ${debt}, the minimum is ${market.params.minDebt}`);
}

/**
 * Checks the debt cap of the market; loan token units.
 * @throws RefusedError if the debt is above the cap.
 */
export function checkDebtCap(market: MarketState, totalDebt: bigint): void {
  const { cap } = market.ceiling;
  if (totalDebt <= cap) return;
  throw new RefusedError("DebtCapExceeded", `a total debt of ${totalDebt}, the cap is ${cap}`);
}

function usable(price: bigint): bigint {
  if (price === 0n || price > MAX_PRICE) throw new RefusedError("InvalidPrice", `a price of ${price}`);
  return price;
}
