import { isError, type ContractTransactionReceipt, type ContractTransactionResponse } from "ethers";

import { contractError } from "./contract-error.ts";
import { TransactionNotMinedError, TransactionRevertedError } from "./errors.ts";

/**
 * Sends a transaction and waits until it is in a block.
 * @throws ContractRevertedError, RevertReasonError, PanicError or UnknownRevertError if a contract refuses it before it
 * is sent, where the node estimates its gas.
 * @throws TransactionRevertedError if a contract refuses it in its block.
 * @throws TransactionNotMinedError if another transaction takes its place.
 */
export async function send(transaction: Promise<ContractTransactionResponse>): Promise<ContractTransactionReceipt> {
  const response = await explained(transaction);
  try {
    const receipt = await response.wait();
    if (receipt === null) throw new TransactionNotMinedError(response.hash);
    return receipt;
  } catch (error) {
    if (isError(error, "TRANSACTION_REPLACED")) throw new TransactionNotMinedError(response.hash, error);
    if (isError(error, "CALL_EXCEPTION") && error.receipt?.status === 0) {
      throw new TransactionRevertedError(response.hash, error.receipt.gasUsed, error);
    }
    throw contractError(error);
  }
}

/** The result of a call; if a contract refuses it, with an error that says why. */
export async function explained<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw contractError(error);
  }
}
