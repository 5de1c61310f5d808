import { InvalidPopulationError } from "../errors.ts";
import { apportion, drawSpread } from "./distributions.ts";
import { KINDS, relativeSize, type BorrowerKind } from "./kinds.ts";
import { randomFrom, type Random } from "./random.ts";

export const DEFAULT_POSITIONS = 120;

/** Positions with almost no debt exist, but say nothing about leverage. */
const LOWEST_LEVERAGE = 1.05;

/**
 * Most of all debt that one borrower owes. Among a thousand accounts the largest owes about this
 * much; among a hundred it would be a quarter.
 */
const GREATEST_SHARE = 0.08;

/**
 * Share of the way from 1x to the maximum that every opening leaves free, for fees and slippage of
 * the trade that builds the position.
 */
const OPENING_MARGIN = 0.02;

/**
 * Those who want more than there is stay below the limit by up to this share of the way from 1x.
 */
const GREATEST_HEADROOM = 0.35;

/** Leverage in a market is a fixed point number with four decimals. */
const LEVERAGE_SCALE = 10_000;

export interface PopulationOptions {
  readonly seed: string | number;
  /** Number of borrowers, by default 120. */
  readonly count?: number;
  /** Most leverage at which the market lets a position open, as a multiple. */
  readonly maxLeverage: number;
  /** Debt of all borrowers together when all have opened, in dollars. */
  readonly totalDebtUsd: number;
  /** Least debt of one borrower, in dollars, by default none: the smallest are raised to it. */
  readonly minDebtUsd?: number;
}

export interface Borrower {
  /** `borrower-001`, in the order of arrival. */
  readonly id: string;
  readonly kind: BorrowerKind;
  /** Own money in the position, in dollars with two decimals. */
  readonly equityUsd: number;
  /** Leverage that the borrower opens at, with four decimals, below the market's maximum. */
  readonly leverage: number;
}

/** Debt of a borrower who opens as planned, in dollars. */
export function debtOf(borrower: Pick<Borrower, "equityUsd" | "leverage">): number {
  return borrower.equityUsd * (borrower.leverage - 1);
}

/**
 * A population of borrowers of the kinds that exist (see `KINDS`), with sizes of equity as uneven
 * as they are (see `relativeSize`): the same options give the same population.
 *
 * What is not as in reality: all borrowers share one pair of tokens and one maximum, so most
 * loopers, who reach 11x on pairs that move little, open near this market's limit (see
 * `cappedLeverage`); size and leverage are independent; and no chance decides how many large or
 * small there are (see `drawSpread`), nor does anyone owe more than 8% of the debt, so that a
 * hundred already look like the whole.
 * @throws InvalidPopulationError if the options contradict each other.
 */
export function generatePopulation(options: PopulationOptions): readonly Borrower[] {
  const { count = DEFAULT_POSITIONS, maxLeverage, totalDebtUsd, minDebtUsd = 0 } = options;
  check(count, maxLeverage, totalDebtUsd, minDebtUsd);
  const random = randomFrom(options.seed);
  const counts = apportion(
    count,
    KINDS.map(({ share }) => share),
  );
  const limits = random.fork("limits");
  const people = KINDS.flatMap(({ kind, leverage }, index) =>
    drawSpread(leverage, counts[index] ?? 0, random.fork(kind)).map((wanted) => ({
      kind,
      leverage: cappedLeverage(Math.max(wanted, LOWEST_LEVERAGE), maxLeverage, limits),
    })),
  );
  const sizes = drawSpread(relativeSize, count, random.fork("sizes"));
  const wanted = people.map(({ leverage }, index) => (sizes[index] ?? 0) * (leverage - 1));
  const debts = scaleToTotal(wanted, totalDebtUsd, minDebtUsd, greatestDebt(count, totalDebtUsd));
  const borrowers = people.map((person, index) => ({
    ...person,
    equityUsd: cents((debts[index] ?? 0) / (person.leverage - 1)),
  }));
  const digits = String(count).length;
  return random
    .fork("arrival")
    .shuffled(borrowers)
    .map((borrower, index) => ({ id: `borrower-${String(index + 1).padStart(digits, "0")}`, ...borrower }));
}

