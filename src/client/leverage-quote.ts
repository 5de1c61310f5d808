import { ZERO_ADDRESS } from "../protocol/address.ts";
import { isWithin, valueDown } from "../protocol/leverage-math.ts";
import { debtOfAt } from "../protocol/market/interest.ts";
import { ceilDiv, max, min, saturatingSub } from "../protocol/rounding.ts";
import { ALL, ONE_X, WAD } from "../protocol/units.ts";
import { boundsOf, debtAtLeverage, greatest, type Bound, type Raise } from "./leverage-bounds.ts";
import { QuoteError } from "./errors.ts";
import { inWords, leverageInWords } from "./plan.ts";
import {
  holdingsAfter,
  paidFor,
  previewAdjust,
  settled,
  type PositionChange,
  type QuoteBasis,
  type QuoteOptions,
  type SettledOptions,
} from "./quote.ts";
import { amountsOf, marketPool, mostSold, quoteOf, swapIn, type MarketPool, type SwapQuote } from "./swap-quote.ts";

/**
 * The parts of a quote that `adjust` through the swapper takes: `actions.ts` makes the call of it.
 */
export interface Trade extends PositionChange {
  /** As `adjust` takes them, token units; `ALL` stands for all. */
  readonly collateralDelta: bigint;
  readonly debtDelta: bigint;
  readonly exactOutput: boolean;
  /** The pool's fee tier, hundredths of a basis point. */
  readonly poolFee: number;
  /**
   * Most that the account puts in itself, token units. It needs to have them, and to have approved
   * the market.
   */
  readonly maxOwnCollateral: bigint;
  readonly maxOwnLoan: bigint;
  /** Last block time at which it may be made, Unix seconds. */
  readonly deadline: bigint;
  readonly swap: SwapQuote;
  /** What goes back to the account, token units. */
  readonly returnedCollateral: bigint;
  readonly returnedLoan: bigint;
  /** Gas that such a call takes, the typical amount. */
  readonly gas: bigint;
}

/** A position that is opened, or moved to a higher leverage. */
export interface RaiseQuote extends Trade {
  readonly kind: "raise";
  /** What the account puts in itself at this price, collateral token units. */
  readonly ownCollateral: bigint;
  /** All that bounds the leverage, the tightest first. */
  readonly bounds: readonly Bound[];
}

/** A position that is moved to a lower leverage. */
export interface LowerQuote extends Trade {
  readonly kind: "lower";
  /** What the account puts in itself at this price, loan token units. */
  readonly ownLoan: bigint;
}

/** A position that is closed: nothing is left of it. */
export interface CloseQuote extends Trade {
  readonly kind: "close";
  /** The least that goes back to the account within the price limit, collateral token units. */
  readonly worstReturnedCollateral: bigint;
}

export interface RaiseOrder {
  /** Four decimals; at the market's open price, after what the swap costs. */
  readonly leverage: bigint;
  /** What the account puts in itself, collateral token units; nothing if left out. */
  readonly ownCollateral?: bigint | undefined;
  /**
   * The most that it puts in itself where the swap buys less than quoted. If left out:
   * `ownCollateral`, and, unless that is zero, the slippage of what is bought. The less it is, the
   * less collateral the position is promised, and the more of what is bought goes to the account
   * instead.
   */
  readonly maxOwnCollateral?: bigint | undefined;
}

/**
 * Opens a position, or moves one to a higher leverage: borrowed tokens buy collateral. The position
 * gets exactly the leverage, whatever the swap brings within the slippage: the account's own tokens
 * make up for the difference.
 * @throws QuoteError if the leverage is not above the present one, or can't be reached in this
 * pool.
 */
