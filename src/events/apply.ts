import { ZERO_ADDRESS, type Address } from "../protocol/address.ts";
import { refilled, withDebtCap } from "../protocol/market/limits.ts";
import { positionOf, sharesOf, type MarketState } from "../protocol/market/state.ts";
import { storedTotal, totalAssets } from "../protocol/market/vault.ts";
import { min } from "../protocol/rounding.ts";
import { MAX_UINT112 } from "../protocol/units.ts";
import { InconsistentEventsError } from "./errors.ts";
import type { EventOf, EventPlace, MarketEvent } from "./events.ts";
import type { RebuiltMarket } from "./rebuilt-market.ts";

/**
 * Carries an event over to the rebuilt market. Every event of the market has to be fed, in the order of the chain.
 * @throws InconsistentEventsError for events out of order, and for what can't be true of any market. The rebuilt market is of no
 * use afterwards.
 */
export function applyEvent(rebuilt: RebuiltMarket, event: MarketEvent, place: EventPlace): void {
  checkOrder(rebuilt.lastPlace, place);
  rebuilt.lastPlace = place;
  const { market } = rebuilt;
  switch (event.name) {
    case "Accrued":
      market.interest = {
        borrowIndex: event.borrowIndex,
        rateAtTarget: event.rateAtTarget,
        lastAccrual: place.timestamp,
      };
      return;
    case "PositionAdjusted":
      applyAdjusted(rebuilt, event, place);
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
      applyOperator(rebuilt, event);
      return;
    case "LimitSet":
      applyLimitSet(rebuilt, event, place.timestamp);
      return;
    case "RaiseScheduled":
      rebuilt.raises.set(event.limit, { value: event.value, validFrom: event.validFrom });
      return;
    case "RaisesCleared":
      rebuilt.raises.clear();
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

function applyOperator(rebuilt: RebuiltMarket, event: EventOf<"OperatorSet">): void {
  const approved = rebuilt.operators.get(event.account) ?? new Set();
  if (event.approved) approved.add(event.operator);
  else approved.delete(event.operator);
  rebuilt.operators.set(event.account, approved);
}

/** A position has changed by a call of its own; new debt has used up allowance, which its repayment gives back. */
function applyAdjusted(rebuilt: RebuiltMarket, event: EventOf<"PositionAdjusted">, place: EventPlace): void {
  movePosition(rebuilt.market, event.account, event.debtSharesDelta, event.collateralDelta, -event.debtDelta);
  if (event.debtDelta > 0n) moveAllowance(rebuilt, -event.debtDelta, place);
  else moveAllowance(rebuilt, min(-event.debtDelta, newDebtIn(rebuilt, place)), place);
}

/** A position has been liquidated; the fee waits to be turned into shares of the buffer. */
function applyLiquidated(market: MarketState, event: EventOf<"Liquidated">): void {
  movePosition(market, event.account, -event.debtShares, -event.collateral, event.payment);
  market.lenders = { ...market.lenders, pendingFees: market.lenders.pendingFees + event.fee };
}

/** Debt that this transaction has added so far and not repaid. */
function newDebtIn({ newDebt }: RebuiltMarket, { blockNumber, transactionIndex }: EventPlace): bigint {
  const isSame = newDebt.blockNumber === blockNumber && newDebt.transactionIndex === transactionIndex;
  return isSame ? newDebt.amount : 0n;
}

/** New debt uses up allowance (below zero), a repayment in the same transaction restores it. */
function moveAllowance(rebuilt: RebuiltMarket, delta: bigint, place: EventPlace): void {
  const newDebt = newDebtIn(rebuilt, place);
  // Without new debt in its transaction a repayment leaves the allowance untouched, and the time of its last refill.
  if (delta >= 0n && newDebt === 0n) return;
  const { market } = rebuilt;
  const ceiling = refilled(market.ceiling, market.params.dailyAllowance, place.timestamp);
  const allowance = ceiling.allowance + delta;
  if (allowance < 0n) throw new InconsistentEventsError("More was borrowed than the allowance");
  market.ceiling = { ...ceiling, allowance: min(allowance, MAX_UINT112) };
  const { blockNumber, transactionIndex } = place;
  rebuilt.newDebt = { blockNumber, transactionIndex, amount: newDebt - delta };
}

/** Debt shares and collateral of a position, and with them those of the market, and its cash. */
function movePosition(
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

/** Cash came in with a lender (below zero: went out). Its shares, and the buffer's fee, have events of their own. */
function applyLenderAction(market: MarketState, assets: bigint): void {
  const cash = market.books.cash + assets;
  if (cash < 0n) throw new InconsistentEventsError("A lender took more cash than the market had");
  market.books = { ...market.books, cash };
  storeTotalAssets(market);
}

/** Shares moved; from and to the zero address they come into being and go. */
function applyTransfer(market: MarketState, event: EventOf<"Transfer">): void {
  const { from, to, value } = event;
  let { totalShares } = market.lenders;
  if (from === ZERO_ADDRESS) totalShares += value;
  else setShares(market, from, sharesOf(market, from) - value);
  if (to === ZERO_ADDRESS) totalShares -= value;
  else setShares(market, to, sharesOf(market, to) + value);
  market.lenders = { ...market.lenders, totalShares };
}

/** All fees have been turned into shares, and the total assets stored, of whose growth the next interest fee is taken. */
function storeTotalAssets(market: MarketState): void {
  const total = totalAssets(market.books, market.interest.borrowIndex);
  market.lenders = { ...market.lenders, lastTotalAssets: storedTotal(total), pendingFees: 0n };
}

function setShares(market: MarketState, account: Address, shares: bigint): void {
  if (shares < 0n) throw new InconsistentEventsError(`${account} transferred more shares than it had`);
  if (shares === 0n) market.shares.delete(account);
  else market.shares.set(account, shares);
}

/** A limit has been lowered, or a raise applied, which then is no longer scheduled. */
function applyLimitSet(rebuilt: RebuiltMarket, { limit, value }: EventOf<"LimitSet">, timestamp: bigint): void {
  const { market } = rebuilt;
  rebuilt.raises.delete(limit);
  switch (limit) {
    case "maxLeverage":
      market.maxLeverage = value;
      return;
    case "liquidationLeverage":
      market.liquidationLimit = value;
      return;
    case "systemLeverageCap":
      market.systemLeverageCap = value;
      return;
    case "debtCap":
      market.ceiling = withDebtCap(market.ceiling, value, market.params.dailyAllowance, timestamp);
      return;
    case "collateralCap":
      market.collateralCap = value;
      return;
    case "supplyCap":
      market.supplyCap = value;
      return;
  }
}

/** The liquidation limit moves on a line from now on. */
function applyRampStarted(market: MarketState, event: EventOf<"RampStarted">): void {
  market.liquidationLimit = { from: event.from, to: event.to, start: event.start, end: event.end };
}
