import { expect } from "chai";
import type { Interface } from "ethers";

import { deployLocally } from "../../../scripts/command/local-deployment.ts";
import { priceOracleAt } from "../../../src/client/contracts.ts";
import { fromUnits } from "../../../src/client/units.ts";
import { keeperRound } from "../../../src/keeper/round.ts";
import { DEMO_CONFIG } from "../../../src/lab/config.ts";
import { UnusablePricesError } from "../../../src/lab/errors.ts";
import type { RunRecord } from "../../../src/record.ts";
import { builtinScenario } from "../../../src/lab/scenario/builtin.ts";
import { HIGHEST_PRICE, LOWEST_PRICE, priceAt, type PricePath } from "../../../src/lab/scenario/price-path.ts";
import { liquidatedIn, type LiquidatedEvent } from "../../../src/lab/market/measure.ts";
import type { Simulation } from "../../../src/lab/simulation/replay.ts";
import { silent } from "../../../src/lab/simulation/progress.ts";
import {
  runSimulation,
  takeSnapshot,
  type FinishedSimulation,
  type SimulationOptions,
} from "../../../src/lab/simulation/run.ts";
import { toAddress } from "../../../src/protocol/address.ts";
import { agree } from "../../../src/protocol/guard-rules.ts";
import { ETHER_GUARD } from "../../../src/protocol/presets.ts";
import { GUARDIAN_ROLE, RISK_MANAGER_ROLE } from "../../../src/protocol/roles.ts";
import {
  AccessManager__factory,
  MarketAuthority__factory,
  UniswapV3TwapOracle__factory,
} from "../../../types/index.ts";
import { debtDown, debtUp, isWithin, valueDown } from "../../../src/protocol/leverage-math.ts";
import { totalsOf } from "../../../src/report/totals.ts";
import { expectClose } from "../../support/expect-close.ts";

const LIQUIDATION_LEVERAGE = 65_000n;
/** Few, so that a run takes a second. */
const MOST_REPORTS = 20;

/** A fall by a third between two blocks: more than anyone can liquidate in time. */
const GAP: PricePath = {
  name: "gap",
  title: "A gap",
  source: "Made up.",
  startsAt: Date.UTC(2024, 0, 1) / 1000,
  points: [
    { seconds: 0, price: 2_000 },
    { seconds: 3_600, price: 1_990 },
    { seconds: 3_612, price: 1_330 },
    { seconds: 7_200, price: 1_350 },
  ],
};

/** A simulation of twelve positions with at most so many reports. */
const optionsOf = (path: PricePath, maxReports: number): SimulationOptions => ({
  config: { ...DEMO_CONFIG, maxReports },
  deploy: deployLocally,
  path,
  seed: "1",
  positions: 12,
  command: "npm run demo",
});

/** The record of a simulation, without what differs from run to run. */
async function recordOf(options: SimulationOptions): Promise<RunRecord> {
  const { record, simulation } = await runSimulation(options, silent);
  await simulation.chain.close();
  return timeless(record);
}

const timeless = (record: RunRecord): RunRecord => ({ ...record, run: { ...record.run, durationSeconds: 0 } });

const settingOf = ({ run }: RunRecord, name: string) => run.settings.find((setting) => setting.name === name)?.value;

/** Dollars as units of the loan token. */
const units = (usd: number): bigint => BigInt(Math.round(usd * 1e6));

/** Receipts of the transactions that the record lists. */
async function receiptsOf({ record, simulation: { chain } }: FinishedSimulation) {
  return Promise.all(
    record.liquidations.map(async ({ transactionHash }) => {
      const receipt = await chain.provider.getTransactionReceipt(transactionHash);
      if (receipt === null) throw new Error(`The chain does not know ${transactionHash}.`);
      return receipt;
    }),
  );
}

