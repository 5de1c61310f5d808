import { debtOf, type Borrower } from "./generate.ts";
import { KINDS, type BorrowerKind } from "./kinds.ts";

const TOP = 10;

/**
 * What a population looks like as a whole. Leverage as a multiple, shares as fractions, money in
 * dollars.
 */
export interface PopulationSummary {
  readonly count: number;
  readonly counts: Readonly<Record<BorrowerKind, number>>;
  readonly totalEquityUsd: number;
  readonly totalDebtUsd: number;
  /** Leverage of all positions together: all collateral over all equity. */
  readonly weightedLeverage: number;
  readonly medianLeverage: number;
  readonly leverage90th: number;
  readonly leverage99th: number;
  /** Half of the debt is owed at this leverage or less. */
  readonly medianLeverageByDebt: number;
  /** Share of all debt that the ten largest debtors owe. */
  readonly topTenShare: number;
}

/** Summarises a population of at least one. */
export function summarizePopulation(borrowers: readonly Borrower[]): PopulationSummary {
  const totalEquityUsd = sumBy(borrowers, (borrower) => borrower.equityUsd);
  const totalDebtUsd = sumBy(borrowers, debtOf);
  const leverages = borrowers.map(({ leverage }) => leverage).sort((a, b) => a - b);
  const largest = borrowers
    .map(debtOf)
    .sort((a, b) => b - a)
    .slice(0, TOP);
  return {
    count: borrowers.length,
    counts: countKinds(borrowers),
    totalEquityUsd,
    totalDebtUsd,
    weightedLeverage: (totalEquityUsd + totalDebtUsd) / totalEquityUsd,
    medianLeverage: percentile(leverages, 0.5),
    leverage90th: percentile(leverages, 0.9),
    leverage99th: percentile(leverages, 0.99),
    medianLeverageByDebt: medianByDebt(borrowers, totalDebtUsd),
    topTenShare: sumBy(largest, (debt) => debt) / totalDebtUsd,
  };
}

/**
 * Value at a share of a sorted list, on the straight line between the two nearest ranks; NaN for an
 * empty list.
 * @param share 0 (the least) to 1 (the greatest).
 */
export function percentile(sorted: readonly number[], share: number): number {
  const rank = share * (sorted.length - 1);
  const below = sorted[Math.floor(rank)] ?? Number.NaN;
  const above = sorted[Math.ceil(rank)] ?? Number.NaN;
  return below + (above - below) * (rank - Math.floor(rank));
}

function medianByDebt(borrowers: readonly Borrower[], totalDebtUsd: number): number {
  const byLeverage = borrowers.toSorted((a, b) => a.leverage - b.leverage);
  let debt = 0;
  for (const borrower of byLeverage) {
    debt += debtOf(borrower);
    if (debt >= totalDebtUsd / 2) return borrower.leverage;
  }
  return Number.NaN;
}

function countKinds(borrowers: readonly Borrower[]): Record<BorrowerKind, number> {
  const counts = Object.fromEntries(KINDS.map(({ kind }) => [kind, 0])) as Record<BorrowerKind, number>;
  for (const { kind } of borrowers) counts[kind]++;
  return counts;
}

function sumBy<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
