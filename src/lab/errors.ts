import { CantileverError } from "../errors.ts";

/** The lab can't do what was asked: whoever chose the prices, the population or the market can change it. */
export abstract class LabError extends CantileverError {
  constructor(problem: string, advice: string, code: string) {
    super({ code, problem, advice });
  }
}

/** There is no built-in scenario of that name. */
export class UnknownScenarioError extends LabError {
  constructor(problem: string, advice: string) {
    super(problem, advice, "UNKNOWN_SCENARIO");
  }
}

/** A length of step, or a number of steps, that can't divide a path. */
export class InvalidStepError extends LabError {
  constructor(problem: string, advice: string) {
    super(problem, advice, "INVALID_STEP");
  }
}

/**
 * A price file that can't be used: the problem begins with the file, and the line where there is
 * one.
 */
export class PriceFileError extends LabError {
  readonly file: string;
  /** Counted from 1; undefined when the trouble is with the file as a whole. */
  readonly line: number | undefined;

  constructor(place: { readonly file: string; readonly line?: number }, problem: string, advice: string) {
    const where = place.line === undefined ? place.file : `${place.file}, line ${place.line}`;
    super(`${where}: ${problem}`, `${advice} The form is described in docs/price-files.md.`, "PRICE_FILE");
    this.file = place.file;
    this.line = place.line;
  }
}

/** Prices that the feed, the pool or the market's clock can't carry. */
export class UnusablePricesError extends LabError {
  constructor(problem: string, advice: string) {
    super(problem, advice, "UNUSABLE_PRICES");
  }
}

/** Settings from which no population can be made. */
export class InvalidPopulationError extends LabError {
  constructor(problem: string, advice: string) {
    super(problem, advice, "INVALID_POPULATION");
  }
}

/** The borrowers do not fit into the market. */
export class BorrowersRefusedError extends LabError {
  constructor(problem: string, advice: string) {
    super(problem, advice, "BORROWERS_REFUSED");
  }
}
