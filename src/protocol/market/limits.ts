import { isWithin } from "../leverage-math.ts";
import { ceilDiv, max, min } from "../rounding.ts";
import { DAY, MAX_PRICE, WAD } from "../units.ts";
import { RefusedError } from "../errors.ts";
import type { DebtCeiling, MarketState, Ramp } from "./state.ts";

/** What an oracle answers, scaled as in `IPriceOracle`. */
export interface OraclePrices {
  readonly open: bigint;
  readonly liquidation: bigint;
}

/** The liquidation limit in force at `now`; on a ramp rounded up. */
export function liquidationLeverageAt(limit: bigint | Ramp, now: bigint): bigint {
  if (typeof limit === "bigint") return limit;
  if (now >= limit.end) return limit.to;
  return limit.to + ceilDiv((limit.from - limit.to) * (limit.end - now), limit.end - limit.start);
}

/** The debt ceiling refilled up to `now`; the bucket holds what refills in a day. Rounded down. */
export function refilled(ceiling: DebtCeiling, dailyAllowance: bigint, now: bigint): DebtCeiling {
  const bucket = (ceiling.cap * dailyAllowance) / WAD;
  const refill = (bucket * BigInt.asUintN(32, now - ceiling.lastRefill)) / DAY;
  return {
    cap: ceiling.cap,
    allowance: min(bucket, ceiling.allowance + refill),
    lastRefill: BigInt.asUintN(32, now),
  };
}

/** The debt ceiling after governance has set its cap: what refilled so far did so under the old one. */
export function withDebtCap(ceiling: DebtCeiling, cap: bigint, dailyAllowance: bigint, now: bigint): DebtCeiling {
  return refilled({ ...refilled(ceiling, dailyAllowance, now), cap }, dailyAllowance, now);
}

/** New debt that the speed limit allows at `now`, loan token units. */
export function debtAllowanceAt(market: MarketState, now: bigint): bigint {
  return refilled(market.ceiling, market.params.dailyAllowance, now).allowance;
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

/** @throws RefusedError for a debt between zero and the minimum. */
export function checkMinDebt(market: MarketState, debt: bigint): void {
  if (debt === 0n || debt >= market.params.minDebt) return;
  throw new RefusedError("DebtBelowMinimum", `a debt of ${debt}, the least is ${market.params.minDebt}`);
}

/**
 * The debt ceiling after `newDebt` has used it.
 * @throws RefusedError above the cap or the allowance.
 */
export function useAllowance(market: MarketState, newDebt: bigint, totalDebtAfter: bigint, now: bigint): DebtCeiling {
  const ceiling = refilled(market.ceiling, market.params.dailyAllowance, now);
  if (totalDebtAfter > ceiling.cap) {
    throw new RefusedError("DebtCapExceeded", `a debt of ${totalDebtAfter} in all, the cap is ${ceiling.cap}`);
  }
  if (newDebt > ceiling.allowance) {
    throw new RefusedError("DebtAllowanceExceeded", `${newDebt} of new debt, the allowance is ${ceiling.allowance}`);
  }
  return { ...ceiling, allowance: ceiling.allowance - newDebt };
}

function usable(price: bigint): bigint {
  if (price === 0n || price > MAX_PRICE) throw new RefusedError("InvalidPrice", `a price of ${price}`);
  return price;
}
