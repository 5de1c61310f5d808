import { expect } from "chai";

import { chooseBatch, type Batch, type Candidate, type Offer, type Refusal } from "../../src/keeper/batch.ts";
import { accountOf } from "../support/accounts.ts";

const LIMITS = { maxAccounts: 64, minPayment: 10n };

const candidates = (count: number, debt = 1_000n): readonly Candidate[] =>
  Array.from({ length: count }, (_, index) => ({ account: accountOf(index + 1), debt }));

/**
 * Simulates a pool in which a sale for `payment` costs `payment^2 / depth` in slippage, a bonus of
 * 5%, and full repayments.
 */
function poolOf(depth: bigint, floor: bigint, debt = 1_000n) {
  const tried: Batch[] = [];
  const tryBatch = (batch: Batch): Promise<Offer | Refusal> => {
    tried.push(batch);
    const full = BigInt(batch.accounts.length) * debt;
    const payment = batch.maxPayment < full ? batch.maxPayment : full;
    const profit = payment / 20n - (payment * payment) / depth;
    return Promise.resolve(profit < floor ? { reason: `profit ${profit}` } : { batch, payment, profit });
  };
  return { tried, tryBatch };
}

describe("chooseBatch", () => {
  it("chooses all candidates at once in a deep pool", async () => {
    const { tryBatch, tried } = poolOf(10n ** 12n, 1n);
    const choice = await chooseBatch(candidates(10), tryBatch, LIMITS);
    expect(choice).to.deep.include({ payment: 10_000n, profit: 500n });
    // The half is tried too and earns less.
    expect(tried.map(({ accounts }) => accounts.length)).to.deep.equal([10, 5]);
  });

  it("chooses the most profitable number of the riskiest candidates if slippage consumes the bonus", async () => {
    // Profit is greatest at a payment of depth / 40 = 5,000.
    const { tryBatch } = poolOf(200_000n, 1n);
    const choice = await chooseBatch(candidates(20), tryBatch, LIMITS);
    expect(choice).to.deep.include({ payment: 5_000n, profit: 125n });
    expect("batch" in choice && choice.batch.accounts).to.deep.equal(candidates(5).map(({ account }) => account));
  });

  it("chooses a part of one position that is too large for the pool", async () => {
    const { tryBatch } = poolOf(200_000n, 1n, 1_000_000n);
    const choice = await chooseBatch(candidates(1, 1_000_000n), tryBatch, LIMITS);
    if (!("profit" in choice)) throw new Error(choice.reason);
    expect(choice.payment).to.be.within(3_000n, 8_000n);
    expect(choice.profit > 100n).to.be.true;
  });

  it("returns the last refusal if no batch is profitable", async () => {
    const { tryBatch, tried } = poolOf(200_000n, 1_000_000n);
    expect(await chooseBatch(candidates(8), tryBatch, LIMITS))
      .to.have.property("reason")
      .that.matches(/^profit /u);
    expect(tried.length).to.be.lessThan(20);
    expect(tried.every(({ maxPayment }) => maxPayment >= LIMITS.minPayment)).to.be.true;
  });

  it("never tries more accounts than maxAccounts", async () => {
    const { tryBatch, tried } = poolOf(10n ** 12n, 1n);
    const choice = await chooseBatch(candidates(200), tryBatch, { ...LIMITS, maxAccounts: 30 });
    expect(choice).to.deep.include({ payment: 30_000n });
    expect(Math.max(...tried.map(({ accounts }) => accounts.length))).to.equal(30);
  });

  it("halves a batch that is rejected for its size", async () => {
    const { tryBatch } = poolOf(10n ** 12n, 1n);
    const outOfGas = (batch: Batch): Promise<Offer | Refusal> =>
      batch.accounts.length > 3 ? Promise.resolve({ reason: "out of gas" }) : tryBatch(batch);
    const choice = await chooseBatch(candidates(24), outOfGas, LIMITS);
    expect(choice).to.deep.include({ payment: 3_000n });
  });

  it("ends without a minimum payment", async () => {
    const { tryBatch, tried } = poolOf(200_000n, 1_000_000n);
    const choice = await chooseBatch(candidates(2), tryBatch, { ...LIMITS, minPayment: 0n });
    expect(choice).to.have.property("reason");
    expect(tried.length).to.be.lessThan(40);
    expect(tried.every(({ maxPayment }) => maxPayment > 0n)).to.be.true;
  });

  it("makes no attempt without candidates", async () => {
    const { tryBatch, tried } = poolOf(10n ** 12n, 1n);
    expect(await chooseBatch([], tryBatch, LIMITS)).to.deep.equal({ reason: "nothing can be liquidated" });
    expect(tried).to.be.empty;
  });

  it("throws an error of tryBatch that is not a refusal", async () => {
    const broken = (): Promise<never> => Promise.reject(new Error("connection lost"));
    let message = "";
    try {
      await chooseBatch(candidates(1), broken, LIMITS);
    } catch (error) {
      message = String(error);
    }
    expect(message).to.equal("Error: connection lost");
  });
});
