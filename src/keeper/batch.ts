import type { Address } from "../protocol/address.ts";

/** What one transaction is to liquidate. */
export interface Batch {
  readonly accounts: readonly Address[];
  /** Most loan token units to pay for all of them. */
  readonly maxPayment: bigint;
}

/** A batch that would work now, and what it would bring. Amounts in loan token units. */
export interface Offer {
  readonly batch: Batch;
  readonly payment: bigint;
  readonly profit: bigint;
}

/** A batch that would not. */
export interface Refusal {
  readonly reason: string;
}

/** Tries a batch without sending it. */
export type TryBatch = (batch: Batch) => Promise<Offer | Refusal>;

export interface Candidate {
  readonly account: Address;
  /** Loan token units. */
  readonly debt: bigint;
}

export interface BatchLimits {
  readonly maxAccounts: number;
  /** Payments below this are not worth a try, loan token units. */
  readonly minPayment: bigint;
}

/**
 * Looks for the batch with the most profit, from large to small: all candidates first, then half of them and so on, then
 * one with half the payment and so on. A smaller batch brings less bonus, yet its sale moves the pool's price less; so
 * where a smaller one brings less than the one before, the search is over.
 * @param candidates the riskiest first.
 * @returns the best offer; or why the last batch was refused, if none is accepted.
 */
export async function chooseBatch(
  candidates: readonly Candidate[],
  tryBatch: TryBatch,
  limits: BatchLimits,
): Promise<Offer | Refusal> {
  const debts = new Map(candidates.map(({ account, debt }) => [account, debt]));
  const debtOf = (accounts: readonly Address[]): bigint =>
    accounts.reduce((sum, account) => sum + (debts.get(account) ?? 0n), 0n);
  const accounts = candidates.slice(0, limits.maxAccounts).map(({ account }) => account);

  let best: Offer | Refusal = { reason: "nothing can be liquidated" };
  // Twice the debt: a payment includes a fee, which is never more than the bonus.
  let batch: Batch = { accounts, maxPayment: 2n * debtOf(accounts) };
  while (batch.accounts.length > 0 && batch.maxPayment > 0n && batch.maxPayment >= limits.minPayment) {
    const result = await tryBatch(batch);
    if ("profit" in best && (!("profit" in result) || result.profit <= best.profit)) return best;
    best = result;
    batch = smaller(batch, "profit" in result ? result.payment : batch.maxPayment, debtOf);
  }
  return best;
}

function smaller(batch: Batch, payment: bigint, debtOf: (accounts: readonly Address[]) => bigint): Batch {
  if (batch.accounts.length === 1) return { ...batch, maxPayment: payment / 2n };
  const accounts = batch.accounts.slice(0, Math.ceil(batch.accounts.length / 2));
  return { accounts, maxPayment: 2n * debtOf(accounts) };
}
