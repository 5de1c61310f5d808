import { mulDivDown, mulDivUp } from "./rounding.ts";

/** Shares and assets that the conversions add, so that an empty market's share price can't be moved. */
export const VIRTUAL_SHARES = 1_000_000n;
const VIRTUAL_ASSETS = 1n;
/** Shares that a unit may be worth for others to come in: a million times those that it is worth at first. */
const MOST_SHARES_OF_A_UNIT = VIRTUAL_SHARES * 1_000_000n;

/** Whose quotient is the share price: share units and loan token units. */
export interface ShareTotals {
  readonly totalShares: bigint;
  readonly totalAssets: bigint;
}

export function sharesForDown(assets: bigint, totals: ShareTotals): bigint {
  return mulDivDown(assets, totals.totalShares + VIRTUAL_SHARES, totals.totalAssets + VIRTUAL_ASSETS);
}

export function sharesForUp(assets: bigint, totals: ShareTotals): bigint {
  return mulDivUp(assets, totals.totalShares + VIRTUAL_SHARES, totals.totalAssets + VIRTUAL_ASSETS);
}

export function assetsForDown(shares: bigint, totals: ShareTotals): bigint {
  return mulDivDown(shares, totals.totalAssets + VIRTUAL_ASSETS, totals.totalShares + VIRTUAL_SHARES);
}

export function assetsForUp(shares: bigint, totals: ShareTotals): bigint {
  return mulDivUp(shares, totals.totalAssets + VIRTUAL_ASSETS, totals.totalShares + VIRTUAL_SHARES);
}

/**
 * Whether all is lost, or all but a millionth: then nobody may come in. Dust that the last withdrawal has left closes
 * nothing.
 */
export function isClosed(totals: ShareTotals): boolean {
  return totals.totalShares > (totals.totalAssets + VIRTUAL_ASSETS) * MOST_SHARES_OF_A_UNIT;
}
