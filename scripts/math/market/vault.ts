import { debtDown } from "../leverage-math.ts";
import { min, mulDivDown, mulDivUp, saturatingSub } from "../rounding.ts";
import { MAX_UINT128, WAD } from "../units.ts";
import { indexAt } from "./interest.ts";
import { bufferShares, type Books, type MarketState } from "./state.ts";

/** Shares and assets that the conversions add, so that an empty market's share price can't be moved. */
const VIRTUAL_SHARES = 1_000_000n;
const DUST = VIRTUAL_SHARES * 1_000_000n;
const VIRTUAL_ASSETS = 1n;

/** Whose quotient is the share price: share units and loan token units. */
export interface Pool {
  readonly totalShares: bigint;
  readonly totalAssets: bigint;
}

export function sharesForDown(assets: bigint, pool: Pool): bigint {
  return mulDivDown(assets, pool.totalShares + VIRTUAL_SHARES, pool.totalAssets + VIRTUAL_ASSETS);
}

export function sharesForUp(assets: bigint, pool: Pool): bigint {
  return mulDivUp(assets, pool.totalShares + VIRTUAL_SHARES, pool.totalAssets + VIRTUAL_ASSETS);
}

export function assetsForDown(shares: bigint, pool: Pool): bigint {
  return mulDivDown(shares, pool.totalAssets + VIRTUAL_ASSETS, pool.totalShares + VIRTUAL_SHARES);
}

export function assetsForUp(shares: bigint, pool: Pool): bigint {
  return mulDivUp(shares, pool.totalAssets + VIRTUAL_ASSETS, pool.totalShares + VIRTUAL_SHARES);
}

/** Cash and debt at a borrow index, loan token units, rounded down. */
export function totalAssets(books: Books, index: bigint): bigint {
  return books.cash + debtDown(books.debtShares, index);
}

/** Whether the buffer has reached its share of all shares, which neither a borrower nor a liquidation changes. */
export function isBufferFull(market: MarketState): boolean {
  const held = bufferShares(market);
  return held !== 0n && held * WAD >= market.lenders.totalShares * market.params.bufferTarget;
}

/**
 * Shares that the buffer is due for the fees of liquidations, and for the growth of total assets since the last time
 * beyond them.
 * @param pendingFees of liquidations, contained in `total`.
 */
export function feeShares(market: MarketState, pendingFees: bigint, total: bigint): bigint {
  const { totalShares, lastTotalAssets } = market.lenders;
  const growth = saturatingSub(min(total, MAX_UINT128), lastTotalAssets + pendingFees);
  let fee = pendingFees;
  if (growth !== 0n && !isBufferFull(market)) {
    fee += (growth * market.params.interestFee) / WAD;
  }
  if (fee === 0n) return 0n;
  return min(sharesForDown(fee, { totalShares, totalAssets: total - fee }), MAX_UINT128 - totalShares);
}

/** The pool as a lender's action at `now` would find it: interest accrued, fees paid. */
export function poolAt(market: MarketState, now: bigint): Pool {
  return poolAtIndex(market, indexAt(market, now));
}

/** The same at a borrow index. */
export function poolAtIndex(market: MarketState, index: bigint): Pool {
  const total = totalAssets(market.books, index);
  const { totalShares, pendingFees } = market.lenders;
  const due = feeShares(market, pendingFees, total);
  return { totalShares: totalShares + due, totalAssets: total };
}

/** What shares are worth at `now`, loan token units, rounded down: `convertToAssets`. */
export function convertToAssets(market: MarketState, shares: bigint, now: bigint): bigint {
  return assetsForDown(shares, poolAt(market, now));
}

/** Shares that are worth `assets` at `now`, rounded down: `convertToShares`. */
export function convertToShares(market: MarketState, assets: bigint, now: bigint): bigint {
  return sharesForDown(assets, poolAt(market, now));
}

/** After a total loss nobody may come in. Dust that the last withdrawal has left closes nothing. */
export function isClosed(pool: Pool): boolean {
  return pool.totalAssets === 0n && pool.totalShares > DUST;
}

/** What is stored as the total of which the next fee is taken. */
export function storedTotal(total: bigint): bigint {
  return min(total, MAX_UINT128);
}
