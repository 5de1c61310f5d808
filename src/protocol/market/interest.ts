import type { Address } from "../address.ts";
import { adapt, borrowRate, relax, utilizationError } from "../adaptive-curve.ts";
import { exp } from "../exponential.ts";
import { debtDown, debtUp } from "../leverage-math.ts";
import { ceilDiv, min } from "../rounding.ts";
import { MAX_UINT96, WAD } from "../units.ts";
import { positionOf, type Interest, type MarketState } from "./state.ts";

/** A growth of e^60 takes every index above its 96 bits, where it is capped. */
const MAX_EXPONENT = 60n * WAD;

/** Virtual cash, as a multiple of the minimum debt of a position. */
const VIRTUAL_CASH = 10n;

/**
 * Cash of the market plus virtual cash, loan token units: the cash that the interest rate curve
 * uses. Equals `InterestMath.countedCash` of the contracts.
 */
export function countedCash(cash: bigint, minDebt: bigint): bigint {
  return cash + VIRTUAL_CASH * minDebt;
}

/**
 * Interest after an accrual at `now` (Unix seconds). The borrow index is rounded up and stops
 * growing at 96 bits.
 */
export function accrued({ interest, books, params }: MarketState, now: bigint): Interest {
  const elapsed = now - interest.lastAccrual;
  if (elapsed === 0n) return interest;
  if (books.debtShares === 0n) {
    return { ...interest, rateAtTarget: relax(interest.rateAtTarget, elapsed), lastAccrual: now };
  }
  const debt = debtDown(books.debtShares, interest.borrowIndex);
  const error = utilizationError(debt, countedCash(books.cash, params.minDebt));
  const rateAtTarget = adapt(interest.rateAtTarget, error, elapsed);
  const growth = exp(min(borrowRate(rateAtTarget.integral, error), MAX_EXPONENT)) - WAD;
  const index = interest.borrowIndex + ceilDiv(interest.borrowIndex * growth, WAD);
  return { borrowIndex: min(index, MAX_UINT96), rateAtTarget: rateAtTarget.end, lastAccrual: now };
}

/** `accrue` of the contract: charges interest up to `now` (Unix seconds). */
export function accrue(market: MarketState, now: bigint): void {
  market.interest = accrued(market, now);
}

/** The borrow index at `now` (Unix seconds), WAD, rounded up. */
export function indexAt(market: MarketState, now: bigint): bigint {
  return accrued(market, now).borrowIndex;
}

/** The borrow rate at `now` (Unix seconds), per second, WAD, rounded down. */
export function borrowRateAt(market: MarketState, now: bigint): bigint {
  const { borrowIndex, rateAtTarget } = accrued(market, now);
  const debt = debtDown(market.books.debtShares, borrowIndex);
  const cash = countedCash(market.books.cash, market.params.minDebt);
  return borrowRate(rateAtTarget, utilizationError(debt, cash));
}

/** The debt of all positions at `now` (Unix seconds), loan token units, rounded up. */
export function totalDebtAt(market: MarketState, now: bigint): bigint {
  return debtUp(market.books.debtShares, indexAt(market, now));
}

/** An account's debt at `now` (Unix seconds), loan token units, rounded up. */
export function debtOfAt(market: MarketState, account: Address, now: bigint): bigint {
  return debtUp(positionOf(market, account).debtShares, indexAt(market, now));
}
