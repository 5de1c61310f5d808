import { keeperRound } from "../keeper/round.ts";
import type { RunRecord, LiquidationBatch, MarketMoment, StepFigures } from "./record.ts";
import { lowestOf } from "./scenario/resample.ts";
import type { PricePoint } from "./scenario/types.ts";
import { batchOf, liquidatedIn } from "./liquidation-log.ts";
import { momentOf, readBuffer, readMarket, stepFigures, type Instant } from "./measure.ts";
import type { Scene } from "./scene.ts";
import { SETTINGS } from "./settings.ts";
import { BLOCK_SECONDS } from "./steps.ts";

/** What a replay brings to the report. */
export type Replay = Pick<RunRecord, "moments" | "series" | "liquidations"> & {
  /** Accounts that were liquidated at least once. */
  readonly liquidated: ReadonlySet<string>;
};

/**
 * Replays prices. At each report: the feed speaks; the pool follows the market, and arbitrageurs buy up what the time since
 * the last report lets them; then the keeper acts, and arbitrageurs again, block by block.
 * @param startsAt Unix seconds of the first report.
 */
export async function replay(
  scene: Scene,
  startsAt: number,
  reports: readonly PricePoint[],
  progress: (done: number, point: PricePoint, liquidations: number, state: StepFigures) => void,
): Promise<Replay> {
  const { deployment, place, clock, keeper } = scene;
  const low = lowestOf(reports);
  const series: StepFigures[] = [];
  const liquidations: LiquidationBatch[] = [];
  const liquidated = new Set<string>();
  let [before, atLow, after]: (MarketMoment | undefined)[] = [];
  let previous = 0;

  for (const [index, point] of reports.entries()) {
    clock.reach(startsAt + point.seconds);
    await place.report(clock, point.price);
    await place.follow(clock, point.price);
    await place.recover(clock, point.seconds - previous);
    previous = point.seconds;
    if (index === 0) {
      await keeper.follower.update();
      before = await momentOf(deployment, keeper.follower.index, point);
    }

    for (const { batch, accounts } of await liquidateAt(scene, point)) {
      liquidations.push(batch);
      for (const account of accounts) liquidated.add(account);
    }

    const badDebtUsd = liquidations.reduce((sum, batch) => sum + batch.badDebtUsd, 0);
    const figures = stepFigures(point, await readMarket(deployment), {
      poolPrice: await place.poolPrice(),
      buffer: await readBuffer(deployment),
      badDebtUsd,
    });
    series.push(figures);
    if (point === low) atLow = await momentOf(deployment, keeper.follower.index, point);
    if (index === reports.length - 1) after = await momentOf(deployment, keeper.follower.index, point);
    progress(index + 1, point, liquidations.length, figures);
  }
  if (before === undefined || atLow === undefined || after === undefined) {
    throw new RangeError("A replay needs at least one price.");
  }
  return { moments: { before, atLow, after }, series, liquidations, liquidated };
}

interface Liquidated {
  readonly batch: LiquidationBatch;
  readonly accounts: readonly string[];
}

/** The keeper's rounds after one report, a block apart, with the arbitrageurs in between; ends when nothing is left that pays. */
async function liquidateAt({ place, clock, keeper, site }: Scene, instant: Instant): Promise<readonly Liquidated[]> {
  const done: Liquidated[] = [];
  for (let round = 0; round < SETTINGS.keeperRounds; ++round) {
    const result = await keeperRound(keeper);
    if (!("receipt" in result)) break;
    done.push({
      batch: batchOf(result.receipt, site, instant),
      accounts: liquidatedIn(result.receipt, site.market).map(({ account }) => account),
    });
    clock.pass(BLOCK_SECONDS);
    await place.recover(clock, BLOCK_SECONDS);
  }
  await keeper.follower.update();
  return done;
}
