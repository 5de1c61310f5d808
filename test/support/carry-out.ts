import type { Signer, TransactionReceipt } from "ethers";

import type { Plan } from "../../src/client/plan.ts";

/**
 * Sends a plan's transactions, one after the other.
 * @param beforeAction called before the transaction that is the action itself, as to set its
 * block's time.
 */
export async function carryOut(
  signer: Signer,
  plan: Plan,
  beforeAction?: () => Promise<unknown>,
): Promise<readonly TransactionReceipt[]> {
  const receipts: TransactionReceipt[] = [];
  for (const { kind, to, data, value } of plan.transactions) {
    if (kind === "action") await beforeAction?.();
    const receipt = await (await signer.sendTransaction({ to, data, value })).wait();
    if (receipt === null) throw new Error("The transaction was not mined.");
    receipts.push(receipt);
  }
  return receipts;
}
