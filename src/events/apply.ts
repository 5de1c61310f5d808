import { InconsistentEventsError } from "./errors.ts";
import type { EventPlace, MarketEvent } from "./events.ts";
import { applyLimitSet, applyRampStarted } from "./apply-limits.ts";
import { applyAdjusted, applyLiquidated, movePosition } from "./apply-positions.ts";
import { applyLenderAction, applyTransfer, storeTotalAssets } from "./apply-lenders.ts";
import type { Replica } from "./rebuilt-market.ts";

/**
 * Carries an event over to the replica. Every event of the market has to be fed, in the order of the chain.
 * @throws InconsistentEventsError for events out of order, and for what can't be true of any market. The replica is of no
 * use afterwards.
 */
export function applyEvent(replica: Replica, event: MarketEvent, place: EventPlace): void {
  checkOrder(replica.lastPlace, place);
  replica.lastPlace = place;
  const { market } = replica;
  switch (event.name) {
    case "Accrued":
      market.interest = {
        borrowIndex: event.borrowIndex,
        rateAtTarget: event.rateAtTarget,
        lastAccrual: place.timestamp,
      };
      return;
    case "PositionAdjusted":
      applyAdjusted(replica, event, place);
      return;
    case "CollateralSupplied":
      movePosition(market, event.account, 0n, event.amount, 0n);
      return;
    case "Liquidated":
      applyLiquidated(market, event);
      return;
    case "LossBooked":
      storeTotalAssets(market);
      return;
    case "Deposit":
      applyLenderAction(market, event.assets);
      return;
    case "Withdraw":
      applyLenderAction(market, -event.assets);
      return;
    case "Transfer":
      applyTransfer(market, event);
      return;
    case "OperatorSet":
      applyOperator(replica, event);
      return;
    case "LimitSet":
      applyLimitSet(replica, event, place.timestamp);
      return;
    case "RaiseScheduled":
      replica.raises.set(event.limit, { value: event.value, validFrom: event.validFrom });
      return;
    case "RaisesCleared":
      replica.raises.clear();
      return;
    case "RampStarted":
      applyRampStarted(market, event);
      return;
  }
}

function checkOrder(last: EventPlace, next: EventPlace): void {
  const isLater =
    next.blockNumber > last.blockNumber || (next.blockNumber === last.blockNumber && next.logIndex > last.logIndex);
  if (isLater && next.timestamp >= last.timestamp) return;
  throw new InconsistentEventsError(
    `The event ${next.logIndex} of block ${next.blockNumber} came after the event ${last.logIndex} of block ${last.blockNumber}`,
  );
}

function applyOperator(replica: Replica, event: Extract<MarketEvent, { name: "OperatorSet" }>): void {
  const approved = replica.operators.get(event.account) ?? new Set();
  if (event.approved) approved.add(event.operator);
  else approved.delete(event.operator);
  replica.operators.set(event.account, approved);
}
