import { type ContractTransactionResponse, MaxUint256, parseEther } from "ethers";

import type { GasFigures } from "./gas-limits.ts";
import { ALL } from "../../src/protocol/units.ts";
import { type BenchMarket, createBenchMarket, type DeployOracle, price } from "./market.ts";
import { deployFeeds, deployGuard } from "./sources.ts";

type Send = (market: BenchMarket) => Promise<ContractTransactionResponse>;

/** A measured transaction and its preparation. A day passes in between. */
interface Measurement {
  readonly prepare?: (bench: BenchMarket) => Promise<void>;
  readonly send: Send;
}

/**
 * Positions in the longer of the two batches whose difference gives the cost of a further position.
 */
const batchSize = 11;

const equity = parseEther("10");

const withDebt = async ({ open, borrower }: BenchMarket) => open(borrower, parseEther("8000"));

/**
 * One loan token less than four times the equity, because debt is rounded up and 5x is the limit.
 */
const openLeveraged: Send = ({ market, borrower, swapper }) =>
  market
    .connect(borrower)
    .adjust(
      borrower,
      5n * equity,
      (4n * equity * price) / 10n ** 36n - parseEther("1"),
      swapper,
      2n * equity,
      0,
      "0x01",
    );

/** Positions slightly above the liquidation limit after a price fall of a quarter. */
const unhealthy = (count: number) => async (bench: BenchMarket) => {
  // Another account keeps the market's leverage low. The positions have 4x, and 6x after the fall.
  const [whale, ...owners] = bench.others;
  if (whale === undefined) throw new Error("The chain has too few accounts.");
  await bench.open(whale, parseEther("1000"), parseEther("100"));
  for (const owner of owners.slice(0, count)) await bench.open(owner, parseEther("15000"));
};

const liquidate =
  (count: number): Send =>
  async ({ market, oracle, liquidator, others }) => {
    await oracle.setPrice((price * 87n) / 100n);
    const accounts = others.slice(1, 1 + count);
    return market
      .connect(liquidator)
      .liquidate(
        await Promise.all(accounts.map(async (account) => account.getAddress())),
        MaxUint256,
        0,
        liquidator,
        "0x",
      );
  };

const measurements: Readonly<Record<string, Measurement>> = {
  supply: {
    prepare: withDebt,
    send: ({ market, lender }) => market.connect(lender).deposit(parseEther("1000"), lender),
  },
  withdraw: {
    prepare: withDebt,
    send: ({ market, lender }) => market.connect(lender).withdraw(parseEther("1000"), lender, lender),
  },
  supplyCollateral: {
    prepare: withDebt,
    send: ({ market, borrower }) => market.connect(borrower).supplyCollateral(parseEther("1"), borrower),
  },
  withdrawCollateral: {
    prepare: withDebt,
    send: ({ market, borrower }) => market.connect(borrower).withdrawCollateral(parseEther("1"), borrower, borrower),
  },
  borrow: {
    prepare: withDebt,
    send: ({ market, borrower }) => market.connect(borrower).borrow(parseEther("1000"), borrower, borrower),
  },
  repay: {
    prepare: withDebt,
    send: ({ market, borrower }) => market.connect(borrower).repay(parseEther("1000"), borrower),
  },
  liquidate: { prepare: unhealthy(1), send: liquidate(1) },
  flashLoan: {
    prepare: withDebt,
    send: ({ market, loan, flashBorrower, borrower }) =>
      market.connect(borrower).flashLoan(flashBorrower, loan, parseEther("1000"), "0x"),
  },
  accrue: { prepare: withDebt, send: ({ market, borrower }) => market.connect(borrower).accrue() },
  openLeverage5x: {
    prepare: async ({ open, others }) => {
      const [other] = others;
      if (other === undefined) throw new Error("The chain has too few accounts.");
      await open(other, parseEther("1000"));
    },
    send: openLeveraged,
  },
  closeLeverage5x: {
    prepare: async (bench) => {
      const [other] = bench.others;
      if (other === undefined) throw new Error("The chain has too few accounts.");
      await bench.open(other, parseEther("1000"));
      await openLeveraged(bench);
    },
    send: ({ market, borrower, swapper }) => market.connect(borrower).adjust(borrower, ALL, ALL, swapper, 0, 0, "0x01"),
  },
};

/** The measurements on a guard with real sources, by their names in the table. */
const onGuard: Readonly<Record<string, Measurement>> = {
  guardBorrow: measured("borrow"),
  guardLiquidate: measured("liquidate"),
  guardOpenLeverage5x: measured("openLeverage5x"),
  guardCloseLeverage5x: measured("closeLeverage5x"),
  guardPoke: {
    send: async ({ oracle: { poke }, borrower }) => {
      if (poke === undefined) throw new Error("This oracle has no guard to poke.");
      return poke(borrower);
    },
  },
};

function measured(name: string): Measurement {
  const measurement = measurements[name];
  if (measurement === undefined) throw new Error(`${name} is not measured.`);
  return measurement;
}

async function gasOf({ prepare, send }: Measurement, deployOracle?: DeployOracle): Promise<number> {
  const bench = await createBenchMarket(deployOracle);
  await prepare?.(bench);
  // A lender's action a day later mints the buffer's first shares, so that no balance starts from
  // zero.
  await bench.passDay();
  await bench.market.connect(bench.lender).deposit(parseEther("1000"), bench.lender);
  await bench.passDay();
  // Real sources have no price after a day without answers.
  if (deployOracle !== undefined) await bench.oracle.setPrice(price);
  const receipt = await (await send(bench)).wait();
  if (receipt?.status !== 1) throw new Error("A measured transaction failed.");
  return Number(receipt.gasUsed);
}

/** Runs every measurement on its own chain, so that none depends on another. */
export async function measureGas(progress: (name: string) => void): Promise<GasFigures> {
  const figures: Record<string, number> = {};
  for (const [name, measurement] of Object.entries(measurements)) {
    progress(name);
    figures[name] = await gasOf(measurement);
    if (name === "liquidate") {
      progress("liquidateMarginal");
      const batch = await gasOf({ prepare: unhealthy(batchSize), send: liquidate(batchSize) });
      figures.liquidateMarginal = Math.ceil((batch - figures[name]) / (batchSize - 1));
    }
  }
  for (const [name, measurement] of Object.entries(onGuard)) {
    progress(name);
    figures[name] = await gasOf(measurement, deployGuard);
  }
  progress("feedsOpenLeverage5x");
  const feedsAlone = await gasOf(measured("openLeverage5x"), deployFeeds);
  figures.feedsOpenLeverage5x = feedsAlone;
  figures.guardAndPool = (figures.guardOpenLeverage5x ?? 0) - feedsAlone;
  return figures;
}
