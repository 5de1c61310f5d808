import { fromUnits } from "../../client/units.ts";
import { DAY } from "../../protocol/units.ts";
import { Arbitrageur } from "../agents/arbitrageur.ts";
import { openPositions, type Openings } from "../agents/borrowers.ts";
import { FeedOperator } from "../agents/feed-operator.ts";
import { startKeeper } from "../agents/keeper.ts";
import { enterPool, fundLenders, poolUsd, tradingFundsUsd, type Pool, type PriceSpan } from "../agents/liquidity.ts";
import type { SimulationConfig } from "../config.ts";
import { openChain, type Chain } from "../market/chain.ts";
import { connectDeployment, type Deploy, type Deployment } from "../market/deployment.ts";
import { generatePopulation } from "../population/generate.ts";
import { checkPath, highestOf, lowestOf, priceAt, type PricePath } from "../scenario/price-path.ts";
import type { Progress } from "./progress.ts";
import type { Simulation } from "./replay.ts";

const DAY_SECONDS = Number(DAY);
/**
 * The setup's blocks take their times from the machine's clock, but for the wait for the pool's
 * mean: a day is more than they ever need.
 */
const SETUP_DAYS = 1;
/**
 * Worth of collateral that the market takes, and least worth of each token that an address is given
 * in a day.
 */
const AMPLE_USD = 10_000_000_000;

/** What is set up. */
export interface SetupOptions {
  readonly config: SimulationConfig;
  /** Deploys the contracts. */
  readonly deploy: Deploy;
  /** Prices of the market: it opens at the first, and its pool reaches all of them. */
  readonly path: PricePath;
  /** Of the population. */
  readonly seed: string;
  /** Number of borrowers. */
  readonly positions: number;
  /** Private keys of accounts that nobody here uses: the chain's first ones. None by default. */
  readonly others?: readonly string[];
}

/** A market with all its positions open, before the first price of the path moves. */
export interface Setup {
  readonly simulation: Simulation;
  readonly openings: Openings;
  /** Debt that the population has opened, dollars. */
  readonly debtUsd: number;
}

/**
 * Sets up a market on a chain of its own and lets a population open leveraged positions. The chain
 * stays open: close it with `simulation.chain.close()`.
 * @throws UnusablePricesError for prices that can't be replayed.
 * @throws InvalidPopulationError or BorrowersRefusedError for a population that can't be, or can't
 * open.
 */
export async function setUp(options: SetupOptions, progress: Progress): Promise<Setup> {
  const { config, path, positions, others } = options;
  checkPath(path);
  const debtUsd = Math.min(config.debt.mostUsd, config.debt.perPositionUsd * positions);
  const opensAt = path.startsAt - config.borrowers.openingDays * DAY_SECONDS;
  progress.begin("Starting a chain");
  const chain = await openChain(opensAt - SETUP_DAYS * DAY_SECONDS, config.lenders.shares.length, positions, others);
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
    return { simulation: { ...agents, keeper: await startKeeper(agents) }, openings, debtUsd };
  } catch (error) {
    await chain.close();
    throw error;
  }
}

/** Contracts, a pool with liquidity, and a vault with the lenders' deposits. */
async function setUpMarket(
  { config, deploy, path }: SetupOptions,
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
  { config, seed, positions, path }: SetupOptions,
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
