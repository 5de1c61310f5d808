import { lognormal, NORMAL_95TH, withParetoTail, type Quantile } from "./distributions.ts";

export type BorrowerKind = "stablecoin borrower" | "looper" | "cautious borrower";

export interface KindFigures {
  readonly kind: BorrowerKind;
  /** Share of the accounts. */
  readonly share: number;
  /** Leverage that accounts of this kind take where nothing limits them. */
  readonly leverage: Quantile;
}

/**
 * A distribution of leverage above 1x: the excess over 1 is lognormal, since there is no leverage
 * below 1 and no symmetric upper bound.
 */
function leverageLike(median: number, at95th: number): Quantile {
  const excess = lognormal(median - 1, Math.log((at95th - 1) / (median - 1)) / NORMAL_95TH);
  return (p) => 1 + excess(p);
}

/**
 * Kinds of borrower, after the thousand largest of Aave v3 on Ethereum in December 2025.
 *
 * - Two thirds borrow stablecoins: median 2.15x, 95th percentile 7.9x.
 * - A fifth loops a staked token against its base: median 11x. Their 95th percentile is the 99th of
 *   the whole, 18.1x, since they are the fifth on top.
 * - The rest is not described there. So that the whole has its median of 2.41x, nine tenths of the
 *   rest must be below it: cautious people, with the middle of the range that BIS Working Paper
 *   1171 finds typical (1.4 to 1.9), and a 95th percentile that fits.
 */
export const KINDS: readonly KindFigures[] = [
  { kind: "stablecoin borrower", share: 2 / 3, leverage: leverageLike(2.15, 7.9) },
  { kind: "looper", share: 1 / 5, leverage: leverageLike(11, 18.1) },
  { kind: "cautious borrower", share: 2 / 15, leverage: leverageLike(1.65, 2.9) },
];

const DEVIATION_OF_LOG = 1.95;
const TAIL_ALPHA = 1.3;

/**
 * Share of the accounts below the Pareto tail. At this quantile the lognormal body falls off just
 * as steeply as the tail does (its density's slope on log scales is z/s plus the hazard's, which
 * makes 1.3 at z = 2.2), so the joint shows no kink.
 */
const TAIL_FROM = 0.985;

/** Sizes relative to the median account: lognormal, with few very large ones. */
export const relativeSize: Quantile = withParetoTail(lognormal(1, DEVIATION_OF_LOG), TAIL_FROM, TAIL_ALPHA);
