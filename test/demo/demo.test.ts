import { expect } from "chai";

import { fromUnits } from "../../scripts/client/units.ts";
import { liquidatedIn, type LiquidatedEvent } from "../../scripts/demo/liquidation-log.ts";
import { silent } from "../../scripts/demo/progress.ts";
import { runDemo, type FinishedRun } from "../../scripts/demo/run.ts";
import { keeperRound } from "../../scripts/keeper/round.ts";
import { debtDown, debtUp, isWithin, valueDown } from "../../scripts/math/leverage-math.ts";
import { totalsOf } from "../../scripts/report/totals.ts";
import { builtinScenario } from "../../scripts/scenario/builtin.ts";
import type { PricePath } from "../../scripts/scenario/types.ts";

const LIQUIDATION_LEVERAGE = 65_000n;
const OPTIONS = { seed: "1", positions: 12, maxSteps: 90, command: "npm run demo" };
const MARCH_2020 = { ...OPTIONS, path: builtinScenario("march-2020") };

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

/** Dollars as units of the loan token. */
const units = (usd: number): bigint => BigInt(Math.round(usd * 1e6));

/** Receipts of the transactions that the report lists. */
async function receiptsOf({ report, chain }: FinishedRun) {
  return Promise.all(
    report.liquidations.map(async ({ transactionHash }) => {
      const receipt = await chain.provider.getTransactionReceipt(transactionHash);
      if (receipt === null) throw new Error(`The chain does not know ${transactionHash}.`);
      return receipt;
    }),
  );
}

