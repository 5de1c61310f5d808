import { fromUnits } from "../../client/units.ts";
import { ETHER_GUARD } from "../../protocol/presets.ts";
import { DAY } from "../../protocol/units.ts";
import { Arbitrageur } from "../agents/arbitrageur.ts";
import { openPositions, type Openings } from "../agents/borrowers.ts";
import { FeedOperator } from "../agents/feed-operator.ts";
import { reportsOf } from "../agents/feed.ts";
import { startKeeper } from "../agents/keeper.ts";
import { enterPool, fundLenders, poolUsd, tradingFundsUsd, type Pool, type PriceSpan } from "../agents/liquidity.ts";
import type { SimulationConfig } from "../config.ts";
import { generatePopulation } from "../population/generate.ts";
import type { RunRecord, Setting } from "../../record.ts";
import { checkPath, highestOf, lowestOf, priceAt, type PricePath } from "../scenario/price-path.ts";
import { openChain, type Chain } from "../market/chain.ts";
import { connectDeployment, type Deploy, type Deployment } from "../market/deployment.ts";
import { marketInfo } from "../market/measure.ts";
import { replay, type Replay, type Simulation } from "./replay.ts";

const DAY_SECONDS = Number(DAY);
/**
 * The setup's blocks take their times from the machine's clock, but for the wait for the pool's
 * mean: a day is more than they ever need.
 */
const SETUP_DAYS = 1;
/** Enough to tell prices from their neighbours, of any size. */
const DIGITS = { maximumSignificantDigits: 6 };
/**
 * Worth of collateral that the market takes, and least worth of each token that an address is given
 * in a day.
 */
const AMPLE_USD = 10_000_000_000;

/** What is simulated. */
export interface SimulationOptions {
  readonly config: SimulationConfig;
  /** Deploys the contracts. */
  readonly deploy: Deploy;
  /** Prices of the market. */
  readonly path: PricePath;
  /** Of the population. */
  readonly seed: string;
  /** Number of borrowers. */
  readonly positions: number;
  /** The command that makes the same run again, for the record. */
  readonly command: string;
}

/** Tells how far a simulation is. */
export interface Progress {
  /** Something begins that takes a moment. */
  begin(title: string): void;
  /** One of many similar things is done. */
  step(title: string, done: number, total: number, detail?: string): void;
}

/** Tells nothing. */
export const silent: Progress = { begin: () => undefined, step: () => undefined };

/** What a simulation leaves behind: its record, and the market for a look beyond it. */
export interface FinishedSimulation {
  readonly record: RunRecord;
  readonly simulation: Simulation;
}

/**
 * Sets up a market on a chain of its own, lets a population open leveraged positions, replays the
 * prices, and measures. The chain stays open: close it with `simulation.chain.close()`.
 * @throws UnusablePricesError for prices that can't be replayed.
 * @throws InvalidPopulationError or BorrowersRefusedError for a population that can't be, or can't
 * open.
 */
export async function runSimulation(options: SimulationOptions, progress: Progress): Promise<FinishedSimulation> {
  const began = performance.now();
  const { config, path, seed, positions } = options;
  checkPath(path);
  const reports = reportsOf(path, config.feed, config.maxReports);
  const debtUsd = Math.min(config.debt.mostUsd, config.debt.perPositionUsd * positions);

  const opensAt = path.startsAt - config.borrowers.openingDays * DAY_SECONDS;
  progress.begin("Starting a chain");
  const chain = await openChain(opensAt - SETUP_DAYS * DAY_SECONDS, config.lenders.shares.length, positions);
  try {
    const { deployment, pool } = await setUpMarket(options, chain, debtUsd, progress);
    const clock = await chain.startClock();
    clock.reach(opensAt);
    const agents = {
      config,
      chain,
      deployment,
      clock,
      feed: new FeedOperator(deployment, clock),
      arbitrageur: new Arbitrageur(pool, chain.provider, deployment, clock, config.arbitrage),
    };
    const openings = await openAll(options, agents, debtUsd, progress);
    const simulation: Simulation = { ...agents, keeper: await startKeeper(agents) };

    const result = await replay(simulation, path, reports, (done, { price }, batches, { systemLeverage }) => {
      const detail = `${price.toLocaleString("en-US", DIGITS)} dollars, ${systemLeverage.toFixed(2)}x, ${batches} batches liquidated`;
      progress.step("Replaying prices", done, reports.length, detail);
    });
    const record: RunRecord = {
      run: {
        scenario: path.name,
        title: path.title,
        source: path.source,
        startsAt: path.startsAt,
        seed,
        durationSeconds: (performance.now() - began) / 1000,
        command: options.command,
        market: await marketInfo(deployment),
        settings: settingsOf(config, reports.length, debtUsd, openings.heldUp, result),
      },
      positions: { opened: openings.opened, liquidated: result.liquidated.size },
      moments: result.moments,
      series: result.series,
      liquidations: result.liquidations,
    };
    return { record, simulation };
  } catch (error) {
    await chain.close();
    throw error;
  }
}

