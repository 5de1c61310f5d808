import { apportion, drawSpread } from "./distributions.ts";
import { InvalidPopulationError } from "./errors.ts";
import { KINDS, type BorrowerKind } from "./kinds.ts";
import { ceilingOf, limitLeverage } from "./limit-leverage.ts";
import { randomFrom } from "./random.ts";
import { scaleToTotal } from "./scale-to-total.ts";
import { relativeSize } from "./sizes.ts";

export const DEFAULT_POSITIONS = 120;

/** Positions with almost no debt exist, but say nothing about leverage. */
const LOWEST_LEVERAGE = 1.05;

/**
 * Most of all debt that one borrower owes. Among a thousand accounts the largest owes about this much; among a hundred
 * it would be a quarter.
 */
const GREATEST_SHARE = 0.08;

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
 * A population of borrowers of the kinds that exist (see `KINDS`), with sizes of equity as uneven as they are (see
 * `relativeSize`): the same options give the same population.
 *
 * What is not as in reality: all borrowers share one pair of tokens and one maximum, so most loopers, who reach 11x on
 * pairs that move little, open near this market's limit (see `limitLeverage`); size and leverage are independent; and
 * no chance decides how many large or small there are (see `drawSpread`), nor does anyone owe more than 8% of the debt,
 * so that a hundred already look like the whole.
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
      leverage: limitLeverage(Math.max(wanted, LOWEST_LEVERAGE), maxLeverage, limits),
    })),
  );
  const sizes = drawSpread(relativeSize, count, random.fork("sizes"));
  const wishes = people.map(({ leverage }, index) => (sizes[index] ?? 0) * (leverage - 1));
  const debts = scaleToTotal(wishes, totalDebtUsd, minDebtUsd, greatestDebt(count, totalDebtUsd));
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
    throw new InvalidPopulationError(`the number of positions is ${count}`, "Give a whole number, 1 or more.");
  }
  if (!(ceilingOf(maxLeverage) > LOWEST_LEVERAGE) || maxLeverage === Infinity) {
    throw new InvalidPopulationError(
      `the maximum leverage is ${maxLeverage}`,
      `Give a number above ${LOWEST_LEVERAGE}, like 5.`,
    );
  }
  if (!(totalDebtUsd > 0) || totalDebtUsd === Infinity) {
    throw new InvalidPopulationError(`the total debt is ${totalDebtUsd} dollars`, "Give a number above 0.");
  }
  if (!(minDebtUsd >= 0)) {
    throw new InvalidPopulationError(`the least debt of a position is ${minDebtUsd} dollars`, "Give 0 or more.");
  }
  if (count * minDebtUsd > totalDebtUsd) {
    const problem =
      `${count} positions of at least ${minDebtUsd} dollars of debt make more than the total of ` + `${totalDebtUsd}`;
    throw new InvalidPopulationError(problem, "Take fewer positions, or more debt.");
  }
}
