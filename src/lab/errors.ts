import { CantileverError } from "../errors.ts";

/** There is no built-in scenario of that name. */
export class UnknownScenarioError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "UNKNOWN_SCENARIO", problem, advice });
  }
}

/** A length of step, or a number of steps, that can't divide a path. */
export class InvalidStepError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "INVALID_STEP", problem, advice });
  }
}

/**
 * A price file that can't be used: the problem begins with the file, and the line where there is
 * one.
 */
export class PriceFileError extends CantileverError {
  readonly file: string;
  /** Counted from 1; undefined when the trouble is with the file as a whole. */
  readonly line: number | undefined;

  constructor(place: { readonly file: string; readonly line?: number }, problem: string, advice: string) {
    const where = place.line === undefined ? place.file : `${place.file}, line ${place.line}`;
    super({
      code: "PRICE_FILE",
      problem: `${where}: ${problem}`,
      advice: `${advice} The form is described in docs/price-files.md.`,
    });
    this.file = place.file;
    this.line = place.line;
  }
}

/** Prices that the feed, the pool or the market's clock can't carry. */
export class UnusablePricesError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "UNUSABLE_PRICES", problem, advice });
  }
}

/** Settings from which no population can be made. */
export class InvalidPopulationError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "INVALID_POPULATION", problem, advice });
  }
}

/** The borrowers do not fit into the market. */
export class BorrowersRefusedError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "BORROWERS_REFUSED", problem, advice });
  }
}
