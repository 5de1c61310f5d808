import type { Address } from "../protocol/address.ts";

/** The accounts that one transaction liquidates. */
export interface Batch {
  readonly accounts: readonly Address[];
  /** Maximum payment for all of them, loan token units. */
  readonly maxPayment: bigint;
}

/** A batch that would succeed now, with its payment and profit in loan token units. */
export interface Offer {
  readonly batch: Batch;
  readonly payment: bigint;
  readonly profit: bigint;
}

/** Why a batch would fail now. */
export interface Refusal {
  readonly reason: string;
}

/** Simulates a batch without sending it. */
export type TryBatch = (batch: Batch) => Promise<Offer | Refusal>;

/** A liquidatable position. */
export interface Candidate {
  readonly account: Address;
  /** Loan token units. */
  readonly debt: bigint;
}

/** Limits of the search for a batch. */
export interface BatchLimits {
  readonly maxAccounts: number;
  /** Batches with a smaller maximum payment are not tried, loan token units. */
  readonly minPayment: bigint;
}

/**
 * Searches for the most profitable batch, from large to small: first all candidates, then half of
 * them and so on down to one, then that one with half the payment and so on. A smaller batch earns
 * less bonus, but its sale moves the pool's price less. The search ends when a smaller batch earns
 * no more than the one before.
 * @param candidates the riskiest first.
 * @returns the best offer, or the refusal of the last batch if none would succeed. Errors of
 * `tryBatch` pass through.
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
  // Twice the debt is always enough: a payment includes a fee, which never exceeds the bonus.
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