for (const [title, path] of [
  ["12-13 March 2020", builtinScenario("march-2020")],
  ["a gap in the price", GAP],
] as const) {
  describe(`a simulation of twelve positions with ${title}`, () => {
    let run: FinishedSimulation;
    let restore: () => Promise<Simulation>;
    before(async () => {
      run = await runSimulation(optionsOf(path, MOST_REPORTS), silent);
      restore = await takeSnapshot(run.simulation);
    });
    after(() => run.simulation.chain.close());

    it("opens every position by one direct call of an ordinary account", async () => {
      const { market } = run.simulation.deployment;
      const openings = await market.queryFilter(market.filters.PositionAdjusted());
      expect(openings).to.have.length(12);
      expect(new Set(openings.map(({ args }) => args.account))).to.have.property("size", 12);
      for (const { args, transactionHash } of openings) {
        const transaction = await run.simulation.chain.provider.getTransaction(transactionHash);
        expect(transaction?.from).to.equal(args.account);
        expect(toAddress(transaction?.to ?? "")).to.equal(await market.getAddress());
        expect(await run.simulation.chain.provider.getCode(args.account)).to.equal("0x");
        expect(args.debtDelta > 0n && args.collateralDelta > 0n).to.be.true;
      }
      expect(run.record.positions.opened).to.equal(12);
      expect(run.record.moments.before.health).to.have.length(12);
    });

    it("keeps the books balanced", async () => {
      const { market, loanToken, collateralToken } = run.simulation.deployment;
      const totals = await market.totals();
      const positions = await Promise.all(
        run.simulation.chain.accounts.borrowers.map((borrower) => market.position(borrower)),
      );
      const sum = (value: (held: (typeof positions)[number]) => bigint): bigint =>
        positions.reduce((total, held) => total + value(held), 0n);
      expect(sum(({ debtShares }) => debtShares)).to.equal(totals.debtShares);
      expect(sum(({ collateral }) => collateral)).to.equal(totals.collateral);
      expect(await collateralToken.balanceOf(market)).to.equal(totals.collateral);
      expect(await loanToken.balanceOf(market)).to.equal(totals.cash);
    });

    it("keeps the keeper's index equal to the market's positions", async () => {
      const { market } = run.simulation.deployment;
      for (const borrower of run.simulation.chain.accounts.borrowers) {
        const account = toAddress(await borrower.getAddress());
        const [debtShares, collateral] = await market.position(account);
        expect(run.simulation.keeper.follower.index.get(account), account).to.deep.equal(
          debtShares === 0n ? undefined : { account, debtShares, collateral },
        );
      }
    });

    it("liquidates only what is above the limit, and raises nobody's leverage", async () => {
      const { market } = run.simulation.deployment;
      const address = run.simulation.deployment.addresses.market;
      const { oracle } = run.simulation.keeper;
      let liquidations = 0;
      for (const receipt of await receiptsOf(run)) {
        const block = { blockTag: receipt.blockNumber };
        const { borrowIndex } = await market.interest(block);
        const { liquidationPrice } = await oracle.prices(block);
        for (const event of liquidatedIn(receipt, address)) {
          const [shares, collateral] = await market.position(event.account, { blockTag: receipt.blockNumber - 1 });
          const value = valueDown(collateral, liquidationPrice);
          expect(isWithin(debtUp(shares, borrowIndex), value, LIQUIDATION_LEVERAGE), event.account).to.be.false;

          const [sharesLeft, collateralLeft] = await market.position(event.account, block);
          expect(sharesLeft).to.equal(shares - event.debtShares);
          expect(collateralLeft).to.equal(collateral - event.collateral);
          expect(sharesLeft * collateral <= shares * collateralLeft, event.account).to.be.true;
          ++liquidations;
        }
      }
      expect(liquidations).to.be.greaterThan(5);
    });

    it("stands on a guard over the feeds and the pool, whose restricted functions have their roles", async () => {
      const { deployment, chain } = run.simulation;
      const { market, guard, addresses } = deployment;
      expect(toAddress(await market.oracle())).to.equal(toAddress(await guard.getAddress()));
      const [primary] = await guard.sourceOf(0n);
      expect(toAddress(primary)).to.equal(addresses.primary);
      const [secondary] = await guard.sourceOf(1n);
      const twap = UniswapV3TwapOracle__factory.connect(secondary, chain.provider);
      expect(await twap.window()).to.equal(ETHER_GUARD.window);
      expect(await guard.maxDeviation()).to.equal(ETHER_GUARD.maxDeviation);
      const ofMarkets = MarketAuthority__factory.connect(await market.authority(), chain.provider);
      const manager = AccessManager__factory.connect(await guard.authority(), chain.provider);
      expect(await ofMarkets.authority()).to.equal(await guard.authority());
      for (const [target, contract, name, role] of [
        [ofMarkets, market.interface, "lowerLimit", GUARDIAN_ROLE],
        [ofMarkets, market.interface, "scheduleRaise", RISK_MANAGER_ROLE],
        [ofMarkets, market.interface, "rampLiquidationLeverage", RISK_MANAGER_ROLE],
        [guard, guard.interface, "cancelSource", GUARDIAN_ROLE],
        [guard, guard.interface, "scheduleSource", RISK_MANAGER_ROLE],
      ] as const) {
        const selector = (contract as Interface).getFunction(name)?.selector ?? "";
        expect(await manager.getTargetFunctionRole(target, selector), name).to.equal(role);
      }
    });

    it("pokes the guard hourly, and more often while its sources disagree; liquidates at no less than the feed's price", async () => {
      const { deployment, chain } = run.simulation;
      const { guard, addresses } = deployment;
      const events = await guard.queryFilter(guard.filters.Poked());
      const times = await Promise.all(events.map(async (event) => (await event.getBlock()).timestamp));
      const inReplay = times.filter((time) => time >= path.startsAt).length;
      expect(settingOf(run.record, "Pokes of the guard")).to.equal(String(inReplay));
      expect(inReplay).to.be.greaterThan(0);
      times.forEach((time, index) => {
        const spanBefore = time - (times[index - 1] ?? 0);
        expect(spanBefore).to.be.at.least(Number(DEMO_CONFIG.keeper.pokes.close));
        const { primary, secondary } = events[index]?.args ?? { primary: 0n, secondary: 0n };
        if (spanBefore >= Number(DEMO_CONFIG.keeper.pokes.calm)) return;
        // More often than hourly only while something is wrong: here, that the pool's mean lags.
        expect(agree(primary, secondary, ETHER_GUARD.maxDeviation), `poke ${index}`).to.equal(false);
      });
      const feeds = priceOracleAt(addresses.primary, chain.provider);
      for (const { blockNumber: blockTag } of await receiptsOf(run)) {
        const [, liquidation] = await guard.prices({ blockTag });
        const [, feed] = await feeds.prices({ blockTag });
        expect(liquidation >= feed).to.equal(true);
      }
    });

    it("reports sums that equal the events of the chain", async () => {
      const { market, loanToken } = run.simulation.deployment;
      const events = (await market.queryFilter(market.filters.Liquidated())).map(
        ({ args }) => args as unknown as LiquidatedEvent,
      );
      const losses = await market.queryFilter(market.filters.LossBooked());
      const sum = (value: (event: LiquidatedEvent) => bigint): bigint =>
        events.reduce((total, event) => total + value(event), 0n);
      const totals = totalsOf(run.record.liquidations);
      expect(totals.liquidations).to.equal(events.length);
      expect(run.record.positions.liquidated).to.equal(new Set(events.map(({ account }) => account)).size);
      expect(units(totals.repaidUsd)).to.equal(sum(({ payment, fee }) => payment - fee));
      expect(units(run.record.liquidations.reduce((total, { feeUsd }) => total + feeUsd, 0))).to.equal(
        sum(({ fee }) => fee),
      );
      expect(units(totals.badDebtUsd)).to.equal(sum(({ loss }) => loss));
      expect(units(run.record.series.at(-1)?.badDebtUsd ?? 0)).to.equal(sum(({ loss }) => loss));
      expect(units(totals.profitUsd)).to.equal(await loanToken.balanceOf(run.simulation.chain.accounts.keeper));
      // Each position's loss is rounded on its own, the batch's as a whole.
      const booked = losses.reduce((total, { args }) => total + args.loss, 0n);
      const rounding = BigInt(events.length);
      expect(booked).to.be.within(sum(({ loss }) => loss) - rounding, sum(({ loss }) => loss) + rounding);
      const gas = (await receiptsOf(run)).reduce((total, { gasUsed }) => total + gasUsed, 0n);
      expect(totals.gasPerLiquidation).to.equal(Number(gas) / events.length);
    });

    it("lowers the lenders' share price only where a loss is booked", () => {
      for (const [index, step] of run.record.series.entries()) {
        const last = run.record.series[index - 1];
        if (last === undefined || step.badDebtUsd > last.badDebtUsd) continue;
        expect(step.lenderSharePrice, `step ${index}`).to.be.at.least(last.lenderSharePrice);
      }
    });

    describe("goes on from its end, and", () => {
      beforeEach(async () => {
        run = { ...run, simulation: await restore() };
      });

      it("reports the last state as the chain has it", async () => {
        const { market, lens } = run.simulation.deployment;
        const state = await lens.marketView(market, { blockTag: "latest" });
        const { after } = run.record.moments;
        expect(after.debtUsd).to.equal(fromUnits(state.debt, 6));
        expect(after.systemLeverage).to.equal(Number(state.systemLeverage) / 10_000);
        // A lender's action turns the fees that are due into shares of the buffer, and nothing
        // else.
        const lender = run.simulation.chain.accounts.lenders[0];
        if (lender === undefined) throw new Error("There is no lender.");
        await run.simulation.clock.tick();
        await market.connect(lender).deposit(0n, lender);
        const buffer = fromUnits(await market.convertToAssets(await market.balanceOf(market)), 6);
        expect(Math.abs(buffer - after.bufferUsd)).to.be.lessThan(1);
        expect(after.bufferUsd > 1 || run.record.liquidations.some(({ badDebtUsd }) => badDebtUsd > 0)).to.be.true;
        expect(after.lenderSharePrice).to.equal(fromUnits(state.sharePrice, 18));
        expect(state.totalAssets).to.be.oneOf([state.cash + state.debt, state.cash + state.debt - 1n]);
      });

      it("leaves the keeper calm when the feed falls silent", async () => {
        const { clock, arbitrageur, deployment, keeper } = run.simulation;
        clock.pass(86_400);
        await arbitrageur.tradeToMarketPrice();
        await clock.tick();
        await deployment.market.accrue();
        expect(await keeperRound(keeper))
          .to.have.property("skipped")
          .that.matches(/PrimaryUnavailable/u);
      });

      it("comes back to a snapshot: chain, clock, feed, pool and the keeper's index", async () => {
        const { clock, arbitrageur, feed } = run.simulation;
        const stateOf = async ({ deployment, keeper }: Simulation) => [
          await deployment.market.totals(),
          await deployment.baseFeed.latestRoundData(),
          await arbitrageur.poolPrice(),
          clock.now,
          keeper.follower.index.positions,
        ];
        const before = await stateOf(run.simulation);
        for (let times = 0; times < 2; ++times) {
          await feed.publish(run.record.moments.before.price / 2);
          await arbitrageur.follow(run.record.moments.before.price / 2);
          await keeperRound(run.simulation.keeper);
          expect(await stateOf(run.simulation)).not.to.deep.equal(before);
          run = { ...run, simulation: await restore() };
          expect(await stateOf(run.simulation)).to.deep.equal(before);
        }
      });
    });

    if (path === GAP) {
      it("gives the same figures for the same seed, and others for another", async () => {
        const options = optionsOf(path, MOST_REPORTS);
        expect(await recordOf(options)).to.deep.equal(timeless(run.record));
        const other = await recordOf({ ...optionsOf(path, 5), seed: "2" });
        expect(other.moments.before.health).not.to.deep.equal(run.record.moments.before.health);
      });

      it("books bad debt: buffer and lenders lose just that, the buffer first", async () => {
        const { record, simulation } = run;
        const { market, addresses } = simulation.deployment;
        const losses = await market.queryFilter(market.filters.LossBooked());
        expect(losses).not.to.be.empty;
        expect(record.moments.after.lenderSharePrice).to.be.lessThan(record.moments.before.lenderSharePrice);
        for (const { args, blockNumber, transactionHash } of losses) {
          const receipt = await simulation.chain.provider.getTransactionReceipt(transactionHash);
          if (receipt === null) throw new Error(`The chain does not know ${transactionHash}.`);
          const fees = liquidatedIn(receipt, addresses.market).reduce((total, { fee }) => total + fee, 0n);
          const [cash, shares] = await market.totals({ blockTag: blockNumber - 1 });
          const { borrowIndex } = await market.interest({ blockTag: blockNumber });
          const expected = cash + debtDown(shares, borrowIndex) + fees;
          expect(await market.totalAssets({ blockTag: blockNumber })).to.equal(expected - args.loss);
          // Lenders lose only when nothing is left of the buffer.
          const buffer = await market.balanceOf(market, { blockTag: blockNumber });
          const bufferBefore = await market.balanceOf(market, { blockTag: blockNumber - 1 });
          const worth = await market.convertToAssets(args.bufferSharesBurned, { blockTag: blockNumber - 1 });
          if (buffer > 0n) expect(worth).to.be.within(args.loss - args.loss / 1_000n, args.loss + args.loss / 1_000n);
          else expect(args.bufferSharesBurned >= bufferBefore).to.be.true;
        }
      });
    }
  });
}

