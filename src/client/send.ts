import type { ContractTransactionReceipt, ContractTransactionResponse } from "ethers";

import { contractError } from "./contract-error.ts";
import { TransactionNotMinedError } from "./errors.ts";

/**
 * Sends a transaction and waits until it is in a block.
 * @throws ContractRevertedError or UnknownRevertError if a contract refuses it.
 * @throws TransactionNotMinedError if it vanishes.
 */
export async function send(transaction: Promise<ContractTransactionResponse>): Promise<ContractTransactionReceipt> {
  const response = await explained(transaction);
  const receipt = await explained(response.wait());
  if (receipt === null) throw new TransactionNotMinedError(response.hash);
  return receipt;
}

/** The result of a call; if a contract refuses it, with an error that says why. */
export async function explained<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw contractError(error);
  }
}