for (const [title, options] of [
  ["12-13 March 2020", MARCH_2020],
  ["a gap in the price", { ...OPTIONS, path: GAP }],
] as const) {
  describe(`the demo, with twelve positions and ${title}`, () => {
    let run: FinishedRun;
    before(async () => {
      run = await runDemo(options, silent);
    });
    after(() => run.chain.close());

    it("opens every position by one direct call of an ordinary account", async () => {
      const { market } = run.scene.deployment;
      const openings = await market.queryFilter(market.filters.PositionAdjusted());
      expect(openings).to.have.length(12);
      expect(new Set(openings.map(({ args }) => args.account))).to.have.property("size", 12);
      for (const { args, transactionHash } of openings) {
        const transaction = await run.chain.provider.getTransaction(transactionHash);
        expect(transaction?.from).to.equal(args.account);
        expect(transaction?.to).to.equal(await market.getAddress());
        expect(await run.chain.provider.getCode(args.account)).to.equal("0x");
        expect(args.debtDelta > 0n && args.collateralDelta > 0n).to.be.true;
      }
      expect(run.report.positions.opened).to.equal(12);
      expect(run.report.moments.before.health).to.have.length(12);
    });

    it("keeps the books balanced", async () => {
      const { market, loanToken, collateralToken } = run.scene.deployment;
      const totals = await market.totals();
      const positions = await Promise.all(run.chain.cast.borrowers.map((borrower) => market.position(borrower)));
      const sum = (value: (held: (typeof positions)[number]) => bigint): bigint =>
        positions.reduce((total, held) => total + value(held), 0n);
      expect(sum(({ debtShares }) => debtShares)).to.equal(totals.debtShares);
      expect(sum(({ collateral }) => collateral)).to.equal(totals.collateral);
      expect(await collateralToken.balanceOf(market)).to.equal(totals.collateral);
      expect(await loanToken.balanceOf(market)).to.equal(totals.cash);
    });

    it("keeps the keeper's book equal to the market's", async () => {
      const { market } = run.scene.deployment;
      for (const borrower of run.chain.cast.borrowers) {
        const account = await borrower.getAddress();
        const [debtShares, collateral] = await market.position(account);
        expect(run.scene.keeper.follower.book.get(account), account).to.deep.equal(
          debtShares === 0n ? undefined : { account, debtShares, collateral },
        );
      }
    });

    it("liquidates only what is above the limit, and raises nobody's leverage", async () => {
      const { market } = run.scene.deployment;
      const address = await market.getAddress();
      const { oracle } = run.scene.keeper;
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

    it("reports sums that equal the events of the chain", async () => {
      const { market, loanToken } = run.scene.deployment;
      const events = (await market.queryFilter(market.filters.Liquidated())).map(
        ({ args }) => args as unknown as LiquidatedEvent,
      );
      const losses = await market.queryFilter(market.filters.LossBooked());
      const sum = (value: (event: LiquidatedEvent) => bigint): bigint =>
        events.reduce((total, event) => total + value(event), 0n);
      const totals = totalsOf(run.report.liquidations);
      expect(totals.liquidations).to.equal(events.length);
      expect(run.report.positions.liquidated).to.equal(new Set(events.map(({ account }) => account)).size);
      expect(units(totals.repaidUsd)).to.equal(sum(({ payment }) => payment));
      expect(units(totals.badDebtUsd)).to.equal(sum(({ loss }) => loss));
      expect(units(run.report.series.at(-1)?.badDebtUsd ?? 0)).to.equal(sum(({ loss }) => loss));
      expect(units(totals.profitUsd)).to.equal(await loanToken.balanceOf(run.chain.cast.keeper));
      // Each position's loss is rounded on its own, the batch's as a whole.
      const booked = losses.reduce((total, { args }) => total + args.loss, 0n);
      const rounding = BigInt(events.length);
      expect(booked).to.be.within(sum(({ loss }) => loss) - rounding, sum(({ loss }) => loss) + rounding);
      const gas = (await receiptsOf(run)).reduce((total, { gasUsed }) => total + gasUsed, 0n);
      expect(totals.gasPerLiquidation).to.equal(Number(gas) / events.length);
    });

    it("lowers the lenders' share price only where a loss is booked", () => {
      for (const [index, step] of run.report.series.entries()) {
        const last = run.report.series[index - 1];
        if (last === undefined || step.badDebtUsd > last.badDebtUsd) continue;
        expect(step.lenderSharePrice, `step ${index}`).to.be.at.least(last.lenderSharePrice);
      }
    });

    it("reports the last state as the chain has it", async () => {
      const { market, lens } = run.scene.deployment;
      const state = await lens.marketView(market, { blockTag: "latest" });
      const { after } = run.report.moments;
      expect(after.debtUsd).to.equal(fromUnits(state.debt, 6));
      expect(after.systemLeverage).to.equal(Number(state.systemLeverage) / 10_000);
      // A lender's action turns the fees that are due into shares of the buffer, and nothing else.
      const lender = run.chain.cast.lenders[0];
      if (lender === undefined) throw new Error("There is no lender.");
      await run.scene.clock.tick();
      await market.connect(lender).deposit(0n, lender);
      const buffer = fromUnits(await market.convertToAssets(await market.balanceOf(market)), 6);
      expect(Math.abs(buffer - after.bufferUsd)).to.be.lessThan(1);
      expect(after.bufferUsd > 1 || run.report.liquidations.some(({ badDebtUsd }) => badDebtUsd > 0)).to.be.true;
      expect(after.lenderSharePrice).to.equal(fromUnits(state.sharePrice, 18));
      expect(state.totalAssets).to.be.oneOf([state.cash + state.debt, state.cash + state.debt - 1n]);
    });
  });
}

describe("the demo", () => {
  it("gives the same figures for the same seed, and others for another", async () => {
    const figures = async (seed: string) => {
      const { report, chain } = await runDemo({ ...MARCH_2020, seed, maxSteps: 40 }, silent);
      await chain.close();
      return { ...report, run: { ...report.run, durationSeconds: 0 } };
    };
    const first = await figures("7");
    expect(await figures("7")).to.deep.equal(first);
    expect((await figures("8")).moments).not.to.deep.equal(first.moments);
  });

  it("books bad debt in a gap of the price: buffer and lenders lose just that, the buffer first", async () => {
    const { report, chain, scene } = await runDemo({ ...OPTIONS, path: GAP }, silent);
    const { market } = scene.deployment;
    const losses = await market.queryFilter(market.filters.LossBooked());
    expect(losses).not.to.be.empty;
    expect(report.moments.after.lenderSharePrice).to.be.lessThan(report.moments.before.lenderSharePrice);
    for (const { args, blockNumber, transactionHash } of losses) {
      const receipt = await chain.provider.getTransactionReceipt(transactionHash);
      if (receipt === null) throw new Error(`The chain does not know ${transactionHash}.`);
      const fees = liquidatedIn(receipt, await market.getAddress()).reduce((total, { fee }) => total + fee, 0n);
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
    await chain.close();
  });

  it("leaves the keeper calm when the feed falls silent", async () => {
    const { chain, scene } = await runDemo({ ...MARCH_2020, maxSteps: 10 }, silent);
    scene.clock.pass(86_400);
    await scene.place.settle(scene.clock);
    await scene.clock.tick();
    await scene.deployment.market.accrue();
    const result = await keeperRound(scene.keeper);
    expect(result)
      .to.have.property("skipped")
      .that.matches(/StaleAnswer/u);
    await chain.close();
  });
});
