/**
 * The record of one run, as plain data: a simulation fills it in, terminal tables and the HTML page show it.
 *
 * Units, everywhere in this file: `…Usd` are loan tokens as dollars (1 = one dollar), prices are dollars per collateral
 * token, shares and rates are fractions (0.05 = 5%), leverage is a multiple (5 = 5x), `seconds` count from the start of
 * the price path. A quantity without bound (leverage without equity, health without debt) is `Infinity`.
 */
export interface RunRecord {
  readonly run: RunInfo;
  readonly positions: PositionCounts;
  readonly moments: Moments;
  /** One entry a step, ascending in time, at least one. */
  readonly series: readonly StepFigures[];
  /** Every liquidating transaction, in the order of the chain. */
  readonly liquidations: readonly LiquidationBatch[];
}

/** How the run was made: all that is needed to make it again. */
export interface RunInfo {
  /** Short name, as one types it: `march-2020`, or the name of a price file. */
  readonly scenario: string;
  /** Title for people: `12-13 March 2020`. */
  readonly title: string;
  /** Where the prices come from, in a sentence. */
  readonly source: string;
  /** Unix seconds at which the price path starts. */
  readonly startsAt: number;
  readonly seed: string;
  /** Wall-clock seconds that the run took. */
  readonly durationSeconds: number;
  /** The command that makes the same run again. */
  readonly command: string;
  readonly market: MarketInfo;
  /** Further settings worth stating, in order: `Step` / `5 minutes`. */
  readonly settings: readonly Setting[];
}

export interface Setting {
  readonly name: string;
  readonly value: string;
}

export interface MarketInfo {
  readonly loanSymbol: string;
  readonly collateralSymbol: string;
  /** Most leverage at which a position may open. */
  readonly maxLeverage: number;
  /** Leverage above which anyone may liquidate. */
  readonly liquidationLeverage: number;
}

export interface PositionCounts {
  readonly opened: number;
  /** Distinct positions that were liquidated at least once, in part or whole. */
  readonly liquidated: number;
}

/** The market before the first step, right after the step with the lowest price, and after the last step. */
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
  /** One entry for each position that has debt. */
  readonly health: readonly PositionHealth[];
}

export interface PositionHealth {
  /** Below 1 the position may be liquidated. */
  readonly healthFactor: number;
  readonly debtUsd: number;
}

export interface StepFigures {
  readonly seconds: number;
  readonly feedPrice: number;
  readonly poolPrice: number;
  readonly systemLeverage: number;
  readonly systemLeverageCap: number;
  /** Dollars that one whole share of the vault is worth. */
  readonly lenderSharePrice: number;
  readonly bufferUsd: number;
  /** Booked from the start of the run up to and including this step. */
  readonly badDebtUsd: number;
  readonly utilization: number;
  /** A year, without compounding. */
  readonly borrowRate: number;
}

/** One transaction that liquidated one or more positions. */
export interface LiquidationBatch {
  readonly seconds: number;
  readonly transactionHash: string;
  /** Positions that it liquidated, in part or whole. */
  readonly positions: number;
  readonly price: number;
  /** Debt that the payments took off the books; the fee to the buffer is not part of it. */
  readonly repaidUsd: number;
  /** What the liquidator paid to the solvency buffer on top. */
  readonly feeUsd: number;
  /** Whole collateral tokens (1 = one token). */
  readonly seizedCollateral: number;
  readonly badDebtUsd: number;
  /** What the liquidator kept after selling the collateral, gas not counted. */
  readonly profitUsd: number;
  readonly gasUsed: number;
}
