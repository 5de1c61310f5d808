import { readFileSync } from "node:fs";

import { expect } from "chai";
import { Contract, MaxUint256 } from "ethers";
import { network } from "hardhat";

import poolArtifact from "@uniswap/v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json" with { type: "json" };

import { openLeverage } from "../../src/client/leverage.ts";
import { readPool, swapToPrice } from "../../src/client/uniswap-v3-pool.ts";
import type { CantileverPlan } from "../../src/deployment/cantilever.ts";
import { execute, type DeploymentEvent } from "../../src/deployment/execute.ts";
import { Node, type Rpc } from "../../src/deployment/node.ts";
import { parseParameters } from "../../src/deployment/parameter-file.ts";
import type { DeploymentParameters } from "../../src/deployment/parameters.ts";
import { mostReadGas } from "../../src/deployment/source-rules.ts";
import { createPool } from "../../src/deployment/uniswap-v3.ts";
import { randomFrom } from "../../src/lab/population/random.ts";
import { priceFromSqrtPriceX96, sortsFirst, sqrtPriceX96FromPrice } from "../../src/protocol/uniswap-v3/price.ts";
import { MAX_SQRT_PRICE_LIMIT, MIN_SQRT_PRICE_LIMIT } from "../../src/protocol/uniswap-v3/ticks.ts";
import { WAD } from "../../src/protocol/units.ts";
import {
  FaucetToken__factory,
  LeverageMarket__factory,
  OracleGuard__factory,
  PoolOperator__factory,
  TestLiquidity__factory,
  UniswapV3TwapOracle__factory,
} from "../../types/index.ts";
import { startAnvil, type RunningNode } from "./support/anvil.ts";
import { DEPLOYER, deployOn, localParameters, planOf } from "./support/deploy.ts";

const ETHER = 10n ** 18n;
/** Maximum gas limit of a transaction, by EIP-7825. */
const MOST_GAS = 2n ** 24n;

async function failureOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    return String(error);
  }
  throw new Error("It did not fail.");
}