describe("runSimulation", () => {
  /** A price for each hour. */
  const course = (...prices: readonly number[]): PricePath => ({
    ...GAP,
    points: prices.map((price, index) => ({ seconds: index * 3_600, price })),
  });
  it("replays a fall and a rise through the whole range of prices", async () => {
    const path = course(HIGHEST_PRICE, LOWEST_PRICE, HIGHEST_PRICE);
    const { series, moments } = await recordOf({ ...optionsOf(path, 10), positions: 5 });
    expect(moments.atLow.price).to.equal(LOWEST_PRICE);
    expectClose(series.at(-1)?.poolPrice, HIGHEST_PRICE, 1);
  });

  it("lets the pool follow the market, and a feed with a lag report what was", async () => {
    const path = course(2_000, 2_100, 2_200);
    const options = optionsOf(path, 10);
    const config = { ...options.config, feed: { ...options.config.feed, lagSeconds: 600 } };
    const { series } = await recordOf({ ...options, config, positions: 5 });
    expect(series.at(-1)?.seconds).to.equal(7_800);
    for (const { seconds, feedPrice, poolPrice } of series) {
      expect(feedPrice).to.equal(priceAt(path, seconds - 600));
      expectClose(poolPrice, priceAt(path, seconds), 0.001);
    }
  });

  it("refuses prices out of the range before it starts anything", async () => {
    const stages: string[] = [];
    const progress = { ...silent, stage: (title: string) => stages.push(title) };
    await runSimulation(optionsOf(course(1, 0.001), 20), progress).then(
      () => expect.fail("prices out of the range were replayed"),
      (error: unknown) => expect(error).to.be.instanceOf(UnusablePricesError),
    );
    expect(stages).to.be.empty;
  });
});
