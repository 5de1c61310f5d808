import type { Provider } from "ethers";

import type { Address } from "../protocol/address.ts";
import { RefusedError } from "../protocol/errors.ts";
import { debtUp, sharesDown, sharesUp } from "../protocol/leverage-math.ts";
import { adjust } from "../protocol/market/adjust.ts";
import { borrowRateAt, debtOfAt, indexAt } from "../protocol/market/interest.ts";
import { deposit, redeem } from "../protocol/market/lend.ts";
import { liquidationLeverageAt, type OraclePrices } from "../protocol/market/limits.ts";
import { positionOf, sharesOf, type MarketState } from "../protocol/market/state.ts";
import { convertToAssets } from "../protocol/market/vault.ts";
import { positionFigures, type Holdings, type PositionFigures } from "../protocol/position-figures.ts";
import { max } from "../protocol/rounding.ts";
import { ALL, WAD, YEAR } from "../protocol/units.ts";
import { readAccount, type AccountReading } from "./account-reading.ts";
import { QuoteError } from "./errors.ts";
import { copyOf, readModel } from "./market-model.ts";
import type { Market } from "./markets.ts";
import type { StateSource } from "./state-reader.ts";

/** What quotes are computed from, without asking the chain again. */
export interface QuoteBasis {
  readonly reading: AccountReading;
  readonly model: MarketState;
}

/**
 * Reads what quotes for an account are computed from, of one block. @param block the latest if left
 * out.
 */
export async function readBasis(
  source: StateSource & Pick<Provider, "getStorage">,
  market: Market,
  account: Address,
  block?: number,
): Promise<QuoteBasis> {
  const reading = await readAccount(source, market, account, block);
  return { reading, model: await readModel(source, reading) };
}

/** How to quote. */
export interface QuoteOptions {
  /**
   * Time of the block that the transaction is to be in, Unix seconds; that of the reading's block
   * if left out.
   */
  readonly now?: bigint | undefined;
  /** How much worse than quoted a swap may come out, WAD; half a percent if left out. */
  readonly slippage?: bigint | undefined;
  /**
   * Last block time at which a swap may be made, Unix seconds; twenty minutes after `now` if left
   * out.
   */
  readonly deadline?: bigint | undefined;
}

/** Half a percent. */
export const DEFAULT_SLIPPAGE = WAD / 200n;
const DEFAULT_PATIENCE = 1_200n;

/** Options of which none is left out. */
export interface SettledOptions {
  readonly now: bigint;
  readonly slippage: bigint;
  readonly deadline: bigint;
}

/** The options with what is left out filled in. */
export function settled({ reading }: QuoteBasis, options: QuoteOptions): SettledOptions {
  const now = max(options.now ?? 0n, reading.block.timestamp);
  return { now, slippage: options.slippage ?? DEFAULT_SLIPPAGE, deadline: options.deadline ?? now + DEFAULT_PATIENCE };
}

/** What a call does to a position. */
export interface PositionChange {
  /** Block time for which this is exact, Unix seconds. */
  readonly now: bigint;
  readonly before: PositionFigures;
  readonly after: PositionFigures;
  /** Interest that borrowers pay after it, per year, WAD. */
  readonly borrowRatePerYear: bigint;
  /** Why the market would refuse it; undefined if it wouldn't. */
  readonly refusal: RefusedError | undefined;
}

/**
 * What `adjust` does to the account's position, to the wei. What the market would refuse is
 * computed all the same.
 * @param collateralDelta as `adjust` takes it, token units.
 * @param debtDelta as `adjust` takes it, token units.
 */
export function previewAdjust(
  { reading, model }: QuoteBasis,
  collateralDelta: bigint,
  debtDelta: bigint,
  now: bigint,
): PositionChange {
  const { account } = reading.position;
  const held = { debt: debtOfAt(model, account, now), collateral: positionOf(model, account).collateral };
  const changed = copyOf(model);
  let refusal: RefusedError | undefined;
  try {
    adjust(changed, account, collateralDelta, debtDelta, () => pricesOf(reading), now);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    refusal = error;
  }
  const after =
    refusal === undefined
      ? { debt: debtOfAt(changed, account, now), collateral: positionOf(changed, account).collateral }
      : holdingsAfter(model, account, collateralDelta, debtDelta, now);
  return {
    now,
    before: figuresOf(reading, model, held, now),
    after: figuresOf(reading, changed, after, now),
    borrowRatePerYear: borrowRateAt(changed, now) * YEAR,
    refusal,
  };
}

/** What a lender's call does to its shares. Amounts in loan token units and share units. */
export interface LendQuote {
  readonly now: bigint;
  /** What goes in or out. */
  readonly assets: bigint;
  /** What is minted or burned for it. */
  readonly shares: bigint;
  /** Shares, and what they are worth. */
  readonly before: { readonly shares: bigint; readonly assets: bigint };
  readonly after: { readonly shares: bigint; readonly assets: bigint };
  readonly refusal: RefusedError | undefined;
}

/**
 * What a deposit of the account brings, to the wei. @param assets loan token units. @throws
 * QuoteError for none
 */
export function quoteLend(basis: QuoteBasis, assets: bigint, options: QuoteOptions = {}): LendQuote {
  checkAmount(assets);
  return lending(basis, options, (model, account, now) => deposit(model, assets, account, now));
}

/**
 * What redeeming brings, to the wei.
 * @param shares share units; `all` for those that the account has.
 * @throws QuoteError for none
 */
