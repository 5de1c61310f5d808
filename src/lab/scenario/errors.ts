/** The name of a scenario that is not built in. */
export class UnknownScenarioError extends Error {
  constructor(name: string, known: readonly string[]) {
    super(
      `There is no scenario ${JSON.stringify(name)}. Choose one of: ${known.join(", ")}; or give your own ` +
        "prices with --prices FILE.csv.",
    );
    this.name = "UnknownScenarioError";
  }
}

/** A length of step that can't divide a path. */
export class InvalidStepError extends Error {
  constructor(what: string, value: number) {
    super(`${what} is ${value}. Give a whole number, 1 or more.`);
    this.name = "InvalidStepError";
  }
}

/** A price file that can't be used: says which file, which line, what is wrong and what to do. */
export class PriceFileError extends Error {
  readonly file: string;
  /** Counted from 1; undefined when the trouble is with the file as a whole. */
  readonly line: number | undefined;

  constructor(file: string, line: number | undefined, problem: string, advice: string) {
    const place = line === undefined ? file : `${file}, line ${line}`;
    super(`${place}: ${problem}. ${advice} The form is described in docs/price-files.md.`);
    this.name = "PriceFileError";
    this.file = file;
    this.line = line;
  }
}
