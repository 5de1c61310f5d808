/**
 * What the lab refuses, and what to do about it: of use to whoever chose the prices, the population or the market.
 * Each message is `${problem}. ${advice}`.
 */
export abstract class LabError extends Error {
  /** What is wrong, without a point at the end. */
  readonly problem: string;
  /** What to do about it, in whole sentences. */
  readonly advice: string;

  constructor(problem: string, advice: string) {
    super(`${problem}. ${advice}`);
    this.problem = problem;
    this.advice = advice;
  }
}

/** There is no built-in scenario of that name. */
export class UnknownScenarioError extends LabError {
  override readonly name = "UnknownScenarioError";
}

/** A length of step, or a number of steps, that can't divide a path. */
export class InvalidStepError extends LabError {
  override readonly name = "InvalidStepError";
}

/** A price file that can't be used: the problem begins with the file, and the line where there is one. */
export class PriceFileError extends LabError {
  override readonly name = "PriceFileError";
  readonly file: string;
  /** Counted from 1; undefined when the trouble is with the file as a whole. */
  readonly line: number | undefined;

  constructor(place: { readonly file: string; readonly line?: number }, problem: string, advice: string) {
    const where = place.line === undefined ? place.file : `${place.file}, line ${place.line}`;
    super(`${where}: ${problem}`, `${advice} The form is described in docs/price-files.md.`);
    this.file = place.file;
    this.line = place.line;
  }
}

/** Prices that the feed, the pool or the market's clock can't carry. */
export class UnusablePricesError extends LabError {
  override readonly name = "UnusablePricesError";
}

/** Settings from which no population can be made. */
export class InvalidPopulationError extends LabError {
  override readonly name = "InvalidPopulationError";
}

/** The borrowers do not fit into the market. */
export class BorrowersRefusedError extends LabError {
  override readonly name = "BorrowersRefusedError";
}
