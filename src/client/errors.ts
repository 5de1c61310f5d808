import { CantileverError } from "../errors.ts";
import type { ContractErrorAdvice } from "../protocol/contract-errors.ts";
import { LIMIT_NAMES } from "../protocol/parameters.ts";

const UNKNOWN: ContractErrorAdvice = {
  advice: "No contract of Cantilever has this error: it comes from a token, an oracle or a receiver that was called.",
};

/** Arguments that are Unix seconds. */
const MOMENTS: ReadonlySet<string> = new Set(["validFrom", "deadline", "blockTime", "updatedAt"]);
/** 9999-12-31, the last day of a four-digit year. */
const LAST_MOMENT = 253_402_300_799n;
const SOURCE_NAMES = ["primary", "secondary"] as const;

/** An argument of an error in words: a limit and a source by name, a moment as a date and time. */
function argumentText(errorName: string, name: string, value: unknown): string {
  if (typeof value !== "bigint") return String(value);
  // A market and a guard share this error's selector, so its argument may number either.
  if (errorName === "NothingScheduled") return value.toString();
  const names = name === "limit" ? LIMIT_NAMES : name === "role" ? SOURCE_NAMES : [];
  if (MOMENTS.has(name) && value <= LAST_MOMENT) {
    return `${new Date(Number(value) * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
  }
  return names[Number(value)] ?? value.toString();
}

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
    const values = Object.entries(args).map(([name, value]) => `${name}: ${argumentText(errorName, name, value)}`);
    const problem = `The contract refused: ${errorName}(${values.join(", ")})`;
    super({ code: "CONTRACT_REVERTED", problem, advice, retryable, cause });
    this.errorName = errorName;
    this.args = args;
  }
}

/** A contract refused a call with a text instead of a named error, as old tokens and pools do. */
export class RevertReasonError extends CantileverError {
  readonly reason: string;

  constructor(reason: string, cause: unknown) {
    super({
      code: "REVERT_REASON",
      problem: `The contract refused: ${JSON.stringify(reason)}`,
      advice: UNKNOWN.advice,
      cause,
    });
    this.reason = reason;
  }
}

/** A contract failed on a check that the compiler puts in: an overflow, an index out of bounds. */
export class PanicError extends CantileverError {
  /** The compiler's number for the check, as in `Panic(uint256)`. */
  readonly panicCode: number;

  constructor(panicCode: number, meaning: string | undefined, cause: unknown) {
    const number = `0x${panicCode.toString(16).padStart(2, "0")}`;
    super({
      code: "PANIC",
      problem: `A contract failed on an internal check: ${meaning ?? "unknown"} (panic ${number})`,
      advice: "Check the amounts: none of Cantilever's contracts should fail this way, so please report it if one did.",
      cause,
    });
    this.panicCode = panicCode;
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

/** A transaction is in a block, where a contract refused it. */
export class TransactionRevertedError extends CantileverError {
  readonly hash: string;
  /** The contract's refusal, where the node could tell it. */
  readonly reason: CantileverError | undefined;

  /** @param ranOut whether all of its gas was used up. */
  constructor(hash: string, gasUsed: bigint, { reason, ranOut = false }: { reason?: unknown; ranOut?: boolean } = {}) {
    const known = reason instanceof CantileverError ? reason : undefined;
    const unknown = ranOut
      ? "Its gas did not suffice: send it again with more."
      : "The node does not tell why. The state changed between sending and mining: simulate it again.";
    super({
      code: "TRANSACTION_REVERTED",
      problem: `The transaction ${hash} was refused in its block, after ${gasUsed} gas${known === undefined ? "" : `: ${known.problem}`}`,
      advice: known?.advice ?? unknown,
      retryable: known?.retryable ?? true,
      cause: reason,
    });
    this.hash = hash;
    this.reason = known;
  }
}

const REFUSALS = [
  ContractRevertedError,
  RevertReasonError,
  PanicError,
  UnknownRevertError,
  TransactionRevertedError,
] as const;

/** Whether an error is a contract's refusal, in whatever form. */
export function isRefusal(error: unknown): error is InstanceType<(typeof REFUSALS)[number]> {
  return REFUSALS.some((kind) => error instanceof kind);
}

/**
 * Another transaction of the account has taken the place of one that was sent: its number in the
 * account's sequence.
 */
export class TransactionReplacedError extends CantileverError {
  readonly hash: string;
  /** The transaction in its place; undefined if it isn't found. */
  readonly by: string | undefined;

  constructor(hash: string, by: string | undefined, isCancelled: boolean) {
    const other = by ?? "another one of the account";
    super({
      code: "TRANSACTION_REPLACED",
      problem: isCancelled
        ? `The transaction ${hash} was cancelled: ${other} took its place`
        : `The transaction ${hash} will never be in a block: ${other} took its place`,
      advice: "Nothing of it has happened. Send it again if it is still wanted.",
    });
    this.hash = hash;
    this.by = by;
  }
}

/** A transaction that is in no block yet, after as long as one was ready to wait. */
export class TransactionPendingError extends CantileverError {
  readonly hash: string;

  /** @param isKnown whether the node still has it. */
  constructor(hash: string, seconds: number, isKnown: boolean) {
    super({
      code: "TRANSACTION_PENDING",
      problem: `The transaction ${hash} is in no block after ${seconds} seconds${isKnown ? "" : ", and the node no longer knows it"}`,
      advice: isKnown
        ? "It may still be mined: wait for it, or replace it by one of the same nonce and a higher fee. Don't send it anew."
        : "Other nodes may still have it: before it is sent anew, use the same nonce, so that it can't happen twice.",
      retryable: true,
    });
    this.hash = hash;
  }
}

/** A text that is no amount of a token. */
export class InvalidAmountError extends CantileverError {
  constructor(text: string, problem: string, advice: string) {
    super({ code: "INVALID_AMOUNT", problem: `The amount ${JSON.stringify(text.slice(0, 60))} ${problem}`, advice });
  }
}

/**
 * An address whose capital letters are a checksum (EIP-55) that does not fit: a digit of it is
 * wrong.
 */
export class MistypedAddressError extends CantileverError {
  constructor(text: string) {
    super({
      code: "INVALID_ADDRESS",
      problem: `The address ${text} is mistyped: its capital letters are a checksum, which does not fit`,
      advice: "Copy it again; in small letters alone it has no checksum.",
    });
  }
}

/** A Uniswap pool can't be worked with as it was asked for. */
export class PoolError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "POOL", problem, advice });
  }
}

/** No market of the address book, or of the factory, is called that. */
export class MarketNotFoundError extends CantileverError {
  constructor(asked: string, known: readonly string[]) {
    const list = known.length === 0 ? "There is none here at all" : `There are ${known.join(", ")}`;
    super({
      code: "MARKET_NOT_FOUND",
      problem: `There is no market ${JSON.stringify(asked.slice(0, 60))}`,
      advice: `${list}. Name a market by its symbol, its name or its address.`,
    });
  }
}

/** Several markets are called that. */
export class AmbiguousMarketError extends CantileverError {
  constructor(asked: string, addresses: readonly string[]) {
    super({
      code: "MARKET_AMBIGUOUS",
      problem: `${addresses.length} markets are called ${JSON.stringify(asked.slice(0, 60))}`,
      advice: `Name the one that is meant by its address: ${addresses.join(", ")}.`,
    });
  }
}

/** The node is on another chain than the addresses. */
export class WrongChainError extends CantileverError {
  constructor(expected: bigint, actual: bigint) {
    super({
      code: "WRONG_CHAIN",
      problem: `The addresses are of the chain ${expected}, and the node is on the chain ${actual}`,
      advice: "Connect to a node of the other chain, or take the address book of this one.",
    });
  }
}

/** A contract did not answer as the contracts of Cantilever do. */
export class ReadingError extends CantileverError {
  constructor(address: string, call: string, problem: string, cause?: unknown) {
    super({
      code: "READING",
      problem: `The contract ${address} ${problem}, asked for ${call}`,
      advice:
        "Check the address and the chain: no contract of this version is there. " +
        "A local chain that was started again is empty: deploy to it again.",
      cause,
    });
  }
}

/** A node answered something that no node should. */
export class NodeAnswerError extends CantileverError {
  constructor(problem: string, cause?: unknown) {
    super({ code: "NODE_ANSWER", problem, advice: "Try again, or use another node.", retryable: true, cause });
  }
}

/** What is asked for can't be quoted: no transaction could do it. */
export class QuoteError extends CantileverError {
  constructor(problem: string, advice: string, retryable = false) {
    super({ code: "QUOTE", problem, advice, retryable });
  }
}

/** A file that is no address book, or one that this version can't read. */
export class AddressBookError extends CantileverError {
  /** @param source name of the file. */
  constructor(source: string, problem: string, advice: string) {
    super({ code: "ADDRESS_BOOK", problem: `The address book ${source} ${problem}`, advice });
  }
}
