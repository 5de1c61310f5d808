import type { Moment } from "./replay.ts";

/** What a market allows. */
export interface MarketLimits {
  readonly maxLeverage: number;
  readonly liquidationLeverage: number;
  /** Share of what a liquidation repays. */
  readonly bonus: number;
}

/**
 * The market of the deployment, and a tighter one, whose margin for a late liquidation is 4%
 * instead of 13.7%.
 */
export const MARKETS: readonly MarketLimits[] = [
  { maxLeverage: 5, liquidationLeverage: 6.5, bonus: 0.02 },
  { maxLeverage: 10, liquidationLeverage: 20, bonus: 0.01 },
];

/** Positions are opened from here to the market's maximum. */
const MIN_LEVERAGE = 1.2;
const LEVERAGE_STEP = 0.1;

/** What a price costs lenders and borrowers. */
export interface Losses {
  readonly liquidated: number;
  /** Debt that was not covered, as a share of all debt. */
  readonly badDebt: number;
  /**
   * How far the truth had fallen below what a position is liquidated at: the mean over the
   * liquidated, and the most.
   */
  readonly meanDelay: number;
  readonly maxDelay: number;
  /** Liquidated though at the true price they never were due. */
  readonly wrongly: number;
}

/**
 * Opens positions of each leverage every hour at the true price, and liquidates each in full when
 * `price` says so, with the collateral sold at the truth. In full, and no one repays: worse than a
 * market does.
 */
export function countLosses(
  moments: readonly Moment[],
  market: MarketLimits,
  price: (moment: Moment) => number,
): Losses {
  const limit = 1 - 1 / market.liquidationLeverage;
  let [positions, debts, badDebt, liquidated, wrongly, sum, maxDelay] = [0, 0, 0, 0, 0, 0, 0];
  moments.forEach((start, begins) => {
    if (start.seconds % 3_600 !== 0) return;
    for (let leverage = MIN_LEVERAGE; leverage <= market.maxLeverage + 1e-9; leverage += LEVERAGE_STEP) {
      const debt = start.truth * (1 - 1 / leverage);
      ++positions;
      debts += debt;
      const later = moments.slice(begins);
      const end = later.findIndex((moment) => price(moment) * limit < debt);
      const found = later[end];
      if (found === undefined) continue;
      ++liquidated;
      const delay = Math.max(0, 1 - (found.truth * limit) / debt);
      sum += delay;
      maxDelay = Math.max(maxDelay, delay);
      badDebt += Math.max(0, debt - found.truth / (1 + market.bonus));
      if (!later.slice(0, end + 1).some((moment) => moment.truth * limit < debt)) ++wrongly;
    }
  });
  if (positions === 0) throw new RangeError("Nothing was opened: the path is shorter than a step.");
  return {
    liquidated,
    badDebt: badDebt / debts,
    meanDelay: liquidated === 0 ? 0 : sum / liquidated,
    maxDelay,
    wrongly,
  };
}
