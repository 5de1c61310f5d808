import { refilled } from "../math/market/limits.ts";
import { positionOf, type Address, type MarketState } from "../math/market/state.ts";
import { storeTotalAssets } from "./apply-lenders.ts";
import { InconsistentEventsError } from "./errors.ts";
import type { EventPlace, MarketEvent } from "./events.ts";
import type { Replica } from "./replica.ts";

/** A position has changed by a call of its own; new debt has used up allowance. */
export function applyAdjusted(
  market: MarketState,
  event: Extract<MarketEvent, { name: "PositionAdjusted" }>,
  timestamp: bigint,
): void {
  move(market, event.account, event.debtSharesDelta, event.collateralDelta, -event.debtDelta);
  if (event.debtDelta <= 0n) return;
  const ceiling = refilled(market.ceiling, market.params.dailyAllowance, timestamp);
  const allowance = ceiling.allowance - event.debtDelta;
  if (allowance < 0n) throw new InconsistentEventsError(`${event.account} borrowed more than the allowance`);
  market.ceiling = { ...ceiling, allowance };
}

/**
 * A position has been liquidated. A batch that brings the buffer a fee, or books a loss, stores the total assets at its end. The
 * batch's events follow one another without any other log between them; the payment's transfer separates it from the next.
 */
export function applyLiquidated(
  replica: Replica,
  event: Extract<MarketEvent, { name: "Liquidated" }>,
  place: EventPlace,
): void {
  const { market, openBatch } = replica;
  move(market, event.account, -event.debtShares, -event.collateral, event.payment);
  const isSameBatch =
    openBatch?.lastPlace.blockNumber === place.blockNumber && openBatch.lastPlace.logIndex + 1 === place.logIndex;
  const hasFee = event.fee > 0n || (isSameBatch && openBatch.hasFee);
  replica.openBatch = { lastPlace: place, hasFee };
  if (hasFee) storeTotalAssets(market);
}

function move(
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
