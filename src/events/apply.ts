import { ZERO_ADDRESS, type Address } from "../protocol/address.ts";
import { RefusedError } from "../protocol/errors.ts";
import { debtUp } from "../protocol/leverage-math.ts";
import { aged, drawTime, restoreAllowance, useAllowance, withDebtCap } from "../protocol/market/debt-ceilings.ts";
import { bufferShares, positionOf, sharesOf, type DebtCeiling, type MarketState } from "../protocol/market/state.ts";
import { dueShares, storedTotal, totalAssets } from "../protocol/market/vault.ts";
import { InconsistentEventsError } from "./errors.ts";
import type { EventOf, EventPlace, MarketEvent } from "./events.ts";
import type { RebuiltMarket } from "./rebuilt-market.ts";

/**
 * Applies an event to the rebuilt market. The caller must apply every event of the market in the
 * order of the chain.
 * @throws InconsistentEventsError for events out of order, and for events that lead to an
 * impossible state, such as negative cash. The rebuilt market is unusable afterwards.
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
      creditFees(rebuilt, totalNow(market) + event.loss);
      storeTotalAssets(market);
      return;
    case "Deposit":
      applyLenderAction(rebuilt, event.assets);
      return;
    case "Withdraw":
      applyLenderAction(rebuilt, -event.assets);
      return;
    case "Transfer":
      applyTransfer(rebuilt, event);
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
    `Event ${next.logIndex} of block ${next.blockNumber} came after event ${last.logIndex} of block ${last.blockNumber}`,
  );
}

function applyOperator(rebuilt: RebuiltMarket, event: EventOf<"OperatorSet">): void {
  const approved = rebuilt.operators.get(event.account) ?? new Set();
  if (event.approved) approved.add(event.operator);
  else approved.delete(event.operator);
  rebuilt.operators.set(event.account, approved);
}

/**
 * Applies a change of a position by `adjust`: new debt uses up allowance, a repayment restores it.
 */
function applyAdjusted({ market }: RebuiltMarket, event: EventOf<"PositionAdjusted">, place: EventPlace): void {
  const { account, debtDelta, debtSharesDelta, collateralDelta } = event;
  const index = market.interest.borrowIndex;
  const was = positionOf(market, account);
  const debt = debtUp(was.debtShares, index);
  const agedDebt = aged(debt, was.drawnAt, place.timestamp);
  movePosition(market, account, debtSharesDelta, collateralDelta, -debtDelta);
  if (debtDelta === 0n) return;
  market.ceiling =
    debtDelta > 0n
      ? usedAllowance(market, debtDelta, place.timestamp)
      : restoreAllowance(market, -debtDelta, debt, agedDebt, place.timestamp);
  const held = positionOf(market, account);
  const drawnAt = drawTime(debtUp(held.debtShares, index), agedDebt, place.timestamp);
  if (held.debtShares !== 0n) market.positions.set(account, { ...held, drawnAt });
}

function usedAllowance(market: MarketState, newDebt: bigint, now: bigint): DebtCeiling {
  try {
    return useAllowance(market, newDebt, now);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    throw new InconsistentEventsError(`New debt exceeds the allowance: ${error.message}`);
  }
}

/** Applies a liquidation. Its fee stays pending until it becomes shares of the buffer. */
function applyLiquidated(market: MarketState, event: EventOf<"Liquidated">): void {
  movePosition(market, event.account, -event.debtShares, -event.collateral, event.payment);
  market.lenders = { ...market.lenders, pendingFees: market.lenders.pendingFees + event.fee };
}

/** Changes debt shares and collateral of a position and of the market, and the market's cash. */
function movePosition(
  market: MarketState,
  account: Address,
  debtSharesDelta: bigint,
  collateralDelta: bigint,
  cashDelta: bigint,
): void {
  const held = positionOf(market, account);
  const position = {
    ...held,
    debtShares: held.debtShares + debtSharesDelta,
    collateral: held.collateral + collateralDelta,
  };
  const cash = market.books.cash + cashDelta;
  if (position.debtShares < 0n || position.collateral < 0n || cash < 0n) {
    throw new InconsistentEventsError(
      `A change of the position of ${account} exceeds its debt, its collateral or the market's cash`,
    );
  }
  if (position.debtShares === 0n && position.collateral === 0n) market.positions.delete(account);
  else market.positions.set(account, position);
  market.books = { cash, debtShares: market.books.debtShares + debtSharesDelta };
  market.totalCollateral += collateralDelta;
}

/**
 * Applies a deposit, or a withdrawal if `assets` is negative. Separate events transfer the lender's
 * shares and the buffer's fee.
 */
function applyLenderAction(rebuilt: RebuiltMarket, assets: bigint): void {
  const { market } = rebuilt;
  creditFees(rebuilt, totalNow(market));
  const cash = market.books.cash + assets;
  if (cash < 0n) throw new InconsistentEventsError("A lender withdrew more cash than the market had");
  market.books = { ...market.books, cash };
  storeTotalAssets(market);
}

/** Applies a transfer of shares. Transfers from the zero address mint, transfers to it burn. */
function applyTransfer(rebuilt: RebuiltMarket, event: EventOf<"Transfer">): void {
  const { from, to, value } = event;
  const { market } = rebuilt;
  if (from === ZERO_ADDRESS && to === market.address) {
    rebuilt.uncredited = { lenders: market.lenders, bufferShares: bufferShares(market) };
  }
  let { totalShares } = market.lenders;
  if (from === ZERO_ADDRESS) totalShares += value;
  else setShares(market, from, sharesOf(market, from) - value);
  if (to === ZERO_ADDRESS) totalShares -= value;
  else setShares(market, to, sharesOf(market, to) + value);
  market.lenders = { ...market.lenders, totalShares };
}

/**
 * Credits due fees to the buffer if its shares were minted, and keeps the remaining fee below one
 * unit.
 * @param total total assets, loan token units, before the call.
 */
function creditFees(rebuilt: RebuiltMarket, total: bigint): void {
  const { market, uncredited } = rebuilt;
  if (uncredited === undefined) return;
  const { lenders } = uncredited;
  const { feeFraction } = dueShares(lenders, uncredited.bufferShares, market.params, total);
  market.lenders = { ...market.lenders, feeFraction };
  rebuilt.uncredited = undefined;
}

/** Stores the total assets: the next interest fee is charged on their growth. */
function storeTotalAssets(market: MarketState): void {
  market.lenders = { ...market.lenders, lastTotalAssets: storedTotal(totalNow(market)), pendingFees: 0n };
}

/**
 * Total assets at the last borrow index, loan token units. Every event that needs them follows an
 * accrual in the same block.
 */
function totalNow(market: MarketState): bigint {
  return totalAssets(market.books, market.interest.borrowIndex);
}

function setShares(market: MarketState, account: Address, shares: bigint): void {
  if (shares < 0n) throw new InconsistentEventsError(`${account} transferred more shares than it had`);
  if (shares === 0n) market.shares.delete(account);
  else market.shares.set(account, shares);
}

/** Applies a lowered limit or an applied raise, which then is no longer scheduled. */
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

/** Replaces the liquidation limit by a ramp. */
function applyRampStarted(market: MarketState, event: EventOf<"RampStarted">): void {
  const { from, to, start, end, fraction } = event;
  market.liquidationLimit = { from, to, start, end, fraction };
}
