import { expect } from "chai";
import {
  Interface,
  JsonRpcProvider,
  NonceManager,
  type Signer,
  type TransactionRequest,
  type TransactionResponse,
} from "ethers";
import { network } from "hardhat";

import { readAccount } from "../../src/client/account-reading.ts";
import { planClose, planLower, planRaise } from "../../src/client/actions.ts";
import { NodeAnswerError, ReadingError } from "../../src/client/errors.ts";
import { quoteClose, quoteLeverage, quoteRaise } from "../../src/client/leverage-quote.ts";
import { readBasis } from "../../src/client/quote.ts";
import { sendPlanned, withMargin } from "../../src/client/send.ts";
import { ReadBatch } from "../../src/client/state-reader.ts";
import { swapInPool } from "../../src/client/uniswap-v3-pool.ts";
import type { Plan } from "../../src/client/plan.ts";
import { simulateSwap } from "../../src/protocol/uniswap-v3/swap.ts";
import { MAX_SQRT_PRICE_LIMIT, MIN_SQRT_PRICE_LIMIT, tickDown } from "../../src/protocol/uniswap-v3/ticks.ts";
import { startAnvil, type RunningNode } from "../deploy/support/anvil.ts";
import { deployTradedMarket, TRADED_KINDS, type TradedMarket } from "../support/traded-market.ts";

const { ethers, networkHelpers } = await network.create();
const [KIND] = TRADED_KINDS;
const TOKEN = new Interface([
  "function symbol() view returns (string)",
  "function decimals() view returns (uint8)",
  "function asset() view returns (address)",
  "function nothing() view returns (uint256)",
]);

async function deploy(signers: readonly Signer[]): Promise<TradedMarket> {
  if (!KIND) throw new Error("There is no kind of market.");
  return deployTradedMarket(signers, KIND);
}

describe("a batch of readings", () => {
  let env: TradedMarket;
  before(async () => {
    env = await deploy(await ethers.getSigners());
  });

  it("calls contracts whose address an earlier call tells", async () => {
    const batch = new ReadBatch();
    const asset = batch.add(env.market.address, TOKEN, "asset");
    const symbol = batch.add({ by: asset }, TOKEN, "symbol");
    const decimals = batch.add({ by: asset }, TOKEN, "decimals");
    const answers = await batch.read(env.provider);
    expect([answers.text(symbol), answers.number(decimals)]).to.deep.equal(["USD", 6n]);
    expect(answers.chainId).to.equal(31_337n);
  });

  it("says which call failed, of which contract, and goes on with the others", async () => {
    const batch = new ReadBatch();
    const failing = batch.add(env.market.address, TOKEN, "nothing");
    const empty = batch.add(env.account, TOKEN, "symbol");
    const behind = batch.add({ by: failing }, TOKEN, "symbol");
    const wrong = batch.add(
      env.market.address,
      new Interface(["function decimals() view returns (string)"]),
      "decimals",
    );
    const decimals = batch.add(env.market.address, TOKEN, "decimals");
    const answers = await batch.read(env.provider);
    for (const asked of [failing, empty, behind, wrong]) {
      expect(answers.maybe(asked)).to.equal(undefined);
      expect(() => answers.all(asked), asked.name).to.throw(ReadingError, `asked for ${asked.name}`);
    }
    expect(answers.number(decimals)).to.equal(12n);
  });

  it("fails where the node has no such block, or answers something else", async () => {
    const unborn: unknown = await new ReadBatch()
      .read(env.provider, { block: 10 ** 9 })
      .catch((error: unknown) => error);
    expect(unborn).to.be.instanceOf(NodeAnswerError);
    const odd = { getBlock: () => env.provider.getBlock("latest"), call: () => Promise.resolve("0x1234") };
    const failure: unknown = await new ReadBatch().read(odd).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(NodeAnswerError).and.to.include({ retryable: true });
  });

  it("reads a pool with more ticks than it tells, up to where it has told all", async () => {
    const pool = env.market.pool?.address ?? "";
    const start = (await readAccount(env.provider, env.market, env.account)).pool?.tick ?? 0;
    // A range of its own on every tick that can be, 250 on each side.
    for (let step = -250; step < 250; ++step) {
      const lower = tickDown(start, 10) + step * 10;
      await env.operator.mint(pool, lower, lower + 10, 10n ** 12n + BigInt(step) * 10n ** 9n);
    }
    const known = (await readAccount(env.provider, env.market, env.account)).pool;
    if (!known) throw new Error("There is no pool.");
    expect(known.ticks).to.have.length(320);
    expect([known.lowest, known.highest]).to.deep.equal([known.ticks[0]?.tick, known.ticks.at(-1)?.tick]);
    for (const zeroForOne of [true, false]) {
      const sqrtPriceLimitX96 = zeroForOne ? MIN_SQRT_PRICE_LIMIT : MAX_SQRT_PRICE_LIMIT;
      const all = simulateSwap(known, { zeroForOne, amount: 10n ** 30n, sqrtPriceLimitX96 });
      expect(all.end).to.equal("unknown");
      expect(all.crossed).to.be.within(155, 160);
      // Nearly as much as is known.
      const input = zeroForOne ? all.amount0 : all.amount1;
      const order = { zeroForOne, amount: (input * 97n) / 100n, sqrtPriceLimitX96 };
      const expected = simulateSwap(known, order);
      expect([expected.end, expected.crossed > 130]).to.deep.equal(["amount", true]);
      const snapshot = await networkHelpers.takeSnapshot();
      const done = await swapInPool(env.operator, pool, zeroForOne, order.amount, sqrtPriceLimitX96);
      expect(done).to.deep.equal({
        amount0: expected.amount0,
        amount1: expected.amount1,
        sqrtPriceX96: expected.sqrtPriceX96,
      });
      await snapshot.restore();
    }
  });
});

