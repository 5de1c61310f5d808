import { mulDivDown, mulDivUp } from "./rounding.ts";

/**
 * Virtual shares and assets, which the conversions add so that nobody can manipulate the share
 * price of an empty market.
 */
export const VIRTUAL_SHARES = 1_000_000n;
const VIRTUAL_ASSETS = 1n;
/**
 * Most share units that one loan token unit may be worth while deposits are open: a million times
 * the initial number.
 */
const MOST_SHARES_OF_A_UNIT = VIRTUAL_SHARES * 1_000_000n;

/** The two totals whose quotient is the share price: share units and loan token units. */
export interface ShareTotals {
  readonly totalShares: bigint;
  readonly totalAssets: bigint;
}

/** Share units worth `assets` (loan token units), rounded down. */
export function sharesForDown(assets: bigint, totals: ShareTotals): bigint {
  return mulDivDown(assets, totals.totalShares + VIRTUAL_SHARES, totals.totalAssets + VIRTUAL_ASSETS);
}

/** Share units worth `assets` (loan token units), rounded up. */
export function sharesForUp(assets: bigint, totals: ShareTotals): bigint {
  return mulDivUp(assets, totals.totalShares + VIRTUAL_SHARES, totals.totalAssets + VIRTUAL_ASSETS);
}

/** Loan token units that `shares` (share units) are worth, rounded down. */
export function assetsForDown(shares: bigint, totals: ShareTotals): bigint {
  return mulDivDown(shares, totals.totalAssets + VIRTUAL_ASSETS, totals.totalShares + VIRTUAL_SHARES);
}

/** Loan token units that `shares` (share units) are worth, rounded up. */
export function assetsForUp(shares: bigint, totals: ShareTotals): bigint {
  return mulDivUp(shares, totals.totalAssets + VIRTUAL_ASSETS, totals.totalShares + VIRTUAL_SHARES);
}

/**
 * Whether deposits are closed, because all assets or all but a millionth were lost. A small
 * remainder of the last withdrawal does not close deposits.
 */
export function isClosed(totals: ShareTotals): boolean {
  return totals.totalShares > (totals.totalAssets + VIRTUAL_ASSETS) * MOST_SHARES_OF_A_UNIT;
}