export function quoteRaise(basis: QuoteBasis, order: RaiseOrder, options: QuoteOptions = {}): RaiseQuote {
  const { now, slippage, deadline } = settled(basis, options);
  const pool = poolOf(basis);
  const price = openPriceOf(basis);
  const own = order.ownCollateral ?? 0n;
  const tolerance = (bought: bigint): bigint => ceilDiv(bought * slippage, WAD);
  const maxOwn = (bought: bigint): bigint => order.maxOwnCollateral ?? (own === 0n ? 0n : own + tolerance(bought));
  /** Collateral that the position is promised. */
  const promised = (bought: bigint): bigint =>
    min(own + bought, saturatingSub(maxOwn(bought) + bought, tolerance(bought)));
  const raise: Raise = {
    price,
    now,
    collateralFor: (debt) => {
      const bought = debt === 0n ? 0n : boughtFor(pool, debt);
      return bought === undefined ? undefined : promised(bought);
    },
  };
  const debt = debtAtLeverage(basis, raise, order.leverage);
  // What the search ends before is the leverage, or the end of the pool's liquidity.
  if (raise.collateralFor(debt + (debt >> 32n) + 1n) === undefined) throw tooThin(`reach ${inX(order.leverage)}`);
  if (debt === 0n) throw notHigher(basis, order.leverage);
  const swap = swapIn(pool, "loan", debt);
  const { bought } = amountsOf(swap);
  const collateral = promised(bought);
  return {
    kind: "raise",
    ...previewAdjust(basis, collateral, debt, now),
    collateralDelta: collateral,
    debtDelta: debt,
    exactOutput: false,
    poolFee: pool.pool.fee,
    maxOwnCollateral: maxOwn(bought),
    maxOwnLoan: 0n,
    deadline,
    swap: quoteOf(pool, "loan", swap, slippage, price),
    ownCollateral: saturatingSub(collateral, bought),
    returnedCollateral: saturatingSub(bought, collateral),
    returnedLoan: 0n,
    gas: gasOf(basis, swap.crossed),
    bounds: boundsOf(basis, raise),
  };
}

export interface LowerOrder {
  /** Four decimals; 1x repays all and keeps what collateral is left. */
  readonly leverage: bigint;
  /**
   * The most loan tokens that the account puts in itself where the swap brings less than quoted;
   * none if left out. The less it is, the less debt is repaid, and the more of what the swap brings
   * goes to the account instead.
   */
  readonly maxOwnLoan?: bigint | undefined;
}

/**
 * Moves a position to a lower leverage: sold collateral repays debt.
 * @throws QuoteError if the leverage is not below the present one, or can't be reached in this
 * pool.
 */
export function quoteLower(basis: QuoteBasis, order: LowerOrder, options: QuoteOptions = {}): LowerQuote {
  if (order.leverage <= ONE_X) return quoteUnlevered(basis, options);
  const { now, slippage, deadline } = settled(basis, options);
  const { model, reading } = basis;
  const { account, collateral } = reading.position;
  const pool = poolOf(basis);
  const price = anyPriceOf(basis);
  const tolerance = (bought: bigint): bigint => ceilDiv(bought * slippage, WAD);
  const maxOwn = order.maxOwnLoan ?? 0n;
  const repaidWith = (bought: bigint): bigint => min(bought, saturatingSub(maxOwn + bought, tolerance(bought)));
  const isReached = (sold: bigint): boolean => {
    const swap = sold === 0n ? undefined : swapIn(pool, "collateral", sold);
    if (swap !== undefined && swap.end !== "amount") return false;
    const repaid = swap === undefined ? 0n : repaidWith(amountsOf(swap).bought);
    const after = holdingsAfter(model, account, -sold, -repaid, now);
    return isWithin(after.debt, valueDown(after.collateral, price), order.leverage);
  };
  if (isReached(0n)) throw notLower(basis, order.leverage);
  // Selling lowers leverage as long as a unit brings more than the part of its value that is owed.
  const useful = greatest(collateral, (sold) => sold === 0n || stillLowers(pool, sold, price, order.leverage));
  if (!isReached(useful)) {
    if (debtOfAt(model, account, now) < valueDown(collateral, price))
      throw tooThin("bring the position to that leverage");
    throw new QuoteError(
      "The position has no equity: its debt is worth more than its collateral",
      "Repay a part with loan tokens of your own, or add collateral.",
    );
  }
  const sold = useful - greatest(useful, (kept) => isReached(useful - kept));
  const swap = swapIn(pool, "collateral", sold);
  const { bought } = amountsOf(swap);
  const repaid = repaidWith(bought);
  const change = previewAdjust(basis, -sold, -repaid, now);
  const paid = paidFor(model, account, repaid, now);
  return {
    kind: "lower",
    ...change,
    collateralDelta: -sold,
    debtDelta: -repaid,
    exactOutput: false,
    poolFee: pool.pool.fee,
    maxOwnCollateral: 0n,
    maxOwnLoan: maxOwn,
    deadline,
    swap: quoteOf(pool, "collateral", swap, slippage, reading.market.openPrice),
    ownLoan: saturatingSub(paid, bought),
    returnedCollateral: 0n,
    returnedLoan: saturatingSub(bought, paid),
    gas: gasOf(basis, swap.crossed),
  };
}

