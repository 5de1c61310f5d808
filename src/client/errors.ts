/** A contract refused a call, with an error of its own. */
export class ContractRevertedError extends Error {
  /** Name of the contract's error. */
  readonly errorName: string;
  /** Its arguments by name. */
  readonly args: Readonly<Record<string, unknown>>;

  constructor(
    errorName: string,
    args: Readonly<Record<string, unknown>>,
    explanation: string | undefined,
    cause: unknown,
  ) {
    const values = Object.entries(args).map(([name, value]) => `${name}: ${String(value)}`);
    const what = `The contract refused: ${errorName}(${values.join(", ")}).`;
    super(explanation === undefined ? what : `${what} ${explanation}`, { cause });
    this.name = "ContractRevertedError";
    this.errorName = errorName;
    this.args = args;
  }
}

/** A contract refused a call with data that no known error explains. */
export class UnknownRevertError extends Error {
  readonly data: string;

  constructor(data: string, cause: unknown) {
    super(
      `The contract refused, and its answer ${data === "0x" ? "is empty" : `${data} is none of the known errors`}. ` +
        "Check that the addresses belong to this version of the contracts, and that the gas sufficed.",
      { cause },
    );
    this.name = "UnknownRevertError";
    this.data = data;
  }
}

/** A transaction that did not make it into a block. */
export class TransactionNotMinedError extends Error {
  constructor(hash: string) {
    super(`The transaction ${hash} has no receipt. It was dropped or replaced: send it again.`);
    this.name = "TransactionNotMinedError";
  }
}
