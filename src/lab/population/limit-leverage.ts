import type { Random } from "./random.ts";

/**
 * Share of the way from 1x to the maximum that every opening leaves free, for fees and slippage of the trade that
 * builds the position.
 */
const OPENING_MARGIN = 0.02;

/** Those who want more than there is stay below the limit by up to this share of the way from 1x. */
const GREATEST_HEADROOM = 0.35;

/** Leverage in a market is a fixed point number with four decimals. */
const LEVERAGE_SCALE = 10_000;

/** The most leverage at which the generator lets anyone open. */
export function ceilingOf(maxLeverage: number): number {
  return 1 + (maxLeverage - 1) * (1 - OPENING_MARGIN);
}

/**
 * The leverage at which a borrower opens who would like `wanted`, in a market with a maximum: `wanted` where that is
 * allowed. Those who want more open at the ceiling less a headroom that they choose each for themselves, from none to
 * 35%. Put at the ceiling itself they would all be liquidated by the same price, which is not how people are.
 * @returns leverage rounded down to four decimals.
 */
export function limitLeverage(wanted: number, maxLeverage: number, random: Random): number {
  const ceiling = ceilingOf(maxLeverage);
  const headroom = GREATEST_HEADROOM * random.next();
  const opened = wanted <= ceiling ? wanted : 1 + (ceiling - 1) * (1 - headroom);
  return Math.floor(opened * LEVERAGE_SCALE) / LEVERAGE_SCALE;
}
