import { isWithin } from "../leverage-math.ts";
import { ceilDiv, max } from "../rounding.ts";
import { MAX_PRICE } from "../units.ts";
import { RefusedError } from "../errors.ts";
import type { MarketState, Ramp } from "./state.ts";

/** What an oracle answers, scaled as in `IPriceOracle`. */
export interface OraclePrices {
  readonly open: bigint;
  readonly liquidation: bigint;
}

/** Of a ramp's fraction. */
const FRACTION_BITS = 40n;

/** The liquidation limit in force at `now`, four decimals; on a ramp rounded up. */
export function liquidationLeverageAt(limit: bigint | Ramp, now: bigint): bigint {
  if (typeof limit === "bigint") return limit;
  if (now >= limit.end) return limit.to;
  const drop = ((limit.from - limit.to) << FRACTION_BITS) - limit.fraction;
  const left = ceilDiv(drop * (limit.end - now), limit.end - limit.start);
  return limit.to + ceilDiv(left, 1n << FRACTION_BITS);
}

/** @throws RefusedError for a price that no market takes. */
export function openPrice(prices: OraclePrices): bigint {
  return usable(prices.open);
}

/** @throws RefusedError for a price that no market takes. */
export function liquidationPrice(prices: OraclePrices): bigint {
  return usable(max(prices.open, prices.liquidation));
}

/** @throws RefusedError above the opening limit. */
export function checkPosition(market: MarketState, debt: bigint, collateralValue: bigint): void {
  if (isWithin(debt, collateralValue, market.maxLeverage)) return;
  throw new RefusedError("LeverageAboveMaximum", `a debt of ${debt} on collateral worth ${collateralValue}`);
}

/** @throws RefusedError above the system cap. */
export function checkSystem(market: MarketState, debt: bigint, collateralValue: bigint): void {
  if (isWithin(debt, collateralValue, market.systemLeverageCap)) return;
  throw new RefusedError("SystemLeverageAboveCap", `${debt} in all on collateral worth ${collateralValue}`);
}

/**
 * @returns the debt.
 * @throws RefusedError for a debt between zero and the minimum.
 */
export function checkMinDebt(market: MarketState, debt: bigint): bigint {
  if (debt === 0n || debt >= market.params.minDebt) return debt;
  throw new RefusedError("DebtBelowMinimum", `a debt of ${debt}, the least is ${market.params.minDebt}`);
}

/** @throws RefusedError above the debt cap. */
export function checkDebtCap(market: MarketState, totalDebt: bigint): void {
  const { cap } = market.ceiling;
  if (totalDebt <= cap) return;
  throw new RefusedError("DebtCapExceeded", `a debt of ${totalDebt} in all, the cap is ${cap}`);
}

function usable(price: bigint): bigint {
  if (price === 0n || price > MAX_PRICE) throw new RefusedError("InvalidPrice", `a price of ${price}`);
  return price;
}
