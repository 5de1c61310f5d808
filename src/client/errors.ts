import { CantileverError } from "../errors.ts";
import type { ContractErrorAdvice } from "../protocol/contract-errors.ts";

const UNKNOWN: ContractErrorAdvice = {
  advice: "No contract of Cantilever has this error: it comes from a token, an oracle or a receiver that was called.",
};

/** A contract refused a call, with an error that has a name. */
export class ContractRevertedError extends CantileverError {
  /** Name of the contract's error. */
  readonly errorName: string;
  /** Its arguments by name. */
  readonly args: Readonly<Record<string, unknown>>;

  constructor(
    errorName: string,
    args: Readonly<Record<string, unknown>>,
    { advice, retryable = false }: ContractErrorAdvice = UNKNOWN,
    cause?: unknown,
  ) {
    const values = Object.entries(args).map(([name, value]) => `${name}: ${String(value)}`);
    const problem = `The contract refused: ${errorName}(${values.join(", ")})`;
    super({ code: "CONTRACT_REVERTED", problem, advice, retryable, cause });
    this.errorName = errorName;
    this.args = args;
  }
}

/** A contract refused a call with a text instead of a named error: an old token, a pool, a failed assertion. */
export class RevertReasonError extends CantileverError {
  /** The text, or the meaning of the panic's code. */
  readonly reason: string;

  constructor(reason: string, cause: unknown) {
    super({
      code: "REVERT_REASON",
      problem: `The contract refused: "${reason}"`,
      advice: UNKNOWN.advice,
      cause,
    });
    this.reason = reason;
  }
}

/** A contract refused a call with data that no known error explains. */
export class UnknownRevertError extends CantileverError {
  readonly data: string;

  constructor(data: string, cause: unknown) {
    super({
      code: "UNKNOWN_REVERT",
      problem: `The contract refused, and its answer ${data === "0x" ? "is empty" : `${data} is no known error`}`,
      advice: "Check that the addresses belong to this version of the contracts, and that the gas sufficed.",
      cause,
    });
    this.data = data;
  }
}

/** Whether an error is a contract's refusal, in whatever form. */
export function isRefusal(error: unknown): error is ContractRevertedError | RevertReasonError | UnknownRevertError {
  return (
    error instanceof ContractRevertedError || error instanceof RevertReasonError || error instanceof UnknownRevertError
  );
}

/** A transaction that did not make it into a block. */
export class TransactionNotMinedError extends CantileverError {
  constructor(hash: string) {
    super({
      code: "TRANSACTION_NOT_MINED",
      problem: `The transaction ${hash} has no receipt`,
      advice: "It was dropped or replaced: send it again.",
      retryable: true,
    });
  }
}

/** A text that is no amount of a token. */
export class InvalidAmountError extends CantileverError {
  constructor(text: string, problem: string, advice: string) {
    super({ code: "INVALID_AMOUNT", problem: `The amount ${JSON.stringify(text.slice(0, 60))} ${problem}`, advice });
  }
}

/** A Uniswap pool can't be worked with as it was asked for. */
export class PoolError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "POOL", problem, advice });
  }
}