/** Estimates of this node are exact, and what is mined a second later takes more. */
class RoomySigner extends NonceManager {
  override async sendTransaction(transaction: TransactionRequest): Promise<TransactionResponse> {
    const gasLimit = transaction.gasLimit ?? withMargin(await this.estimateGas(transaction));
    return super.sendTransaction({ ...transaction, gasLimit });
  }
}

describe("the client against a node in another process", () => {
  let node: RunningNode;
  let provider: JsonRpcProvider;
  before(async () => {
    node = await startAnvil();
    provider = new JsonRpcProvider(node.url, undefined, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 20 });
  });
  after(async () => {
    provider.destroy();
    await node.stop();
  });

  it("reads, quotes, opens, lowers and closes a position, to the wei", async () => {
    const signers = await Promise.all(
      [0, 1, 2, 3].map(async (index) => new RoomySigner(await provider.getSigner(index))),
    );
    const env = await deploy(signers);
    const { trader } = env.signers;
    /** Sends a plan, and tells the time of its block. */
    const carryOut = async (plan: Plan, at: bigint): Promise<void> => {
      for (const transaction of plan.transactions) {
        if (transaction.kind === "action") await provider.send("evm_setNextBlockTimestamp", [Number(at)]);
        await sendPlanned(trader, transaction, { timeout: 20, interval: 0.02 });
      }
    };
    let basis = await readBasis(provider, env.market, env.account);
    let now = basis.reading.block.timestamp + 1_000n;
    const open = quoteRaise(basis, { leverage: 35_000n, ownCollateral: 7n * env.unit.collateral }, { now });
    await carryOut(planRaise(basis.reading, open), now);
    basis = await readBasis(provider, env.market, env.account);
    expect([basis.reading.position.debt, basis.reading.position.leverage]).to.deep.equal([
      open.after.debt,
      open.after.leverage,
    ]);

    now = basis.reading.block.timestamp + 3_600n;
    const lower = quoteLeverage(basis, 20_000n, { now });
    if (lower.kind !== "lower") throw new Error("That is lower.");
    await carryOut(planLower(basis.reading, lower), now);
    basis = await readBasis(provider, env.market, env.account);
    expect([basis.reading.position.debt, basis.reading.position.collateral]).to.deep.equal([
      lower.after.debt,
      lower.after.collateral,
    ]);

    now = basis.reading.block.timestamp + 3_600n;
    const close = quoteClose(basis, { now });
    const before = basis.reading.wallet.collateral.balance;
    await carryOut(planClose(basis.reading, close), now);
    const { position, wallet } = await readAccount(provider, env.market, env.account);
    expect([position.debt, position.collateral]).to.deep.equal([0n, 0n]);
    expect(wallet.collateral.balance - before).to.equal(close.returnedCollateral);
  });
});
