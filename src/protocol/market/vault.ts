import { debtDown } from "../leverage-math.ts";
import type { MarketParameters } from "../parameters.ts";
import { min, saturatingSub } from "../rounding.ts";
import { assetsForDown, sharesForDown, type ShareTotals } from "../shares-math.ts";
import { MAX_UINT128, WAD } from "../units.ts";
import { indexAt } from "./interest.ts";
import { bufferShares, type Books, type Lenders, type MarketState } from "./state.ts";

/** Of a loan token unit, in `Lenders.feeFraction`. */
const FEE_FRACTIONS = 2n ** 16n;

/** Cash and debt at a borrow index, loan token units, rounded down. */
export function totalAssets(books: Books, index: bigint): bigint {
  return books.cash + debtDown(books.debtShares, index);
}

/**
 * Shares that the buffer is due for the fees of liquidations, and for the growth of total assets since the last time
 * beyond them; and what is left of a fee of less than a unit, which the next time adds.
 * @param held the buffer's shares. Once they are its target share of all, the fee on growth stops.
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

/** The totals of the vault as a lender's action at `now` would find it: interest accrued, fees paid. */
export function totalsAt(market: MarketState, now: bigint): ShareTotals {
  return totalsAtIndex(market, indexAt(market, now));
}

/** The same at a borrow index. */
export function totalsAtIndex(market: MarketState, index: bigint): ShareTotals {
  const total = totalAssets(market.books, index);
  const { shares } = dueShares(market.lenders, bufferShares(market), market.params, total);
  return { totalShares: market.lenders.totalShares + shares, totalAssets: total };
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