/**
 * Remembers a simulation, chain and agents, so that several courses can be tried from the same
 * state.
 * @returns a function that brings that state back, as often as it is called; what it returns is the
 * simulation then, with a keeper that has read the chain anew.
 */
export async function takeSnapshot(simulation: Simulation): Promise<() => Promise<Simulation>> {
  const restoreChain = await simulation.chain.takeSnapshot();
  const restoreAgents = [simulation.clock, simulation.feed, simulation.arbitrageur].map((agent) => agent.save());
  return async () => {
    await restoreChain();
    for (const restore of restoreAgents) restore();
    return { ...simulation, keeper: await startKeeper(simulation) };
  };
}

/** Contracts, a pool with liquidity, and a vault with the lenders' deposits. */
async function setUpMarket(
  { config, deploy, path }: SimulationOptions,
  chain: Chain,
  debtUsd: number,
  progress: Progress,
): Promise<{ deployment: Deployment; pool: Pool }> {
  const { admin, guardian, riskManager, keeper, deployer, trader, lenders } = chain.accounts;
  const span: PriceSpan = {
    start: priceAt(path, 0),
    low: lowestOf(path.points).price,
    high: highestOf(path.points).price,
  };
  const fundsUsd = Math.max(config.arbitrage.fundsUsd, tradingFundsUsd(span, config));

  progress.begin("Deploying the contracts, filling a Uniswap v3 pool");
  const addresses = await deploy(chain, {
    startPrice: span.start,
    collateralCapUsd: AMPLE_USD,
    faucetUsd: Math.max(AMPLE_USD, 2 * fundsUsd),
    pool: { fee: config.pool.fee, usd: poolUsd(config.pool) },
    roles: {
      admin: await admin.getAddress(),
      guardian: await guardian.getAddress(),
      riskManager: await riskManager.getAddress(),
      keeper: await keeper.getAddress(),
    },
  });
  const deployment = await connectDeployment(addresses, deployer);

  progress.begin("Giving the traders their tokens, lenders depositing");
  const pool = await enterPool(deployment, trader, span.start, fundsUsd);
  await fundLenders(deployment, lenders, debtUsd, config.lenders);
  return { deployment, pool };
}

/** Lets the population open its positions, at the first price. */
async function openAll(
  { config, seed, positions, path }: SimulationOptions,
  agents: Omit<Simulation, "keeper">,
  debtUsd: number,
  progress: Progress,
): Promise<Openings> {
  const { maxLeverage } = await agents.deployment.market.limits();
  const population = generatePopulation({
    seed,
    count: positions,
    maxLeverage: fromUnits(maxLeverage, 4),
    totalDebtUsd: debtUsd,
    minDebtUsd: config.debt.leastPerPositionUsd,
  });
  const borrowers = population.flatMap((borrower, index) => {
    const signer = agents.chain.accounts.borrowers[index];
    return signer === undefined ? [] : [{ borrower, signer }];
  });
  return openPositions(agents, borrowers, priceAt(path, 0), (count) => {
    progress.step("Opening leveraged positions", count, positions);
  });
}

/** Settings worth stating next to the figures. */
function settingsOf(
  config: SimulationConfig,
  reports: number,
  debtUsd: number,
  heldUp: number,
  { pokes, heldUp: waits }: Pick<Replay, "pokes" | "heldUp">,
): readonly Setting[] {
  const { arbitrage, feed, keeper, pool } = config;
  const deviation = (100 * feed.deviation).toLocaleString("en-US");
  return [
    { name: "Debt to open", value: dollars(debtUsd) },
    { name: "Pool", value: `${dollars(pool.depthUsd)} to sell for a fall by 2%, at the first price` },
    { name: "Arbitrage", value: `${dollars(arbitrage.perMinuteUsd)} a minute against the keeper's sales` },
    { name: "Price reports", value: `${reports}: after each move of ${deviation}%, at turns, and at regular times` },
    {
      name: "Oracle",
      value: `a guard: the feeds, and the pool's mean over ${ETHER_GUARD.window} seconds; they agree within ${percent(ETHER_GUARD.maxDeviation)}`,
    },
    { name: "Pokes of the guard", value: String(pokes) },
    { name: "Reports that liquidations waited after, for the pool's mean", value: String(waits) },
    { name: "Keeper", value: `up to ${keeper.rounds} batches after each report` },
    { name: "Openings held up by the system cap", value: String(heldUp) },
  ];
}

/** A share in WAD. */
function percent(share: bigint): string {
  return `${(100 * fromUnits(share, 18)).toLocaleString("en-US")}%`;
}

/** Dollars in a narrow space: `$250.0K`, `$30.0M`. */
function dollars(value: number): string {
  return new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: "USD",
    notation: "compact",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(value);
}
