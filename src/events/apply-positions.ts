import { min } from "../protocol/rounding.ts";
import { MAX_UINT112 } from "../protocol/units.ts";
import { refilled } from "../protocol/market/limits.ts";
import { positionOf, type Address, type MarketState } from "../protocol/market/state.ts";
import { InconsistentEventsError } from "./errors.ts";
import type { EventPlace, MarketEvent } from "./events.ts";
import type { Replica } from "./rebuilt-market.ts";

/** A position has changed by a call of its own; new debt has used up allowance, which its repayment gives back. */
export function applyAdjusted(
  replica: Replica,
  event: Extract<MarketEvent, { name: "PositionAdjusted" }>,
  place: EventPlace,
): void {
  movePosition(replica.market, event.account, event.debtSharesDelta, event.collateralDelta, -event.debtDelta);
  if (event.debtDelta > 0n) moveAllowance(replica, -event.debtDelta, place);
  else moveAllowance(replica, min(-event.debtDelta, newDebtIn(replica, place)), place);
}

/** A position has been liquidated; the fee waits to be turned into shares of the buffer. */
export function applyLiquidated(market: MarketState, event: Extract<MarketEvent, { name: "Liquidated" }>): void {
  movePosition(market, event.account, -event.debtShares, -event.collateral, event.payment);
  market.lenders = { ...market.lenders, pendingFees: market.lenders.pendingFees + event.fee };
}

/** Debt that this transaction has added so far and not repaid. */
function newDebtIn({ newDebt }: Replica, { blockNumber, transactionIndex }: EventPlace): bigint {
  const isSame = newDebt.blockNumber === blockNumber && newDebt.transactionIndex === transactionIndex;
  return isSame ? newDebt.amount : 0n;
}

/** New debt uses up allowance (below zero), a repayment in the same transaction restores it. */
function moveAllowance(replica: Replica, delta: bigint, place: EventPlace): void {
  const newDebt = newDebtIn(replica, place);
  // Without new debt in its transaction a repayment leaves the allowance untouched, and the time of its last refill.
  if (delta >= 0n && newDebt === 0n) return;
  const { market } = replica;
  const ceiling = refilled(market.ceiling, market.params.dailyAllowance, place.timestamp);
  const allowance = ceiling.allowance + delta;
  if (allowance < 0n) throw new InconsistentEventsError("More was borrowed than the allowance");
  market.ceiling = { ...ceiling, allowance: min(allowance, MAX_UINT112) };
  const { blockNumber, transactionIndex } = place;
  replica.newDebt = { blockNumber, transactionIndex, amount: newDebt - delta };
}

/** Debt shares and collateral of a position, and with them those of the market, and its cash. */
export function movePosition(
  market: MarketState,
  account: Address,
  debtSharesDelta: bigint,
  collateralDelta: bigint,
  cashDelta: bigint,
): void {
  const held = positionOf(market, account);
  const position = {
    debtShares: held.debtShares + debtSharesDelta,
    collateral: held.collateral + collateralDelta,
  };
  const cash = market.books.cash + cashDelta;
  if (position.debtShares < 0n || position.collateral < 0n || cash < 0n) {
    throw new InconsistentEventsError(`${account} moved more than there was`);
  }
  if (position.debtShares === 0n && position.collateral === 0n) market.positions.delete(account);
  else market.positions.set(account, position);
  market.books = { cash, debtShares: market.books.debtShares + debtSharesDelta };
  market.totalCollateral += collateralDelta;
}
