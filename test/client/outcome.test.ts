import { expect } from "chai";
import { JsonRpcProvider, type JsonRpcSigner, type TransactionReceipt } from "ethers";

import { FaucetToken__factory, type FaucetToken } from "../../types/index.ts";
import {
  ContractRevertedError,
  TransactionPendingError,
  TransactionReplacedError,
  TransactionRevertedError,
} from "../../src/client/errors.ts";
import { outcomeOf, sentTransaction, type Outcome, type OutcomeSource } from "../../src/client/outcome.ts";
import { send, simulate } from "../../src/client/send.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { startAnvil, type RunningNode } from "../deploy/support/anvil.ts";

/**
 * A node that mines when it is told to: mined reverts, replacements and waiting are what they are
 * on a network.
 */
describe("the outcome of a transaction", () => {
  let node: RunningNode;
  let provider: JsonRpcProvider;
  let signer: JsonRpcSigner;
  let token: FaucetToken;
  before(async () => {
    node = await startAnvil();
    provider = new JsonRpcProvider(node.url, undefined, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 50 });
    signer = await provider.getSigner(0);
    token = await new FaucetToken__factory(signer).deploy("Token", "TOK", 18, 100n, signer, 0n);
    await token.waitForDeployment();
    await provider.send("evm_setAutomine", [false]);
  });
  after(async () => {
    provider.destroy();
    await node.stop();
  });
  const mine = (): Promise<unknown> => provider.send("evm_mine", []);
  const QUICK = { timeout: 0.3, interval: 0.05 };

  /** Sends a mint, which is refused above a hundred a day and recipient. */
  async function mint(amount: bigint, overrides: object = {}) {
    const sinceBlock = await provider.getBlockNumber();
    const recipient = await (await provider.getSigner(5)).getAddress();
    const response = await token.mint(recipient, amount, { gasLimit: 200_000n, ...overrides });
    return sentTransaction(response, sinceBlock);
  }

  function expectKind<Kind extends Outcome["kind"]>(outcome: Outcome, kind: Kind): Extract<Outcome, { kind: Kind }> {
    expect(outcome.kind).to.equal(kind);
    return outcome as Extract<Outcome, { kind: Kind }>;
  }

  it("is its receipt once it is mined", async () => {
    const sent = await mint(1n);
    const waiting = outcomeOf(provider, sent, { timeout: 20, interval: 0.05 });
    await mine();
    const { receipt } = expectKind(await waiting, "mined");
    expect(receipt.hash).to.equal(sent.hash);
  });

  it("is the contract's own error where it is refused in its block", async () => {
    const sent = await mint(101n);
    await mine();
    const { error } = expectKind(await outcomeOf(provider, sent, QUICK), "reverted");
    expect(error).to.be.instanceOf(TransactionRevertedError);
    expect(error.reason).to.be.instanceOf(ContractRevertedError).and.to.include({ errorName: "FaucetCapExceeded" });
    expect(error.message).to.contain("was refused in its block").and.to.contain("FaucetCapExceeded(recipient:");
  });

  it("is that error too where what was before it in the block made the difference, if the node can trace", async () => {
    const first = await mint(60n);
    const second = await mint(60n);
    await mine();
    expectKind(await outcomeOf(provider, first, QUICK), "mined");
    const { error } = expectKind(await outcomeOf(provider, second, QUICK), "reverted");
    expect(error.reason).to.include({ errorName: "FaucetCapExceeded" });
  });

  it("is replayed on the state before its block where the node can't trace, and then on that after it", async () => {
    // As ethers' own providers of hosted nodes: without a way to send other requests.
    const source: OutcomeSource = {
      call: (...args) => provider.call(...args),
      getBlock: (...args) => provider.getBlock(...args),
      getBlockNumber: () => provider.getBlockNumber(),
      getTransaction: (...args) => provider.getTransaction(...args),
      getTransactionCount: (...args) => provider.getTransactionCount(...args),
      getTransactionReceipt: (...args) => provider.getTransactionReceipt(...args),
    };
    const sent = await mint(101n);
    await mine();
    const { error } = expectKind(await outcomeOf(source, sent, QUICK), "reverted");
    expect(error.reason).to.include({ errorName: "FaucetCapExceeded" });
    const [left] = [await token.available(await (await provider.getSigner(5)).getAddress())];
    const [first, second] = [await mint(left), await mint(left)];
    await mine();
    expectKind(await outcomeOf(source, first, QUICK), "mined");
    const after = expectKind(await outcomeOf(source, second, QUICK), "reverted");
    expect(after.error.reason).to.include({ errorName: "FaucetCapExceeded" });
  });

  it("says so where the gas did not suffice", async () => {
    const sent = await mint(0n, { gasLimit: 25_000n });
    await mine();
    const { error } = expectKind(await outcomeOf(provider, sent, QUICK), "reverted");
    expect(error.message).to.contain("gas did not suffice");
  });

  it("is that of the same call at a higher fee", async () => {
    const sent = await mint(0n, { maxFeePerGas: 3n * 10n ** 9n, maxPriorityFeePerGas: 10n ** 9n });
    const again = await mint(0n, {
      nonce: sent.nonce,
      maxFeePerGas: 9n * 10n ** 9n,
      maxPriorityFeePerGas: 3n * 10n ** 9n,
    });
    await mine();
    await mine();
    const { receipt } = expectKind(await outcomeOf(provider, sent, QUICK), "mined");
    expect(receipt.hash).to.equal(again.hash).and.not.to.equal(sent.hash);
  });

  it("is a replacement where another call of the same nonce was mined, and a cancellation where that did nothing", async () => {
    for (const cancels of [true, false]) {
      const sent = await mint(0n, { maxFeePerGas: 3n * 10n ** 9n, maxPriorityFeePerGas: 10n ** 9n });
      const own = await signer.getAddress();
      const other = await signer.sendTransaction({
        to: cancels ? own : token,
        data: cancels ? "0x" : token.interface.encodeFunctionData("approve", [own, 1n]),
        nonce: sent.nonce,
        gasLimit: 100_000n,
        maxFeePerGas: 9n * 10n ** 9n,
        maxPriorityFeePerGas: 3n * 10n ** 9n,
      });
      await mine();
      await mine();
      const { error } = expectKind(await outcomeOf(provider, sent, QUICK), "replaced");
      expect(error).to.be.instanceOf(TransactionReplacedError).and.to.include({ by: other.hash });
      expect(error.message.includes("was cancelled")).to.equal(cancels);
    }
  });

  it("is pending when the time is over, and tells whether the node still has it", async () => {
    const sent = await mint(0n);
    const { error } = expectKind(await outcomeOf(provider, sent, QUICK), "pending");
    expect(error).to.be.instanceOf(TransactionPendingError).and.to.include({ hash: sent.hash, retryable: true });
    expect(error.message).to.contain("may still be mined");
    await provider.send("anvil_dropTransaction", [sent.hash]);
    const lost = expectKind(await outcomeOf(provider, sent, QUICK), "pending");
    expect(lost.error.message).to.contain("no longer knows it");
  });

  it("is thrown by send, unless it is a receipt", async () => {
    const recipient = await (await provider.getSigner(6)).getAddress();
    const sending = send(token.mint(recipient, 1n), { timeout: 20, interval: 0.05 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await mine();
    const receipt: TransactionReceipt = await sending;
    expect(receipt.status).to.equal(1);
    const refused = send(token.mint(recipient, 101n, { gasLimit: 200_000n }), { timeout: 20, interval: 0.05 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await mine();
    const failure: unknown = await refused.catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(TransactionRevertedError);
    const waiting: unknown = await send(token.mint(recipient, 1n), QUICK).catch((error: unknown) => error);
    expect(waiting).to.be.instanceOf(TransactionPendingError);
    await mine();
  });

  it("is told beforehand by a simulation: its gas, or the contract's refusal", async () => {
    const recipient = await (await provider.getSigner(7)).getAddress();
    const from = await signer.getAddress();
    const transactionOf = (amount: bigint) => ({
      to: toAddress(token.target as string),
      data: token.interface.encodeFunctionData("mint", [recipient, amount]),
      value: 0n,
    });
    expect(await simulate(provider, transactionOf(1n), from)).to.be.within(21_000n, 200_000n);
    const refused: unknown = await simulate(provider, transactionOf(101n), from).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(ContractRevertedError).and.to.include({ errorName: "FaucetCapExceeded" });
  });
});
