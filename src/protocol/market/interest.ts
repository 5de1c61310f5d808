import type { Address } from "../address.ts";
import { IDLE_ERROR, adapt, borrowRate, utilizationError } from "../adaptive-curve.ts";
import { exp } from "../exponential.ts";
import { debtDown, debtUp } from "../leverage-math.ts";
import { ceilDiv, min } from "../rounding.ts";
import { MAX_UINT96, WAD } from "../units.ts";
import { positionOf, type Books, type Interest, type MarketState } from "./state.ts";

/** e^60 takes any index past its 96 bits, where it stays. */
const MAX_EXPONENT = 60n * WAD;

/** Interest as an accrual at `now` would leave it; it stops growing instead of overflowing. */
export function accrued(interest: Interest, books: Books, now: bigint): Interest {
  const elapsed = now - interest.lastAccrual;
  if (elapsed === 0n || books.debtShares === 0n) return { ...interest, lastAccrual: now };

  const error = utilizationError(debtDown(books.debtShares, interest.borrowIndex), books.cash);
  const rateAtTarget = adapt(interest.rateAtTarget, error, elapsed);
  const growth = exp(min(borrowRate(rateAtTarget.average, error) * elapsed, MAX_EXPONENT)) - WAD;
  const index = interest.borrowIndex + ceilDiv(interest.borrowIndex * growth, WAD);
  return { borrowIndex: min(index, MAX_UINT96), rateAtTarget: rateAtTarget.end, lastAccrual: now };
}

/** `accrue` of the contract. */
export function accrue(market: MarketState, now: bigint): void {
  market.interest = accrued(market.interest, market.books, now);
}

/** The borrow index at `now`. */
export function indexAt(market: MarketState, now: bigint): bigint {
  return accrued(market.interest, market.books, now).borrowIndex;
}

/** The rate that borrowers pay at `now`, per second, WAD. */
export function borrowRateAt(market: MarketState, now: bigint): bigint {
  const { borrowIndex, rateAtTarget } = accrued(market.interest, market.books, now);
  const debt = debtDown(market.books.debtShares, borrowIndex);
  return borrowRate(rateAtTarget, debt === 0n ? IDLE_ERROR : utilizationError(debt, market.books.cash));
}

/** The debt of all positions at `now`, rounded up. */
export function totalDebtAt(market: MarketState, now: bigint): bigint {
  return debtUp(market.books.debtShares, indexAt(market, now));
}

/** An account's debt at `now`, rounded up. */
export function debtOfAt(market: MarketState, account: Address, now: bigint): bigint {
  return debtUp(positionOf(market, account).debtShares, indexAt(market, now));
}
