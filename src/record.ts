/**
 * The record of one run, as plain data. A simulation writes it; the terminal tables and the HTML
 * page show it.
 *
 * Units, everywhere in this file: `…Usd` are amounts of the loan token in dollars (1 = one dollar).
 * Prices are dollars per collateral token. Ratios and rates are fractions (0.05 = 5%). Leverage is
 * a multiple (5 = 5x). `seconds` count from the start of the price path. An unbounded quantity
 * (leverage without equity, health factor without debt) is `Infinity`.
 */
export interface RunRecord {
  readonly run: RunInfo;
  readonly positions: PositionCounts;
  readonly moments: Moments;
  /** One entry per step, ascending in time; at least one. */
  readonly series: readonly StepFigures[];
  /** Every transaction that liquidated, in the order of the chain. */
  readonly liquidations: readonly LiquidationBatch[];
}

/** How the run was made, with everything that reproduces it. */
export interface RunInfo {
  /** Short name as typed on the command line: `march-2020`, or the name of a price file. */
  readonly scenario: string;
  /** Title to display: `12-13 March 2020`. */
  readonly title: string;
  /** Source of the prices, in a sentence. */
  readonly source: string;
  /** Unix seconds at which the price path starts. */
  readonly startsAt: number;
  readonly seed: string;
  /** Wall-clock seconds that the run took. */
  readonly durationSeconds: number;
  /** The command that repeats the run. */
  readonly command: string;
  readonly market: MarketInfo;
  /** Further settings in the order in which to show them: `Step` / `5 minutes`. */
  readonly settings: readonly Setting[];
}

export interface Setting {
  readonly name: string;
  readonly value: string;
}

export interface MarketInfo {
  readonly loanSymbol: string;
  readonly collateralSymbol: string;
  /** Maximum leverage at which a position can be opened. */
  readonly maxLeverage: number;
  /** Leverage above which anyone may liquidate a position. */
  readonly liquidationLeverage: number;
}

export interface PositionCounts {
  readonly opened: number;
  /** Positions that were liquidated at least once, partially or fully. */
  readonly liquidated: number;
}

/**
 * The market before the first step, right after the step with the lowest price, and after the last
 * step.
 */
export interface Moments {
  readonly before: MarketMoment;
  readonly atLow: MarketMoment;
  readonly after: MarketMoment;
}

export interface MarketMoment {
  readonly seconds: number;
  readonly price: number;
  readonly debtUsd: number;
  readonly collateralUsd: number;
  readonly systemLeverage: number;
  readonly lenderSharePrice: number;
  readonly bufferUsd: number;
  /** One entry per position with debt. */
  readonly health: readonly PositionHealth[];
}

export interface PositionHealth {
  /** Below 1 the position is liquidatable. */
  readonly healthFactor: number;
  readonly debtUsd: number;
}

export interface StepFigures {
  readonly seconds: number;
  readonly feedPrice: number;
  readonly poolPrice: number;
  readonly systemLeverage: number;
  readonly systemLeverageCap: number;
  /** Value of one whole share of the vault, dollars. */
  readonly lenderSharePrice: number;
  readonly bufferUsd: number;
  /** Bad debt from the start of the run up to and including this step. */
  readonly badDebtUsd: number;
  readonly utilization: number;
  /** Borrow rate of a year, without compounding. */
  readonly borrowRate: number;
}

/** One transaction that liquidated one or more positions. */
export interface LiquidationBatch {
  readonly seconds: number;
  readonly transactionHash: string;
  /** Number of positions that it liquidated, partially or fully. */
  readonly positions: number;
  readonly price: number;
  /** Debt that the payments repaid, without the fee to the buffer. */
  readonly repaidUsd: number;
  /** Fee that the liquidator paid to the solvency buffer in addition. */
  readonly feeUsd: number;
  /** Whole collateral tokens (1 = one token). */
  readonly seizedCollateral: number;
  readonly badDebtUsd: number;
  /** Profit of the liquidator after selling the collateral, before gas. */
  readonly profitUsd: number;
  readonly gasUsed: number;
}
