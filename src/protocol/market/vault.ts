import { debtDown } from "../leverage-math.ts";
import { min, saturatingSub } from "../rounding.ts";
import { assetsForDown, sharesForDown, type ShareTotals } from "../shares-math.ts";
import { MAX_UINT128, WAD } from "../units.ts";
import { indexAt } from "./interest.ts";
import { bufferShares, type Books, type MarketState } from "./state.ts";

/** Cash and debt at a borrow index, loan token units, rounded down. */
export function totalAssets(books: Books, index: bigint): bigint {
  return books.cash + debtDown(books.debtShares, index);
}

/** Whether the buffer has reached its share of all shares, at which the fee on interest stops; no borrower changes it. */
function isBufferFull(market: MarketState): boolean {
  const held = bufferShares(market);
  return held !== 0n && held * WAD >= market.lenders.totalShares * market.params.bufferTarget;
}

/**
 * Shares that the buffer is due for the fees of liquidations, and for the growth of total assets since the last time
 * beyond them.
 * @param pendingFees of liquidations, contained in `total`.
 */
export function dueShares(market: MarketState, pendingFees: bigint, total: bigint): bigint {
  const { totalShares, lastTotalAssets } = market.lenders;
  const growth = saturatingSub(min(total, MAX_UINT128), lastTotalAssets + pendingFees);
  let fee = pendingFees;
  if (growth !== 0n && !isBufferFull(market)) {
    fee += (growth * market.params.interestFee) / WAD;
  }
  if (fee === 0n) return 0n;
  return min(sharesForDown(fee, { totalShares, totalAssets: total - fee }), MAX_UINT128 - totalShares);
}

/** The totals of the vault as a lender's action at `now` would find it: interest accrued, fees paid. */
export function totalsAt(market: MarketState, now: bigint): ShareTotals {
  return totalsAtIndex(market, indexAt(market, now));
}

/** The same at a borrow index. */
export function totalsAtIndex(market: MarketState, index: bigint): ShareTotals {
  const total = totalAssets(market.books, index);
  const { totalShares, pendingFees } = market.lenders;
  const due = dueShares(market, pendingFees, total);
  return { totalShares: totalShares + due, totalAssets: total };
}

/** What shares are worth at `now`, loan token units, rounded down: `convertToAssets`. */
export function convertToAssets(market: MarketState, shares: bigint, now: bigint): bigint {
  return assetsForDown(shares, totalsAt(market, now));
}

/** Shares that are worth `assets` at `now`, rounded down: `convertToShares`. */
export function convertToShares(market: MarketState, assets: bigint, now: bigint): bigint {
  return sharesForDown(assets, totalsAt(market, now));
}

/** What is stored as the total of which the next fee is taken. */
export function storedTotal(total: bigint): bigint {
  return min(total, MAX_UINT128);
}