export function quoteRedeem(basis: QuoteBasis, shares: bigint | "all", options: QuoteOptions = {}): LendQuote {
  const amount = shares === "all" ? basis.reading.wallet.shares.balance : shares;
  checkAmount(amount);
  return lending(basis, options, (model, account, now) => redeem(model, amount, account, now));
}

function lending(
  basis: QuoteBasis,
  options: QuoteOptions,
  call: (model: MarketState, account: Address, now: bigint) => { readonly assets: bigint; readonly shares: bigint },
): LendQuote {
  const { now } = settled(basis, options);
  const { account } = basis.reading.position;
  const held = (model: MarketState): LendQuote["before"] => {
    const shares = sharesOf(model, account);
    return { shares, assets: convertToAssets(model, shares, now) };
  };
  const changed = copyOf(basis.model);
  const before = held(changed);
  try {
    const { assets, shares } = call(changed, account, now);
    return { now, assets, shares, before, after: held(changed), refusal: undefined };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { now, assets: 0n, shares: 0n, before, after: before, refusal: error };
  }
}

/**
 * A change of a position without a swap. Amounts above zero: tokens that move between the account
 * and the market.
 */
export interface ChangeQuote extends PositionChange {
  readonly kind: "add" | "withdraw" | "borrow" | "repay";
  /**
   * Token units that move: of collateral for `add` and `withdraw`, of the loan token for the
   * others.
   */
  readonly amount: bigint;
}

/** Adds collateral. @param amount collateral token units. */
export function quoteAdd(basis: QuoteBasis, amount: bigint, options: QuoteOptions = {}): ChangeQuote {
  checkAmount(amount);
  return { ...previewAdjust(basis, amount, 0n, settled(basis, options).now), kind: "add", amount };
}

/**
 * Withdraws collateral. @param amount collateral token units, or `all`. @throws QuoteError where
 * there is none.
 */
export function quoteWithdraw(basis: QuoteBasis, amount: bigint | "all", options: QuoteOptions = {}): ChangeQuote {
  if (amount !== "all") checkAmount(amount);
  const change = previewAdjust(basis, amount === "all" ? ALL : -amount, 0n, settled(basis, options).now);
  if (change.before.collateral === 0n) {
    throw new QuoteError("The position has no collateral", "There is nothing to withdraw.");
  }
  const moved = amount === "all" ? basis.reading.position.collateral : amount;
  return { ...change, kind: "withdraw", amount: moved };
}

/** Borrows. @param amount loan token units. */
export function quoteBorrow(basis: QuoteBasis, amount: bigint, options: QuoteOptions = {}): ChangeQuote {
  checkAmount(amount);
  return { ...previewAdjust(basis, 0n, amount, settled(basis, options).now), kind: "borrow", amount };
}

/**
 * Repays. What it costs is at most what is asked, and less where that is more than the debt.
 * @param amount loan token units, or `all`.
 * @throws QuoteError where there is no debt.
 */
export function quoteRepay(basis: QuoteBasis, amount: bigint | "all", options: QuoteOptions = {}): ChangeQuote {
  if (amount !== "all") checkAmount(amount);
  const { now } = settled(basis, options);
  const { model, reading } = basis;
  const change = previewAdjust(basis, 0n, amount === "all" ? ALL : -amount, now);
  if (change.before.debt === 0n) throw new QuoteError("The position has no debt", "There is nothing to repay.");
  return { ...change, kind: "repay", amount: paidFor(model, reading.position.account, amount, now) };
}

/** What a repayment takes: what the shares that it burns are worth, rounded up. */
export function paidFor(model: MarketState, account: Address, amount: bigint | "all", now: bigint): bigint {
  const index = indexAt(model, now);
  const { debtShares } = positionOf(model, account);
  const debt = debtUp(debtShares, index);
  return debtUp(amount === "all" || amount >= debt ? debtShares : sharesDown(amount, index), index);
}

/** The prices that the market's oracle gives, where zero stands for none. */
function pricesOf({ market }: AccountReading): OraclePrices {
  return { open: market.openPrice ?? 0n, liquidation: market.liquidationPrice ?? 0n };
}

/** Figures at a time, with the prices of the reading. */
function figuresOf(reading: AccountReading, model: MarketState, held: Holdings, now: bigint): PositionFigures {
  return positionFigures(held, {
    openPrice: reading.market.openPrice,
    liquidationPrice: reading.market.liquidationPrice,
    liquidationLeverage: liquidationLeverageAt(model.liquidationLimit, now),
    borrowRatePerYear: borrowRateAt(model, now) * YEAR,
  });
}

/** Debt and collateral after an adjustment that no limit stops; nothing falls below zero. */
export function holdingsAfter(
  model: MarketState,
  account: Address,
  collateralDelta: bigint,
  debtDelta: bigint,
  now: bigint,
): Holdings {
  const index = indexAt(model, now);
  const { debtShares, collateral } = positionOf(model, account);
  const debt = debtUp(debtShares, index);
  const burned = -debtDelta >= debt ? debtShares : sharesDown(max(-debtDelta, 0n), index);
  const shares = debtDelta > 0n ? debtShares + sharesUp(debtDelta, index) : debtShares - burned;
  return { debt: debtUp(shares, index), collateral: collateral + max(collateralDelta, -collateral) };
}

function checkAmount(amount: bigint): void {
  if (amount <= 0n) throw new QuoteError(`The amount is ${amount}`, "Name an amount above zero.");
}
