import type { Provider, Signer, TransactionReceipt, TransactionResponse } from "ethers";

import { contractError } from "./contract-error.ts";
import { NodeAnswerError } from "./errors.ts";
import { outcomeOf, receiptOf, sentTransaction, type WaitOptions } from "./outcome.ts";
import type { PlannedTransaction } from "./plan.ts";

/** Before this many blocks a transaction that has just been sent was in none. */
const SENT_WITHIN = 5;

/**
 * Sends a transaction and waits until it is in a block. The receipt is of another hash if the same
 * call was sent again at another fee.
 * @throws ContractRevertedError, RevertReasonError, PanicError or UnknownRevertError if a contract
 * refuses it before it is sent, where the node estimates its gas.
 * @throws TransactionRevertedError if a contract refuses it in its block.
 * @throws TransactionReplacedError if another transaction takes its place.
 * @throws TransactionPendingError if it is in no block when the time is over.
 */
export async function send(
  transaction: Promise<TransactionResponse>,
  options: WaitOptions = {},
): Promise<TransactionReceipt> {
  const response = await explained(transaction);
  const { provider } = response;
  // Most nodes of tests have it in a block by now.
  const receipt = await provider.getTransactionReceipt(response.hash);
  if (receipt?.status === 1) return receipt;
  const latest = await provider.getBlockNumber();
  const sent = sentTransaction(response, Math.max(latest - SENT_WITHIN, 0));
  return receiptOf(await outcomeOf(provider, sent, options));
}

/** The result of a call; if a contract refuses it, with an error that says why. */
export async function explained<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw contractError(error);
  }
}

/**
 * Tries a transaction on the latest state, and estimates its gas.
 * @returns gas units, without a margin.
 * @throws ContractRevertedError, RevertReasonError, PanicError or UnknownRevertError if a contract
 * would refuse it.
 */
export async function simulate(
  provider: Pick<Provider, "call" | "estimateGas">,
  { to, data, value }: Pick<PlannedTransaction, "to" | "data" | "value">,
  from: string,
): Promise<bigint> {
  // Some nodes tell the reason of a refusal to `eth_call` alone.
  await explained(provider.call({ to, data, value, from }));
  const gas = await explained(provider.estimateGas({ to, data, value, from }));
  if (gas <= 0n) throw new NodeAnswerError("The node estimates no gas for a transaction");
  return gas;
}

/**
 * A third more gas than was estimated: the state on which a transaction is mined is another one,
 * where a pool writes an observation more, or the price passes a tick more.
 */
export function withMargin(gas: bigint): bigint {
  return (gas * 4n) / 3n;
}

/**
 * Tries a planned transaction, sends it and waits until it is in a block.
 * @param signer has a provider.
 * @throws what `simulate` and `send` throw.
 */
export async function sendPlanned(
  signer: Signer,
  transaction: PlannedTransaction,
  options: WaitOptions = {},
): Promise<TransactionReceipt> {
  const { provider } = signer;
  if (provider === null) throw new TypeError("The signer has no provider.");
  const gas = await simulate(provider, transaction, await signer.getAddress());
  const { to, data, value } = transaction;
  return send(signer.sendTransaction({ to, data, value, gasLimit: withMargin(gas) }), options);
}
