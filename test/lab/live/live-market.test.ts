import { expect } from "chai";
import { MaxUint256, type Signer } from "ethers";

import { deployLocally } from "../../../scripts/command/local-deployment.ts";
import { openLeverage } from "../../../src/client/leverage.ts";
import { send } from "../../../src/client/send.ts";
import { fromUnits } from "../../../src/client/units.ts";
import { readGuard } from "../../../src/keeper/guard.ts";
import { startKeeper } from "../../../src/lab/agents/keeper.ts";
import { DEMO_CONFIG } from "../../../src/lab/config.ts";
import { LiveMarket, type LiveFigures } from "../../../src/lab/live/live-market.ts";
import { sqrtPriceX96Of } from "../../../src/lab/market/deployment.ts";
import { courseOf, type PricePath } from "../../../src/lab/scenario/price-path.ts";
import { silent } from "../../../src/lab/simulation/progress.ts";
import type { Simulation } from "../../../src/lab/simulation/replay.ts";
import { setUp } from "../../../src/lab/simulation/set-up.ts";
import { agree } from "../../../src/protocol/guard-rules.ts";
import { expectClose } from "../../support/expect-close.ts";

const STEP = 30;

/** An hour of calm, a fall by a quarter within half an hour, and calm again. */
const FALL: PricePath = {
  name: "fall",
  title: "A fall",
  source: "Made up.",
  startsAt: Date.UTC(2026, 0, 1) / 1_000,
  points: [
    { seconds: 0, price: 4_000 },
    { seconds: 3_600, price: 4_000 },
    { seconds: 5_400, price: 3_000 },
    { seconds: 90_000, price: 3_000 },
  ],
};