/** The most leverage at which the generator lets anyone open. */
function ceilingOf(maxLeverage: number): number {
  return 1 + (maxLeverage - 1) * (1 - OPENING_MARGIN);
}

/**
 * The leverage at which a borrower opens who would like `wanted`, in a market with a maximum:
 * `wanted` where that is allowed. Those who want more open at the ceiling less a headroom that they
 * choose each for themselves, from none to 35%. Put at the ceiling itself they would all be
 * liquidated by the same price, which is not how people are.
 * @returns leverage rounded down to four decimals.
 */
function cappedLeverage(wanted: number, maxLeverage: number, random: Random): number {
  const ceiling = ceilingOf(maxLeverage);
  const headroom = GREATEST_HEADROOM * random.next();
  const opened = wanted <= ceiling ? wanted : 1 + (ceiling - 1) * (1 - headroom);
  return Math.floor(opened * LEVERAGE_SCALE) / LEVERAGE_SCALE;
}

/**
 * Multiplies all values by one factor, and moves what is then outside `least` ... `most` to the
 * nearer bound, so that they sum up to `total`.
 * @param values positive, as many as there are.
 * @param total at least `values.length * least`, and less than `values.length * most`.
 */
export function scaleToTotal(values: readonly number[], total: number, least: number, most: number): number[] {
  const scaled = (value: number, factor: number): number => Math.min(most, Math.max(least, value * factor));
  const smallest = values.reduce((smaller, value) => Math.min(smaller, value), Infinity);
  // The sum grows with the factor: at 0 it is at most the total, and once all values have reached
  // the upper bound it is above it. The interval is halved down to the last bit of a double.
  let low = 0;
  let high = most / smallest;
  for (;;) {
    const middle = (low + high) / 2;
    if (!(low < middle && middle < high)) return values.map((value) => scaled(value, high));
    if (values.reduce((sum, value) => sum + scaled(value, middle), 0) < total) low = middle;
    else high = middle;
  }
}

/** Where there are few borrowers, each may owe up to twice the average. */
function greatestDebt(count: number, totalDebtUsd: number): number {
  return totalDebtUsd * Math.max(GREATEST_SHARE, 2 / count);
}

/** Rounded up, so that a debt raised to the minimum does not fall below it again. */
function cents(usd: number): number {
  return Math.ceil(usd * 100) / 100;
}

function check(count: number, maxLeverage: number, totalDebtUsd: number, minDebtUsd: number): void {
  if (!Number.isInteger(count) || count < 1) {
    throw refused(`the number of positions is ${count}`, "Give a whole number, 1 or more.");
  }
  if (!(ceilingOf(maxLeverage) > LOWEST_LEVERAGE) || maxLeverage === Infinity) {
    throw refused(`the maximum leverage is ${maxLeverage}`, `Give a number above ${LOWEST_LEVERAGE}, like 5.`);
  }
  if (!(totalDebtUsd > 0) || totalDebtUsd === Infinity) {
    throw refused(`the total debt is ${totalDebtUsd} dollars`, "Give a number above 0.");
  }
  if (!(minDebtUsd >= 0)) {
    throw refused(`the least debt of a position is ${minDebtUsd} dollars`, "Give 0 or more.");
  }
  if (count * minDebtUsd > totalDebtUsd) {
    throw refused(
      `${count} positions of at least ${minDebtUsd} dollars of debt make more than the ` + `total of ${totalDebtUsd}`,
      "Take fewer positions, or more debt.",
    );
  }
}

function refused(problem: string, advice: string): InvalidPopulationError {
  return new InvalidPopulationError(`No population can be made: ${problem}`, advice);
}