describe("the market of a deployment", () => {
  for (const [leverage, collateral, debt] of [
    ["4x", 40n, 60_400n],
    ["4.8x", 48n, 76_500n],
  ] as const) {
    it(`lets anyone with one faucet call open 10 ETH at ${leverage}, with a price impact below 1%`, async () => {
      const chain = await network.create();
      const { addresses, parameters } = await deployOn(chain);
      const [, , , , , stranger] = await chain.ethers.getSigners();
      if (!stranger) throw new Error("Too few accounts.");
      const collateralToken = FaucetToken__factory.connect(addresses.collateralToken, stranger);
      const market = LeverageMarket__factory.connect(addresses.market, stranger);
      await collateralToken.mint(stranger, 10n * ETHER);
      await collateralToken.approve(market, MaxUint256);
      const collateralIsToken0 = sortsFirst(addresses.collateralToken, addresses.loanToken);
      const price = async (): Promise<bigint> => {
        const { sqrtPriceX96 } = await readPool(chain.ethers.provider, addresses.pool);
        return priceFromSqrtPriceX96(sqrtPriceX96, collateralIsToken0);
      };
      const before = await price();
      await openLeverage(market, addresses.swapper, stranger, {
        collateral: collateral * ETHER,
        debt: debt * 10n ** 6n,
        maxOwnCollateral: 10n * ETHER,
        poolFee: parameters.pool.fee,
        sqrtPriceLimitX96: collateralIsToken0 ? MAX_SQRT_PRICE_LIMIT : MIN_SQRT_PRICE_LIMIT,
        deadline: MaxUint256,
      });
      const [, held] = await market.position(stranger);
      expect(held).to.equal(collateral * ETHER);
      const after = await price();
      expect(after > before).to.be.true;
      expect(((after - before) * 100n) / before).to.equal(0n);
    });
  }

  it("has a pool at the feeds' price and an initial deposit, both permanent", async () => {
    const chain = await network.create();
    const { addresses, parameters } = await deployOn(chain);
    const { provider } = chain.ethers;
    const pool = await readPool(provider, addresses.pool);
    const collateralIsToken0 = sortsFirst(addresses.collateralToken, addresses.loanToken);
    const { expectedPrice, lendersStock } = parameters.market;
    expect(pool.sqrtPriceX96).to.equal(sqrtPriceX96FromPrice(expectedPrice, collateralIsToken0));
    const collateral = FaucetToken__factory.connect(addresses.collateralToken, provider);
    const filled = await collateral.balanceOf(addresses.pool);
    expect(filled).to.be.within(
      parameters.pool.collateral - parameters.pool.collateral / 10n ** 9n,
      parameters.pool.collateral,
    );
    const market = LeverageMarket__factory.connect(addresses.market, provider);
    expect(await market.totalAssets()).to.equal(lendersStock);
    expect(await market.balanceOf(addresses.liquidity)).to.equal(await market.totalSupply());
    const [debtShares, held] = await market.position(addresses.liquidity);
    expect([debtShares, held]).to.deep.equal([0n, parameters.market.idleCollateral]);

    const liquidity = TestLiquidity__factory.connect(addresses.liquidity, provider);
    const writing = liquidity.interface.fragments.filter(
      (fragment) => fragment.type === "function" && !("constant" in fragment && fragment.constant === true),
    );
    expect(writing.map((fragment) => ("name" in fragment ? fragment.name : ""))).to.have.members([
      "fillPool",
      "fillMarket",
      "uniswapV3MintCallback",
    ]);
    const { uniswapFactory, loanToken, collateralToken, primary } = addresses;
    for (const account of (await chain.ethers.getSigners()).slice(0, 2)) {
      const own = liquidity.connect(account);
      const fill = own.fillPool(uniswapFactory, loanToken, collateralToken, 3_000, primary, 1n);
      const deposit = own.fillMarket(addresses.market, 1n, 1n);
      const error = account.address.toLowerCase() === DEPLOYER ? "AlreadyFilled" : "NotDeployer";
      await expect(fill).to.be.revertedWithCustomError(own, error);
      await expect(deposit).to.be.revertedWithCustomError(own, error);
      await expect(own.uniswapV3MintCallback(1n, 1n, "0x")).to.be.revertedWithCustomError(own, "UnexpectedPool");
    }
  });

  it("reads its pool for less gas than mostReadGas, whatever trades were made", async () => {
    const chain = await network.create();
    const { addresses, parameters } = await deployOn(chain);
    const [, , , , , trader] = await chain.ethers.getSigners();
    if (!trader) throw new Error("Too few accounts.");
    const operator = await new PoolOperator__factory(trader).deploy();
    for (const address of [addresses.loanToken, addresses.collateralToken]) {
      const token = FaucetToken__factory.connect(address, trader);
      await token.mint(trader, await token.dailyCap());
      await token.approve(operator, MaxUint256);
    }
    const { sqrtPriceX96 } = await readPool(chain.ethers.provider, addresses.pool);
    const secondary = UniswapV3TwapOracle__factory.connect(addresses.secondary, chain.ethers.provider);
    const { window, blockTime, sourceGas } = parameters.guard;
    const random = randomFrom("gas of a read");
    let most = 0n;
    // Consecutive blocks and gaps of all lengths, to mislead the search of the pool's observations.
    for (let swaps = 0; swaps < 300; ++swaps) {
      const gap = random.nextInteger(3) === 0 ? random.nextInteger(30) : 0;
      await chain.networkHelpers.time.setNextBlockTimestamp((await chain.networkHelpers.time.latest()) + 1 + gap);
      await swapToPrice(operator, addresses.pool, (sqrtPriceX96 * BigInt(1_000 + (swaps % 2))) / 1_000n);
      const gas = (await secondary.prices.estimateGas()) - 21_000n;
      if (gas > most) most = gas;
    }
    expect(most > 20_000n && most < mostReadGas(window, blockTime), String(most)).to.be.true;
    expect((mostReadGas(window, blockTime) * 3n) / 2n < sourceGas).to.be.true;
  });

  it("adds observation slots of the pool in several transactions if a window holds many blocks", async () => {
    const chain = await network.create();
    const local = await localParameters();
    const gas: bigint[] = [];
    const plan = await deployOn(
      chain,
      {
        ...local,
        baseFeed: { ...local.baseFeed, lag: 600n },
        guard: { ...local.guard, window: 900n, maxFallPerHour: WAD / 10n },
      },
      "test",
      { onEvent: (event) => event.kind === "done" && event.receipt && gas.push(event.receipt.gasUsed) },
    );
    expect(plan.steps.map(({ id }) => id)).to.include.members(["PoolRoom801", "PoolRoom901"]);
    const pool = new Contract(plan.addresses.pool, poolArtifact.abi, chain.ethers.provider);
    const slot0 = (await pool.getFunction("slot0").staticCall()) as bigint[];
    expect(slot0[4]).to.equal(901n);
    expect(gas.every((used) => used < (MOST_GAS * 6n) / 10n)).to.be.true;
  });
});

