import { expect } from "chai";

import { deployLocally } from "../../scripts/command/local-deployment.ts";
import { Liquidator, type LiquidatorSettings } from "../../src/keeper/liquidator.ts";
import { keeperRound, type Keeper } from "../../src/keeper/round.ts";
import { DEMO_CONFIG } from "../../src/lab/config.ts";
import type { PricePath } from "../../src/lab/scenario/price-path.ts";
import { liquidatedIn } from "../../src/lab/market/measure.ts";
import type { Simulation } from "../../src/lab/simulation/replay.ts";
import { silent } from "../../src/lab/simulation/progress.ts";
import { runSimulation, takeSnapshot } from "../../src/lab/simulation/run.ts";
import { toAddress, type Address } from "../../src/protocol/address.ts";
import { ETHER_GUARD } from "../../src/protocol/presets.ts";
import { sqrtPriceX96FromPrice } from "../../src/protocol/uniswap-v3/price.ts";

const CALM: PricePath = {
  name: "calm",
  title: "Nothing happens",
  source: "Made up.",
  startsAt: Date.UTC(2024, 0, 1) / 1000,
  points: [
    { seconds: 0, price: 2_000 },
    { seconds: 600, price: 2_000 },
  ],
};

describe("keeperRound, on real contracts", () => {
  let simulation: Simulation;
  let restore: () => Promise<Simulation>;
  let keeper: Keeper;
  let market: Address;
  /** The keeper with changed settings. */
  const keeperWith = (changes: Partial<LiquidatorSettings>): Keeper => {
    const settings = { market, poolFee: 500, minProfit: 100_000_000n, gasLimit: 16_000_000n, ...changes };
    const contract = simulation.deployment.flashLiquidator.connect(simulation.chain.accounts.keeper);
    return { ...keeper, liquidator: new Liquidator(contract, settings) };
  };
  const fallTo = async (price: number): Promise<void> => {
    const { arbitrageur, clock, deployment, feed } = simulation;
    await feed.publish(price);
    await arbitrageur.follow(price);
    // The guard uses this price for liquidations once the pool's mean agrees.
    clock.pass(Number(ETHER_GUARD.window));
    await clock.tick();
    await deployment.guard.poke();
  };

  before(async () => {
    const config = { ...DEMO_CONFIG, maxReports: 5 };
    const options = { config, deploy: deployLocally, path: CALM, seed: "1", positions: 12, command: "" };
    ({ simulation } = await runSimulation(options, silent));
    restore = await takeSnapshot(simulation);
    market = simulation.deployment.addresses.market;
  });
  beforeEach(async () => {
    simulation = await restore();
    keeper = simulation.keeper;
  });
  after(() => simulation.chain.close());

  it("tracks every change of a position by anyone", async () => {
    const { collateralToken, loanToken, market: contract } = simulation.deployment;
    const [account, helper] = simulation.chain.accounts.borrowers;
    if (account === undefined || helper === undefined) throw new Error("There are too few borrowers.");
    await collateralToken.mint(helper, 10n ** 18n);
    await loanToken.mint(helper, 10n ** 9n);
    await loanToken.connect(helper).approve(contract, 10n ** 9n);
    await contract.connect(helper).supplyCollateral(10n ** 17n, account);
    await contract.connect(helper).repay(10n ** 9n, account);
    await contract.connect(account).withdrawCollateral(10n ** 15n, account, account);
    await keeper.follower.update();

    const held = await contract.position(account);
    expect(keeper.follower.index.get(toAddress(await account.getAddress()))).to.deep.include({
      debtShares: held.debtShares,
      collateral: held.collateral,
    });
  });

  it("sends nothing while all positions are healthy", async () => {
    expect(await keeperRound(keeper)).to.deep.equal({ candidates: 0, skipped: "nothing can be liquidated" });
  });

  it("skips a batch with less than the minimum profit and reports the difference", async () => {
    await fallTo(1_500);
    const result = await keeperRound(keeperWith({ minProfit: 10n ** 15n }));
    expect(result).to.have.property("candidates").that.is.greaterThan(2);
    expect(result)
      .to.have.property("skipped")
      .that.matches(/ProfitBelowFloor\(profit: \d+, floor: 1000000000000000\)/u);
  });

  it("pays the owner at least the minimum profit and leaves nothing in the liquidator", async () => {
    await fallTo(1_500);
    const { loanToken, collateralToken, flashLiquidator } = simulation.deployment;
    const result = await keeperRound(keeper);
    if (!("receipt" in result)) throw new Error(result.skipped);
    expect(await loanToken.balanceOf(simulation.chain.accounts.keeper)).to.be.greaterThanOrEqual(100_000_000n);
    expect(await loanToken.balanceOf(flashLiquidator)).to.equal(0n);
    expect(await collateralToken.balanceOf(flashLiquidator)).to.equal(0n);
  });

  it("limits a batch to the gas limit", async () => {
    await fallTo(1_200);
    const all = await keeperRound(keeperWith({ minProfit: 10n ** 15n }));
    if ("receipt" in all) throw new Error("A floor beyond reach was reached.");
    const accounts = keeper.follower.index.positions.slice(0, all.candidates).map(({ account }) => account);
    const sales = [{ fee: 500, sqrtPriceLimitX96: sqrtPriceX96FromPrice(10n ** 27n, keeper.collateralIsToken0) }];
    const liquidator = simulation.deployment.flashLiquidator.connect(simulation.chain.accounts.keeper);
    const needed = await liquidator.liquidate.estimateGas(market, accounts, 10n ** 14n, 0n, sales, 0n);

    const most = needed - 10_000n;
    const result = await keeperRound(keeperWith({ gasLimit: most, minProfit: 0n }));
    if (!("receipt" in result)) throw new Error(result.skipped);
    expect(result.receipt.gasUsed <= most).to.be.true;
    expect(liquidatedIn(result.receipt, market)).to.have.length.within(1, all.candidates - 1);
  });

  it("liquidates in parts in a shallow pool, and everything in the end", async () => {
    await fallTo(1_750);
    // The pool's price is 1% below the feed, and the keeper sells down to 1.1% below it.
    await simulation.arbitrageur.follow(1_732.5);
    const careful = { ...keeper, maxSlippageBasisPoints: 110n };
    const payments: bigint[] = [];
    for (let round = 0; round < 60; ++round) {
      const result = await keeperRound(careful);
      if ("receipt" in result) {
        payments.push(liquidatedIn(result.receipt, market).reduce((sum, { payment }) => sum + payment, 0n));
      } else if (result.candidates === 0) break;
      // No batch is profitable any more; then buyers return.
      else await simulation.arbitrageur.tradeToMarketPrice();
    }
    expect(payments).to.have.length.within(3, 30);
    expect(await keeperRound(keeper)).to.deep.equal({ candidates: 0, skipped: "nothing can be liquidated" });
  });

  it("skips the round at a price that the market rejects", async () => {
    const oracle = { prices: () => Promise.resolve({ openPrice: 0n, liquidationPrice: 0n }) };
    expect(await keeperRound({ ...keeper, oracle: oracle as unknown as Keeper["oracle"] }))
      .to.have.property("skipped")
      .that.matches(/InvalidPrice/u);
  });

  it("skips the round while the oracle has no price", async () => {
    const { clock, arbitrageur } = simulation;
    await fallTo(1_500);
    clock.pass(86_400);
    await clock.tick();
    await simulation.deployment.market.accrue();
    await arbitrageur.tradeToMarketPrice();
    expect(await keeperRound(keeper))
      .to.have.property("skipped")
      .that.matches(/PrimaryUnavailable/u);
  });
});
