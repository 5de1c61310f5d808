import { fromUnits } from "../client/units.ts";
import { generatePopulation } from "./population/generate.ts";
import type { RunRecord } from "./record.ts";
import { highestOf, lowestOf } from "./scenario/resample.ts";
import type { PricePath, PricePoint } from "./scenario/types.ts";
import { openPositions } from "./borrowers.ts";
import { openChain, type Chain } from "./chain.ts";
import type { Clock } from "./clock.ts";
import { deployAll, type Deployment } from "./deploy.ts";
import { fundLenders } from "./lenders.ts";
import { MarketPlace } from "./market-place.ts";
import type { Progress } from "./progress.ts";
import { replay } from "./replay.ts";
import { marketInfo, settingsOf } from "./run-info.ts";
import { setScene, type Scene } from "./scene.ts";
import { SETTINGS } from "./settings.ts";
import { reportsOf } from "./steps.ts";

const DAY_SECONDS = 86_400;
/** The setup's blocks take their times from the machine's clock: a day is more than it ever needs. */
const SETUP_DAYS = 1;

export interface RunOptions {
  readonly path: PricePath;
  readonly seed: string;
  readonly positions: number;
  /** The command that makes the same run again. */
  readonly command: string;
  /** Most moments at which the feed reports. */
  readonly maxSteps?: number;
}

/** What a run leaves behind: the report, and the chain for a look beyond it. */
export interface FinishedRun {
  readonly report: RunRecord;
  readonly chain: Chain;
  readonly scene: Scene;
}

/** The market before anyone has borrowed. */
interface Stage {
  readonly chain: Chain;
  readonly deployment: Deployment;
  readonly place: MarketPlace;
  readonly clock: Clock;
  readonly debtUsd: number;
}

/**
 * Runs the demo on a chain of its own and measures it.
 * @throws InvalidPopulationError or BorrowersRefusedError for a population that can't be, or can't open.
 */
export async function runDemo(options: RunOptions, progress: Progress): Promise<FinishedRun> {
  const began = performance.now();
  const { path, seed } = options;
  const reports = reportsOf(path, options.maxSteps ?? SETTINGS.maxSteps);
  const stage = await setUp(options, reports, progress);
  const { opened, heldUp } = await fillMarket(options, stage, progress);

  const scene = await setScene(stage.chain, stage.deployment, stage.place, stage.clock);
  const result = await replay(scene, path.startsAt, reports, (done, { price }, batches, { systemLeverage }) => {
    const detail = `${price.toFixed(2)} dollars, ${systemLeverage.toFixed(2)}x, ${batches} batches liquidated`;
    progress.step("Replaying prices", done, reports.length, detail);
  });

  const report: RunRecord = {
    run: {
      scenario: path.name,
      title: path.title,
      source: path.source,
      startsAt: path.startsAt,
      seed,
      durationSeconds: (performance.now() - began) / 1000,
      command: options.command,
      market: await marketInfo(stage.deployment),
      settings: settingsOf(reports.length, stage.debtUsd, heldUp),
    },
    positions: { opened, liquidated: result.liquidated.size },
    moments: result.moments,
    series: result.series,
    liquidations: result.liquidations,
  };
  return { report, chain: stage.chain, scene };
}

/** Chain, contracts, pool and lenders. */
async function setUp(
  { path, positions }: RunOptions,
  reports: readonly PricePoint[],
  progress: Progress,
): Promise<Stage> {
  const [low, high, start] = [lowestOf(reports).price, highestOf(reports).price, lowestOf(reports.slice(0, 1)).price];
  const debtUsd = Math.min(SETTINGS.mostDebtUsd, SETTINGS.debtPerPositionUsd * positions);

  progress.stage("Starting a chain");
  const opensAt = path.startsAt - SETTINGS.openingDays * DAY_SECONDS;
  const chain = await openChain(opensAt - SETUP_DAYS * DAY_SECONDS, SETTINGS.lenderShares.length, positions);

  progress.stage("Deploying the contracts");
  const deployment = await deployAll(chain, start);

  progress.stage("Filling a Uniswap v3 pool, lenders depositing");
  const bounds = { low: low / SETTINGS.poolMargin, high: high * SETTINGS.poolMargin };
  const place = await MarketPlace.open(deployment, chain.cast.trader, chain.provider, start, bounds);
  await fundLenders(deployment, chain.cast.lenders, debtUsd);

  const clock = await chain.startClock();
  clock.reach(opensAt);
  return { chain, deployment, place, clock, debtUsd };
}

/** Lets the population open its positions. */
async function fillMarket({ seed, positions, path }: RunOptions, stage: Stage, progress: Progress) {
  const { chain, deployment, place, clock, debtUsd } = stage;
  const { maxLeverage } = await deployment.market.limits();
  const population = generatePopulation({
    seed,
    count: positions,
    maxLeverage: fromUnits(maxLeverage, 4),
    totalDebtUsd: debtUsd,
    minDebtUsd: SETTINGS.minDebtUsd,
  });
  const borrowers = population.flatMap((borrower, index) => {
    const signer = chain.cast.borrowers[index];
    return signer === undefined ? [] : [{ borrower, signer }];
  });
  return openPositions(deployment, place, clock, borrowers, lowestOf(path.points.slice(0, 1)).price, (count) => {
    progress.step("Opening leveraged positions", count, positions);
  });
}