/** Moves a position to a leverage, up or down. */
export function quoteLeverage(
  basis: QuoteBasis,
  leverage: bigint,
  options: QuoteOptions = {},
): RaiseQuote | LowerQuote {
  const { now } = settled(basis, options);
  const { before } = previewAdjust(basis, 0n, 0n, now);
  if (before.collateral === 0n) {
    throw new QuoteError("The account has no position", "Open one: name the collateral to put in.");
  }
  // Without equity there is no leverage: it is above any.
  const isHigher = isWithin(before.debt, valueDown(before.collateral, anyPriceOf(basis)), leverage);
  return isHigher ? quoteRaise(basis, { leverage }, options) : quoteLower(basis, { leverage }, options);
}

/**
 * Closes a position: collateral is sold for just what the debt is when the call is made, the rest
 * goes to the account, and nothing is left, however late that is.
 * @throws QuoteError for a position without debt (which `quoteWithdraw` closes), and if its
 * collateral doesn't pay its debt.
 */
export function quoteClose(basis: QuoteBasis, options: QuoteOptions = {}): CloseQuote {
  const { now, slippage, deadline } = settled(basis, options);
  const { collateral } = basis.reading.position;
  const { pool, quote, crossed, worst } = payOff(basis, { now, slippage, deadline });
  return {
    kind: "close",
    ...previewAdjust(basis, ALL, ALL, now),
    collateralDelta: ALL,
    debtDelta: ALL,
    exactOutput: true,
    poolFee: pool.pool.fee,
    maxOwnCollateral: 0n,
    maxOwnLoan: 0n,
    deadline,
    swap: quote,
    returnedCollateral: collateral - quote.sold,
    worstReturnedCollateral: saturatingSub(collateral, max(worst, quote.sold)),
    returnedLoan: 0n,
    gas: gasOf(basis, crossed),
  };
}

/**
 * Repays all from as much collateral as that costs at the worst; what of it isn't sold goes to the
 * account.
 */
function quoteUnlevered(basis: QuoteBasis, options: QuoteOptions): LowerQuote {
  const { now, slippage, deadline } = settled(basis, options);
  const { pool, quote, crossed, worst } = payOff(basis, { now, slippage, deadline });
  const taken = min(basis.reading.position.collateral, worst);
  return {
    kind: "lower",
    ...previewAdjust(basis, -taken, ALL, now),
    collateralDelta: -taken,
    debtDelta: ALL,
    exactOutput: true,
    poolFee: pool.pool.fee,
    maxOwnCollateral: 0n,
    maxOwnLoan: 0n,
    deadline,
    swap: quote,
    ownLoan: 0n,
    returnedCollateral: taken - quote.sold,
    returnedLoan: 0n,
    gas: gasOf(basis, crossed),
  };
}

/** Interest of so many seconds at most is reckoned with beforehand. */
const LONGEST_WAIT = 86_400n;

/** The swap that pays the whole debt, with the interest until it is made. */
function payOff(basis: QuoteBasis, { now, slippage, deadline }: SettledOptions) {
  const { account, collateral } = basis.reading.position;
  const debt = debtOfAt(basis.model, account, now);
  if (debt === 0n) {
    throw new QuoteError("The position has no debt", "Withdraw its collateral instead: that needs no swap.");
  }
  const pool = poolOf(basis);
  const swap = swapIn(pool, "collateral", -debt);
  if (swap.end !== "amount") throw tooThin("pay the debt");
  const { sold } = amountsOf(swap);
  if (sold > collateral) {
    const { collateralToken } = basis.reading.market.market;
    throw new QuoteError(
      `The collateral sells for less than the debt: paying it takes ${inWords(sold, collateralToken)}, and the ` +
        `position has ${inWords(collateral, collateralToken)}`,
      "Repay a part with loan tokens of your own first, or wait for a better price.",
      true,
    );
  }
  // Interest makes the debt grow until the deadline: that is no worse price, and without any
  // slippage it is paid too.
  const lastDebt = debtOfAt(basis.model, account, min(max(deadline, now), now + LONGEST_WAIT));
  const lastSwap = swapIn(pool, "collateral", -lastDebt);
  const end = lastSwap.end === "amount" ? lastSwap : swap;
  const { openPrice } = basis.reading.market;
  const { sqrtPriceLimitX96 } = quoteOf(pool, "collateral", end, slippage, openPrice);
  const quote = { ...quoteOf(pool, "collateral", swap, slippage, openPrice), sqrtPriceLimitX96 };
  const worst = mostSold(pool, "collateral", lastDebt, sqrtPriceLimitX96);
  return { pool, quote, crossed: swap.crossed, worst };
}