describe("a pool that somebody initialized before the deployment", () => {
  /** A chain whose Uniswap already has the planned pool at a price. */
  async function chainWithPool(percent: bigint) {
    const chain = await network.create();
    const first = await deployOn(chain, undefined, "first");
    const parameters: DeploymentParameters = {
      ...(await localParameters()),
      uniswapFactory: first.addresses.uniswapFactory,
    };
    const plan = await planOf(parameters, "second");
    const { loanToken, collateralToken } = plan.addresses;
    const [, stranger] = await chain.ethers.getSigners();
    if (!stranger) throw new Error("Too few accounts.");
    const price = (parameters.market.expectedPrice * percent) / 100n;
    await createPool(stranger, parameters.uniswapFactory, {
      tokenA: loanToken,
      tokenB: collateralToken,
      fee: parameters.pool.fee,
      sqrtPriceX96: sqrtPriceX96FromPrice(price, sortsFirst(collateralToken, loanToken)),
    });
    return { chain, parameters, plan };
  }

  it("is rejected at another price before anything is sent", async () => {
    const { chain, parameters } = await chainWithPool(103n);
    const sent = await chain.ethers.provider.getTransactionCount(DEPLOYER);
    const message = await failureOf(deployOn(chain, parameters, "second"));
    expect(message).to.match(/the pool 0x[0-9a-f]{40} is at the feeds' price, or has none yet/u);
    expect(message).to.match(/somebody initialized it at 1\.0[23]\d* times the feeds' price/u);
    expect(message).to.contain("Choose another name for the deployment (--name)");
    expect(await chain.ethers.provider.getTransactionCount(DEPLOYER)).to.equal(sent);
  });

  it("is rejected by TestLiquidity if it is initialized just before", async () => {
    const { chain, plan } = await chainWithPool(103n);
    const blind = { ...plan, checks: [] };
    const failed = execute(blind, new Node(chain.ethers.provider), { address: DEPLOYER }, { pollInterval: 10 });
    const message = await failureOf(failed);
    expect(message).to.contain("StepFailedError: The step Pool failed");
    expect(message).to.contain("PoolAtAnotherPrice(");
  });

  it("is filled at the feeds' price", async () => {
    const { chain, parameters, plan } = await chainWithPool(100n);
    await deployOn(chain, parameters, "second");
    const guard = OracleGuard__factory.connect(plan.addresses.guard, chain.ethers.provider);
    expect((await guard.prices()).liquidationPrice).to.equal(parameters.market.expectedPrice);
  });
});

describe("a deployment that was stopped before its guard", () => {
  it("is rejected while the feeds deviate from the pool, and continues once they agree", async () => {
    const chain = await network.create();
    const stopped = deployOn(chain, undefined, "test", {
      onEvent: ({ kind }) => {
        if (kind === "pause") throw new Error("stopped");
      },
    });
    expect(await failureOf(stopped)).to.contain("stopped");
    const { addresses } = await planOf();
    const feed = await chain.ethers.getContractAt("SettableFeed", addresses.baseFeed);
    await feed.setAnswer(2_050n * 10n ** 8n);
    const sent = await chain.ethers.provider.getTransactionCount(DEPLOYER);
    const message = await failureOf(deployOn(chain));
    expect(message).to.contain("it was filled and is now at 0.9756 times the feeds' price");
    expect(message).to.contain("Or trade the pool to the feeds' price first.");
    expect(await chain.ethers.provider.getTransactionCount(DEPLOYER)).to.equal(sent);
    await feed.setAnswer(2_010n * 10n ** 8n);
    await deployOn(chain);
    expect(await chain.ethers.provider.getCode(addresses.market)).not.to.equal("0x");
  });
});

describe("the pool of a deployment", () => {
  const local = readFileSync(new URL("../../deploy/parameters/local.yaml", import.meta.url), "utf8");

  for (const [loan, collateral] of [
    [6, 18],
    [18, 8],
    [8, 6],
  ] as const) {
    for (const collateralIsToken0 of [true, false]) {
      const order = collateralIsToken0 ? "collateral" : "loan";
      it(`is at the feeds' price for tokens of ${loan} and ${collateral} decimals, with the ${order} token first`, async () => {
        const text = local
          .replace("decimals: 18", `decimals: ${collateral}`)
          .replace("decimals: 6", `decimals: ${loan}`);
        const { parameters } = parseParameters(text, "local.yaml");
        let [name, number] = ["test", 0];
        let plan = await planOf(parameters, name);
        while (sortsFirst(plan.addresses.collateralToken, plan.addresses.loanToken) !== collateralIsToken0) {
          name = `test ${++number}`;
          plan = await planOf(parameters, name);
        }
        const chain = await network.create();
        await deployOn(chain, parameters, name);
        const guard = OracleGuard__factory.connect(plan.addresses.guard, chain.ethers.provider);
        const [open, liquidation] = await guard.prices();
        const price = parameters.market.expectedPrice;
        expect(liquidation).to.equal(price);
        expect(open).to.be.within(price - price / 5_000n, price);
        const token = FaucetToken__factory.connect(plan.addresses.collateralToken, chain.ethers.provider);
        const { collateral: expected } = parameters.pool;
        expect(await token.balanceOf(plan.addresses.pool)).to.be.within(expected - expected / 10n ** 6n, expected);
      });
    }
  }
});

describe("an expected price that the chain's feeds contradict", () => {
  it("is rejected before anything is sent, but ignored once the market exists", async () => {
    const chain = await network.create();
    const { addresses } = await deployOn(chain, undefined, "first");
    const local = await localParameters();
    const withFeeds = {
      ...local,
      baseFeed: { ...local.baseFeed, source: { address: addresses.baseFeed } },
      quoteFeed: { ...local.quoteFeed, source: { address: addresses.quoteFeed } },
    };
    const sent = await chain.ethers.provider.getTransactionCount(DEPLOYER);
    const wrong = { ...withFeeds, market: { ...local.market, expectedPrice: local.market.expectedPrice / 10n } };
    const message = await failureOf(deployOn(chain, wrong, "second"));
    expect(message).to.contain("market.expectedPrice is within a factor of two of the feeds' price");
    expect(message).to.contain("the feeds' price is 10 times the expected price");
    expect(await chain.ethers.provider.getTransactionCount(DEPLOYER)).to.equal(sent);

    await deployOn(chain, withFeeds, "second");
    const feed = await chain.ethers.getContractAt("SettableFeed", addresses.baseFeed);
    await feed.setAnswer(9_000n * 10n ** 8n);
    const nonce = await chain.ethers.provider.getTransactionCount(DEPLOYER);
    await deployOn(chain, withFeeds, "second");
    expect(await chain.ethers.provider.getTransactionCount(DEPLOYER)).to.equal(nonce);
  });
});

describe("the wait for the pool's mean", () => {
  let anvil: RunningNode;
  afterEach(async () => {
    await anvil.stop();
  });

  /** Deploys on a node that can't advance its time, such as those of testnets. */
  async function deploySlowly(minedWithin: number): Promise<{ plan: CantileverPlan; events: DeploymentEvent[] }> {
    const rpc: Rpc = {
      send: async (method, params) => {
        if (method.startsWith("evm_")) throw new Error("the method does not exist/is not available");
        return anvil.rpc.send(method, params);
      },
    };
    const plan = await planOf();
    const events: DeploymentEvent[] = [];
    await execute(
      plan,
      new Node(rpc),
      { address: DEPLOYER },
      {
        pollInterval: 30,
        minedWithin,
        onEvent: (event) => events.push(event),
      },
    );
    return { plan, events };
  }

  it("goes by the chain's time where that passes by itself", async () => {
    anvil = await startAnvil("--block-time", "0.2");
    await anvil.rpc.send("anvil_setBlockTimestampInterval", [6]);
    const { plan, events } = await deploySlowly(20_000);
    expect(events.filter(({ kind }) => kind === "pause")).to.have.length(1);
    const node = new Node(anvil.rpc);
    expect(await node.hasCode(plan.addresses.market)).to.be.true;
    const liquidity = TestLiquidity__factory.createInterface();
    const [filledAt] = await node.view(plan.addresses.liquidity, liquidity, "filledAt");
    expect((await node.time()) - (filledAt as bigint) >= plan.parameters.guard.window).to.be.true;
  });

  it("fails with advice if the chain's time stands still, and continues in a later run", async () => {
    anvil = await startAnvil();
    const message = await failureOf(deploySlowly(300));
    expect(message).to.contain("StepFailedError: The step OracleGuard failed: it must wait");
    expect(message).to.contain("Let the node mine at intervals");
    const plan = await planOf();
    await execute(plan, new Node(anvil.rpc), { address: DEPLOYER }, { pollInterval: 30 });
    expect(await new Node(anvil.rpc).hasCode(plan.addresses.market)).to.be.true;
  });
});
