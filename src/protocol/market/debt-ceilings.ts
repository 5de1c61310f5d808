import { RefusedError } from "../errors.ts";
import { ceilDiv, min } from "../rounding.ts";
import { DAY, MAX_UINT120, WAD } from "../units.ts";
import type { DebtCeiling, MarketState } from "./state.ts";

/**
 * Largest debt cap, loan token units: its allowance of a day, in units times seconds, fits 120
 * bits.
 */
export const MAX_DEBT_CAP = MAX_UINT120 / DAY;

/** Ticks per second in `Position.drawnAt`. */
const TICKS = 256n;
const DAY_TICKS = TICKS * DAY;

/**
 * The debt ceiling of a new market, with its full allowance. `cap` in loan token units,
 * `dailyAllowance` in WAD, `now` in Unix seconds.
 */
export function fullCeiling(cap: bigint, dailyAllowance: bigint, now: bigint): DebtCeiling {
  return { cap, allowance: dailyUnits(cap, dailyAllowance) * DAY, lastRefill: BigInt.asUintN(32, now) };
}

/** New debt that the speed limit allows at `now` (Unix seconds), loan token units, rounded down. */
export function debtAllowanceAt(market: MarketState, now: bigint): bigint {
  return refilled(market.ceiling, market.params.dailyAllowance, now).allowance / DAY;
}

/**
 * The debt ceiling after governance has set its cap. The allowance refills at the rate of the old
 * cap until `now`. `cap` in loan token units, `dailyAllowance` in WAD, `now` in Unix seconds.
 */
export function withDebtCap(ceiling: DebtCeiling, cap: bigint, dailyAllowance: bigint, now: bigint): DebtCeiling {
  return refilled({ ...refilled(ceiling, dailyAllowance, now), cap }, dailyAllowance, now);
}

/**
 * The debt ceiling after `newDebt` (loan token units) has used up allowance at `now` (Unix
 * seconds).
 * @throws RefusedError if `newDebt` exceeds the allowance.
 */
export function useAllowance(market: MarketState, newDebt: bigint, now: bigint): DebtCeiling {
  const ceiling = refilled(market.ceiling, market.params.dailyAllowance, now);
  const left = ceiling.allowance - newDebt * DAY;
  if (left < 0n) {
    const allowed = ceiling.allowance / DAY;
    throw new RefusedError("DebtAllowanceExceeded", `the new debt is ${newDebt}, the allowance is ${allowed}`);
  }
  return { ...ceiling, allowance: left };
}

/**
 * The debt ceiling after a repayment. The part of the payment that repays debt younger than a day
 * returns to the allowance; rounded down.
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
 * A debt times its age, where the age is a day at most: loan token units times 1/256 of a second.
 * Borrowing and repaying don't change it: new debt has the age zero, and a repayment repays the
 * newest debt first.
 */
export function aged(debt: bigint, drawnAt: bigint, now: bigint): bigint {
  return debt * min(BigInt.asUintN(40, now * TICKS - drawnAt), DAY_TICKS);
}

/**
 * Average time at which a debt was drawn, in 1/256 of a Unix second, the lower 40 bits; rounded
 * down. Zero without debt.
 * @param debt loan token units.
 * @param agedDebt from `aged`.
 * @param now Unix seconds.
 */
export function drawTime(debt: bigint, agedDebt: bigint, now: bigint): bigint {
  if (debt === 0n) return 0n;
  return BigInt.asUintN(40, now * TICKS - min(ceilDiv(agedDebt, debt), DAY_TICKS));
}

/** The ceiling with its allowance refilled up to `now`. The allowance is at most that of a day. */
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
