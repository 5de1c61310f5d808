import type { Provider, TransactionReceipt, TransactionResponse } from "ethers";

import { contractError } from "./contract-error.ts";
import {
  NodeAnswerError,
  TransactionPendingError,
  TransactionReplacedError,
  TransactionRevertedError,
  UnknownRevertError,
} from "./errors.ts";

/** A transaction that was sent, with all that is needed to recognise what came of it. */
export interface SentTransaction {
  readonly hash: string;
  readonly from: string;
  readonly nonce: number;
  readonly to: string | null;
  readonly data: string;
  /** Wei. */
  readonly value: bigint;
  /** A block from before it was sent: what takes its place is looked for from there. */
  readonly sinceBlock: number;
}

/** What came of a transaction. */
export type Outcome =
  /**
   * It has happened. The receipt may be of another hash: that of the same call, sent again at
   * another fee.
   */
  | { readonly kind: "mined"; readonly receipt: TransactionReceipt }
  /** It is in a block, and a contract refused it there. */
  | { readonly kind: "reverted"; readonly receipt: TransactionReceipt; readonly error: TransactionRevertedError }
  /** Another transaction of the same nonce is in a block: this one will never be. */
  | { readonly kind: "replaced"; readonly error: TransactionReplacedError }
  /** It is in no block yet. */
  | { readonly kind: "pending"; readonly error: TransactionPendingError };

export type OutcomeSource = Pick<
  Provider,
  "call" | "getBlock" | "getBlockNumber" | "getTransaction" | "getTransactionCount" | "getTransactionReceipt"
>;

/**
 * How long to wait, and how often to ask. Both by this computer's clock: it is the network that is
 * waited for.
 */
export interface WaitOptions {
  /** Seconds after which a transaction counts as pending; without an end if left out. */
  readonly timeout?: number | undefined;
  /** Seconds between two questions; one if left out. */
  readonly interval?: number | undefined;
}

/** A transaction as ethers has sent it. @param sinceBlock the latest block before that. */
export function sentTransaction(response: TransactionResponse, sinceBlock: number): SentTransaction {
  const { hash, from, nonce, to, data, value } = response;
  return { hash, from, nonce, to, data, value, sinceBlock };
}

/**
 * Waits until a transaction is in a block, or never will be, or the time is over; and tells which.
 */
export async function outcomeOf(
  source: OutcomeSource,
  sent: SentTransaction,
  { timeout = Infinity, interval = 1 }: WaitOptions = {},
): Promise<Outcome> {
  const end = Date.now() + timeout * 1_000;
  for (;;) {
    const found = await lookFor(source, sent);
    if (found !== undefined) return found;
    if (Date.now() >= end) {
      const known = await source.getTransaction(sent.hash);
      return { kind: "pending", error: new TransactionPendingError(sent.hash, timeout, known !== null) };
    }
    await pause(Math.min(interval * 1_000, Math.max(end - Date.now(), 0)));
  }
}

/** @throws what the outcome names, unless the transaction has happened. */
export function receiptOf(outcome: Outcome): TransactionReceipt {
  if (outcome.kind === "mined") return outcome.receipt;
  throw outcome.error;
}

async function lookFor(source: OutcomeSource, sent: SentTransaction): Promise<Outcome | undefined> {
  const receipt = await source.getTransactionReceipt(sent.hash);
  if (receipt !== null) return judged(source, sent, receipt);
  const latest = await source.getBlockNumber();
  if ((await source.getTransactionCount(sent.from, latest)) <= sent.nonce) return undefined;
  // Its nonce is used up; if by itself, that was between the two questions.
  const mined = await source.getTransactionReceipt(sent.hash);
  if (mined !== null) return judged(source, sent, mined);
  const other = await replacementOf(source, sent, latest);
  if (other === undefined)
    return { kind: "replaced", error: new TransactionReplacedError(sent.hash, undefined, false) };
  if (isSameCall(sent, other)) {
    const itsReceipt = await source.getTransactionReceipt(other.hash);
    return itsReceipt === null ? undefined : judged(source, sent, itsReceipt);
  }
  const isCancelled = other.to?.toLowerCase() === sent.from.toLowerCase() && other.data === "0x";
  return { kind: "replaced", error: new TransactionReplacedError(sent.hash, other.hash, isCancelled) };
}

async function judged(source: OutcomeSource, sent: SentTransaction, receipt: TransactionReceipt): Promise<Outcome> {
  if (receipt.status !== 0) return { kind: "mined", receipt };
  const transaction = await source.getTransaction(receipt.hash);
  const ranOut = transaction !== null && receipt.gasUsed >= transaction.gasLimit;
  const replayed = await reasonOf(source, sent, receipt, transaction?.gasLimit);
  // A call that runs out of gas answers nothing, and so does its replay.
  const reason = ranOut && replayed instanceof UnknownRevertError ? undefined : replayed;
  const error = new TransactionRevertedError(receipt.hash, receipt.gasUsed, { reason, ranOut });
  return { kind: "reverted", receipt, error };
}

/**
 * The refusal behind a mined revert. A receipt has no data. A node that can trace says what the
 * call answered; of others the call is asked for again, on the state before its block, then on that
 * after it.
 * @returns undefined if it works there: then what was before it in its block made the difference.
 */
async function reasonOf(
  source: OutcomeSource,
  { from, to, data, value }: SentTransaction,
  receipt: TransactionReceipt,
  gasLimit: bigint | undefined,
): Promise<unknown> {
  const traced = await tracedAnswer(source, receipt.hash);
  if (traced !== undefined) return contractError({ data: traced });
  for (const blockTag of [receipt.blockNumber - 1, receipt.blockNumber]) {
    try {
      await source.call({ from, to, data, value, blockTag, ...(gasLimit === undefined ? {} : { gasLimit }) });
    } catch (error) {
      const reason = contractError(error);
      // A node that keeps no such state says something that is no contract's answer.
      return reason === error ? undefined : reason;
    }
  }
  return undefined;
}

async function tracedAnswer(source: OutcomeSource, hash: string): Promise<string | undefined> {
  const { send } = source as { send?: (method: string, params: unknown[]) => Promise<unknown> };
  if (send === undefined) return undefined;
  try {
    const trace = await send.call(source, "debug_traceTransaction", [hash, { tracer: "callTracer" }]);
    const { output } = trace as { output?: unknown };
    return typeof output === "string" && output.length > 2 ? output : undefined;
  } catch {
    return undefined;
  }
}

/** The transaction of the same account and nonce that is in a block. */
async function replacementOf(
  source: OutcomeSource,
  { from, nonce, sinceBlock }: SentTransaction,
  latest: number,
): Promise<TransactionResponse | undefined> {
  // The first block after which the nonce is used up.
  let [low, high] = [Math.min(sinceBlock, latest), latest];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await source.getTransactionCount(from, middle)) > nonce) high = middle;
    else low = middle + 1;
  }
  const block = await source.getBlock(low, true);
  if (block === null) throw new NodeAnswerError(`The node has no block ${low}, which it has counted to`);
  return block.prefetchedTransactions.find(
    (one) => one.from.toLowerCase() === from.toLowerCase() && one.nonce === nonce,
  );
}

function isSameCall(sent: SentTransaction, other: TransactionResponse): boolean {
  return (
    (other.to ?? "").toLowerCase() === (sent.to ?? "").toLowerCase() &&
    other.data === sent.data &&
    other.value === sent.value
  );
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