function poolOf({ reading }: QuoteBasis): MarketPool {
  const { market } = reading.market;
  if (market.swapper === undefined || market.swapper === ZERO_ADDRESS || reading.pool === undefined) {
    throw new QuoteError(
      "The market has no pool to trade in",
      "Use the calls without a swap: add, withdraw, borrow, repay.",
    );
  }
  return marketPool(market, reading.pool);
}

function boughtFor(pool: MarketPool, debt: bigint): bigint | undefined {
  const swap = swapIn(pool, "loan", debt);
  return swap.end === "amount" ? amountsOf(swap).bought : undefined;
}

/**
 * Whether the last of the units sold brought more than what it takes with it of the debt that the
 * leverage allows.
 */
function stillLowers(pool: MarketPool, sold: bigint, price: bigint, leverage: bigint): boolean {
  const swap = swapIn(pool, "collateral", sold);
  if (swap.end !== "amount") return false;
  const { priceAfter } = quoteOf(pool, "collateral", swap, 0n, undefined);
  const afterFee = (priceAfter * (1_000_000n - BigInt(pool.pool.fee))) / 1_000_000n;
  return afterFee * leverage > price * (leverage - ONE_X);
}

function openPriceOf({ reading }: QuoteBasis): bigint {
  const { openPrice, guard } = reading.market;
  if (openPrice !== undefined) return openPrice;
  const why = guard === undefined ? "its oracle gives none" : `of its guard's sources: ${guard.status}`;
  throw new QuoteError(
    `The market has no price to open at now (${why})`,
    guard?.status === "disagree"
      ? "Wait until the pool and the feed agree, or bring the pool to the feed's price (align) and poke the guard."
      : "Wait until the oracle gives a price.",
    true,
  );
}

function anyPriceOf({ reading }: QuoteBasis): bigint {
  const price = reading.market.openPrice ?? reading.market.liquidationPrice;
  if (price === undefined)
    throw new QuoteError("The market has no price now", "Wait for one, or close: that needs none.", true);
  return price;
}

function notHigher({ reading }: QuoteBasis, leverage: bigint): QuoteError {
  return new QuoteError(
    `The leverage ${inX(leverage)} can't be reached from ${inX(reading.position.leverage)} by borrowing`,
    "Name a leverage above that of the position and what is added, and own collateral for a position that has none.",
  );
}

function notLower({ reading }: QuoteBasis, leverage: bigint): QuoteError {
  return new QuoteError(
    `The leverage ${inX(leverage)} is not below that of the position, ${inX(reading.position.leverage)}`,
    "Name a lower one.",
  );
}

function tooThin(what: string): QuoteError {
  return new QuoteError(
    `The pool has too little liquidity to ${what}`,
    "Trade less, repay with loan tokens of your own, or wait for liquidity.",
    true,
  );
}

function inX(leverage: bigint | undefined): string {
  return leverage === undefined ? "without equity" : leverageInWords(leverage);
}

/**
 * Gas of a trade through a Uniswap v3 pool with plain tokens, of each initialized tick that it
 * passes, and of a guard.
 */
const GAS = { trade: 210_000n, tick: 25_000n, guard: 75_000n } as const;

function gasOf({ reading }: QuoteBasis, crossed: number): bigint {
  return GAS.trade + GAS.tick * BigInt(crossed) + (reading.market.guard === undefined ? 0n : GAS.guard);
}