describe("LiveMarket", () => {
  let simulation: Simulation;
  let restore: () => Promise<void>;
  let restoreAgents: (() => void)[];

  before(async () => {
    const setup = await setUp(
      { config: DEMO_CONFIG, deploy: deployLocally, path: FALL, seed: "1", positions: 12 },
      silent,
    );
    ({ simulation } = setup);
    restore = await simulation.chain.takeSnapshot();
    restoreAgents = [simulation.clock, simulation.feed, simulation.arbitrageur].map((agent) => agent.save());
  });
  after(() => simulation.chain.close());

  /** The market at the start of its prices. */
  async function begin(keeper = true): Promise<LiveMarket> {
    await restore();
    for (const restoreAgent of restoreAgents) restoreAgent();
    // What the keeper has read since isn't there any more.
    simulation = { ...simulation, keeper: await startKeeper(simulation) };
    return LiveMarket.begin(simulation, { course: courseOf(FALL), startsAt: FALL.startsAt, keeper });
  }

  async function stepsOf(market: LiveMarket, count: number): Promise<LiveFigures> {
    for (let step = 0; step < count; ++step) await market.step(STEP);
    return market.figures();
  }

  it("begins at the start of the course, with a price to open at", async () => {
    const market = await begin();
    const { time, marketPrice, feedPrice, poolPrice, positions, liquidations } = await market.figures();
    expect(time).to.be.within(FALL.startsAt, FALL.startsAt + 5);
    expect([marketPrice, feedPrice]).to.deep.equal([4_000, 4_000]);
    expectClose(poolPrice, 4_000, 0.001);
    expect({ positions, liquidations }).to.deep.equal({ positions: 12, liquidations: 0 });
    const { openPrice } = await simulation.deployment.guard.prices();
    expect(openPrice > 0n).to.be.true;
  });

  it("lets the chain's time pass step by step, where nothing happens as well", async () => {
    const market = await begin();
    const before = await market.figures();
    const { time, block } = await stepsOf(market, 20);
    expect(time - FALL.startsAt).to.equal(20 * STEP);
    expect(block - before.block).to.be.at.least(20);
  });

  it("lets interest accrue", async () => {
    const market = await begin();
    const { market: contract } = simulation.deployment;
    const before = await contract.totalDebt();
    await stepsOf(market, 20);
    expect((await contract.totalDebt()) > before).to.be.true;
  });

  it("takes feed and pool through a fall, so that the guard's sources agree in the end, and liquidates", async () => {
    const market = await begin();
    const { feedPrice, marketPrice, poolPrice, liquidations, repaidUsd, systemLeverage } = await stepsOf(market, 260);
    expect(marketPrice).to.equal(3_000);
    expectClose(feedPrice, 3_000, 0.01);
    expectClose(poolPrice, 3_000, 0.01);
    expect(liquidations).to.be.at.least(1);
    expect(repaidUsd).to.be.above(10_000);
    expect(systemLeverage).to.be.below(3.5);
    const { guard } = simulation.deployment;
    const { primary, secondary, maxDeviation } = await readGuard(guard, BigInt(simulation.clock.now));
    expect(agree(primary, secondary, maxDeviation)).to.be.true;
  });

  it("leaves all of that to others where there is no keeper, but for the prices", async () => {
    const market = await begin(false);
    const poked = await simulation.deployment.guard.state();
    const { feedPrice, liquidations, poolPrice, systemLeverage } = await stepsOf(market, 260);
    expectClose(feedPrice, 3_000, 0.01);
    expectClose(poolPrice, 3_000, 0.01);
    expect(liquidations).to.equal(0);
    expect(systemLeverage).to.be.above(3.5);
    expect((await simulation.deployment.guard.state()).lastPoke).to.equal(poked.lastPoke);
  });

  /** Someone in the chain whom nobody here knows opens ten ether at 3x, without setting a time. */
  async function openAsStranger(stranger: Signer): Promise<void> {
    const { collateralToken, market, addresses, decimals } = simulation.deployment;
    await send(collateralToken.mint(stranger, 11n * 10n ** 18n));
    await send(collateralToken.connect(stranger).approve(market, MaxUint256));
    const block = await simulation.chain.provider.getBlock("latest");
    await openLeverage(market, addresses.swapper, stranger, {
      collateral: 30n * 10n ** 18n,
      debt: 80_000n * 10n ** 6n,
      maxOwnCollateral: 11n * 10n ** 18n,
      poolFee: simulation.config.pool.fee,
      sqrtPriceLimitX96: sqrtPriceX96Of(4_200, decimals, simulation.arbitrageur.collateralIsToken0),
      deadline: BigInt((block?.timestamp ?? 0) + 600),
    });
  }

  it("goes on from blocks that others mine, and counts their positions", async () => {
    const market = await begin();
    await stepsOf(market, 3);
    await openAsStranger(simulation.chain.accounts.riskManager);
    const { time, positions } = await stepsOf(market, 3);
    expect(positions).to.equal(13);
    expect(time - FALL.startsAt).to.be.within(6 * STEP, 6 * STEP + 5);
  });

  it("brings the pool back after a trade that pressed it, where there is a keeper, and where not, doesn't", async () => {
    for (const keeper of [true, false]) {
      const market = await begin(keeper);
      const { arbitrageur } = simulation;
      await openAsStranger(simulation.chain.accounts.riskManager);
      const pressed = await arbitrageur.poolPrice();
      expect(pressed).to.be.above(4_001);
      const { poolPrice } = await stepsOf(market, 2);
      expectClose(poolPrice, keeper ? 4_000 : pressed, 1e-6);
    }
  });

  it("moves the prices where somebody moves the chain's time forward", async () => {
    const market = await begin();
    const { provider } = simulation.chain;
    await stepsOf(market, 2);
    await provider.send("evm_increaseTime", [4_500]);
    await provider.send("evm_mine", []);
    const { time, marketPrice, feedPrice } = await stepsOf(market, 1);
    expect(time - FALL.startsAt).to.be.within(4_590, 4_600);
    expectClose(marketPrice, courseOf(FALL)(4_590), 0.01);
    expectClose(feedPrice, marketPrice, 0.01);
  });

  it("begins anew where somebody sets the chain back: prices, feed and the keeper's index", async () => {
    const market = await begin();
    await stepsOf(market, 130);
    const { provider } = simulation.chain;
    const snapshot = (await provider.send("evm_snapshot", [])) as string;
    const { time, positions } = await market.figures();
    await openAsStranger(simulation.chain.accounts.riskManager);
    expect((await stepsOf(market, 60)).marketPrice).to.equal(3_000);

    await provider.send("evm_revert", [snapshot]);
    const after = await stepsOf(market, 1);
    expect(after.time - time).to.be.within(STEP, STEP + 5);
    expect(after.positions).to.equal(positions);
    expect(after.marketPrice).to.be.above(3_600);
    expect(after.feedPrice).to.equal(after.marketPrice);
    const total = await simulation.deployment.market.totalDebt();
    expect(fromUnits(total, simulation.deployment.decimals.loan)).to.be.above(0);
    // And goes on: the fall comes a second time.
    expect((await stepsOf(market, 100)).marketPrice).to.equal(3_000);
  });
});
