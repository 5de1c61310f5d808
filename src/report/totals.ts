import type { RunRecord, LiquidationBatch } from "../record.ts";

/** Sums over all liquidating transactions of a run. */
export interface Totals {
  readonly batches: number;
  /** Liquidations of single positions; a position may be liquidated more than once. */
  readonly liquidations: number;
  readonly repaidUsd: number;
  /** Fees to the solvency buffer, in addition to the repaid debt. */
  readonly feeUsd: number;
  readonly badDebtUsd: number;
  readonly profitUsd: number;
  /** Gas of all transactions divided by their liquidations; NaN without liquidations. */
  readonly gasPerLiquidation: number;
}

/** Sums up liquidating transactions. */
export function totalsOf(batches: readonly LiquidationBatch[]): Totals {
  const sum = (value: (batch: LiquidationBatch) => number): number =>
    batches.reduce((total, batch) => total + value(batch), 0);
  const liquidations = sum((batch) => batch.positions);
  return {
    batches: batches.length,
    liquidations,
    repaidUsd: sum((batch) => batch.repaidUsd),
    feeUsd: sum((batch) => batch.feeUsd),
    badDebtUsd: sum((batch) => batch.badDebtUsd),
    profitUsd: sum((batch) => batch.profitUsd),
    gasPerLiquidation: sum((batch) => batch.gasUsed) / liquidations,
  };
}

/** Relative fall of the price from the start to the low; 0 if it never fell. */
export function fallOf({ moments }: RunRecord): number {
  return Math.max(0, 1 - moments.atLow.price / moments.before.price);
}

/** Relative change of the lenders' share price over the run. */
export function lendersGain({ moments }: RunRecord): number {
  return moments.after.lenderSharePrice / moments.before.lenderSharePrice - 1;
}
