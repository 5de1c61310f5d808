import { debtDown } from "../leverage-math.ts";
import type { MarketParameters } from "../parameters.ts";
import { min, saturatingSub } from "../rounding.ts";
import { assetsForDown, sharesForDown, type ShareTotals } from "../shares-math.ts";
import { MAX_UINT128, WAD } from "../units.ts";
import { indexAt } from "./interest.ts";
import { bufferShares, type Books, type Lenders, type MarketState } from "./state.ts";

/** Fractions per loan token unit in `Lenders.feeFraction`. */
const FEE_FRACTIONS = 2n ** 16n;

/** Cash and debt at a borrow index, loan token units, rounded down. */
export function totalAssets(books: Books, index: bigint): bigint {
  return books.cash + debtDown(books.debtShares, index);
}

/**
 * Shares due to the buffer: for liquidation fees, and for the growth of total assets beyond them
 * since the interest fee was last charged. Also returns the remaining fee below one unit, which the
 * next call adds. Shares are rounded down.
 * @param held the buffer's shares. Once they reach the target fraction of all shares, no fee is
 * charged on growth.
 * @param total total assets, loan token units, the fees of liquidations included.
 */
export function dueShares(
  lenders: Lenders,
  held: bigint,
  params: MarketParameters,
  total: bigint,
): { readonly shares: bigint; readonly feeFraction: bigint } {
  const { totalShares, lastTotalAssets, pendingFees } = lenders;
  const growth = saturatingSub(min(total, MAX_UINT128), lastTotalAssets + pendingFees);
  const isFull = held !== 0n && held * WAD >= totalShares * params.bufferTarget;
  const charged = growth === 0n || isFull ? 0n : (growth * params.interestFee * FEE_FRACTIONS) / WAD;
  const fractions = lenders.feeFraction + charged;
  const feeFraction = fractions % FEE_FRACTIONS;
  const fee = pendingFees + fractions / FEE_FRACTIONS;
  if (fee === 0n) return { shares: 0n, feeFraction };
  const shares = sharesForDown(fee, { totalShares, totalAssets: total - fee });
  return { shares: min(shares, MAX_UINT128 - totalShares), feeFraction };
}

/** The totals of the vault at `now` (Unix seconds), after accrued interest and due fees. */
export function totalsAt(market: MarketState, now: bigint): ShareTotals {
  return totalsAtIndex(market, indexAt(market, now));
}

/** The totals of the vault at a borrow index (WAD), after due fees. */
export function totalsAtIndex(market: MarketState, index: bigint): ShareTotals {
  const total = totalAssets(market.books, index);
  const { shares } = dueShares(market.lenders, bufferShares(market), market.params, total);
  return { totalShares: market.lenders.totalShares + shares, totalAssets: total };
}

/**
 * `convertToAssets` at `now` (Unix seconds): the value of share units in loan token units, rounded
 * down.
 */
export function convertToAssets(market: MarketState, shares: bigint, now: bigint): bigint {
  return assetsForDown(shares, totalsAt(market, now));
}

/**
 * `convertToShares` at `now` (Unix seconds): the share units worth `assets` loan token units,
 * rounded down.
 */
export function convertToShares(market: MarketState, assets: bigint, now: bigint): bigint {
  return sharesForDown(assets, totalsAt(market, now));
}

/**
 * Total assets as stored, in at most 128 bits: the next interest fee is charged on the growth above
 * it.
 */
export function storedTotal(total: bigint): bigint {
  return min(total, MAX_UINT128);
}
