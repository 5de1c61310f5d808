import { RefusedError } from "../errors.ts";
import { ceilDiv, min } from "../rounding.ts";
import { DAY, MAX_UINT120, WAD } from "../units.ts";
import type { DebtCeiling, MarketState } from "./state.ts";

/** The greatest debt cap, loan token units: a day's allowance of it fits 120 bits, in units times seconds. */
export const MAX_DEBT_CAP = MAX_UINT120 / DAY;

/** Of a second, in `Position.drawnAt`. */
const TICKS = 256n;
const DAY_TICKS = TICKS * DAY;

/** The ceiling of a new market, its bucket full. */
export function fullCeiling(cap: bigint, dailyAllowance: bigint, now: bigint): DebtCeiling {
  return { cap, allowance: dailyUnits(cap, dailyAllowance) * DAY, lastRefill: BigInt.asUintN(32, now) };
}

/** New debt that the speed limit allows at `now`, loan token units, rounded down. */
export function debtAllowanceAt(market: MarketState, now: bigint): bigint {
  return refilled(market.ceiling, market.params.dailyAllowance, now).allowance / DAY;
}

/** The debt ceiling after governance has set its cap: what refilled so far did so under the old one. */
export function withDebtCap(ceiling: DebtCeiling, cap: bigint, dailyAllowance: bigint, now: bigint): DebtCeiling {
  return refilled({ ...refilled(ceiling, dailyAllowance, now), cap }, dailyAllowance, now);
}

/**
 * The debt ceiling after `newDebt` (loan token units) has used it.
 * @throws RefusedError above the allowance.
 */
export function useAllowance(market: MarketState, newDebt: bigint, now: bigint): DebtCeiling {
  const ceiling = refilled(market.ceiling, market.params.dailyAllowance, now);
  const left = ceiling.allowance - newDebt * DAY;
  if (left < 0n) {
    const allowed = ceiling.allowance / DAY;
    throw new RefusedError("DebtAllowanceExceeded", `${newDebt} of new debt, the allowance is ${allowed}`);
  }
  return { ...ceiling, allowance: left };
}

/**
 * The debt ceiling after a repayment: of what it pays, what has not aged comes back; rounded down.
 * @param paid loan token units.
 * @param debt before the repayment, loan token units.
 * @param agedDebt from `aged`.
 */
export function restoreAllowance(
  market: MarketState,
  paid: bigint,
  debt: bigint,
  agedDebt: bigint,
  now: bigint,
): DebtCeiling {
  const restored = min(paid * DAY_TICKS, debt * DAY_TICKS - agedDebt) / TICKS;
  if (restored === 0n) return market.ceiling;
  const ceiling = refilled(market.ceiling, market.params.dailyAllowance, now);
  return { ...ceiling, allowance: min(ceiling.allowance + restored, MAX_UINT120) };
}

/**
 * A debt times its age, of a day at most: loan token units times 1/256 of a second. A draw or a repayment leaves it as it is:
 * what comes is new, and what goes is what was drawn last.
 */
export function aged(debt: bigint, drawnAt: bigint, now: bigint): bigint {
  return debt * min(BigInt.asUintN(40, now * TICKS - drawnAt), DAY_TICKS);
}

/** The time at which a debt of an age was drawn, on average, in 1/256 of a Unix second; rounded down. Zero without debt. */
export function drawTime(debt: bigint, agedDebt: bigint, now: bigint): bigint {
  if (debt === 0n) return 0n;
  return BigInt.asUintN(40, now * TICKS - min(ceilDiv(agedDebt, debt), DAY_TICKS));
}

/** The ceiling refilled up to `now`; the bucket holds what refills in a day. */
function refilled(ceiling: DebtCeiling, dailyAllowance: bigint, now: bigint): DebtCeiling {
  const daily = dailyUnits(ceiling.cap, dailyAllowance);
  const elapsed = BigInt.asUintN(32, now - ceiling.lastRefill);
  return {
    cap: ceiling.cap,
    allowance: min(daily * DAY, ceiling.allowance + daily * elapsed),
    lastRefill: BigInt.asUintN(32, now),
  };
}

function dailyUnits(cap: bigint, dailyAllowance: bigint): bigint {
  return (cap * dailyAllowance) / WAD;
}
