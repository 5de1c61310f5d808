import { liquidate, type KeeperSurroundings } from "../agents/keeper.ts";
import type { FeedOperator } from "../agents/feed-operator.ts";
import type { Keeper } from "../../keeper/round.ts";
import type { LiquidationBatch, MarketMoment, RunRecord, StepFigures } from "../../record.ts";
import { lowestOf, priceAt, type PricePath, type PricePoint } from "../scenario/price-path.ts";
import type { SimulationConfig } from "../config.ts";
import { measureMoment, measureStep } from "../market/measure.ts";

/** A market with everyone who acts in it, ready for prices. */
export interface Simulation extends KeeperSurroundings {
  readonly config: SimulationConfig;
  readonly feed: FeedOperator;
  readonly keeper: Keeper;
}

/** What a replay brings to the record. */
export type Replay = Pick<RunRecord, "moments" | "series" | "liquidations"> & {
  /** Accounts that were liquidated at least once. */
  readonly liquidated: ReadonlySet<string>;
};

/**
 * Replays prices. At each report: the feed speaks; the pool follows the market, and arbitrageurs
 * buy up what the time since the last report lets them; then the keeper acts, and arbitrageurs
 * again, block by block.
 * @param path prices of the market, which the pool follows.
 * @param reports what the feed says of them, at least one, ascending in time.
 * @param progress called after each report, with the number of reports and of liquidating
 * transactions so far.
 */
export async function replay(
  simulation: Simulation,
  path: PricePath,
  reports: readonly PricePoint[],
  progress: (done: number, report: PricePoint, batches: number, figures: StepFigures) => void,
): Promise<Replay> {
  const { deployment, clock, feed, arbitrageur, keeper } = simulation;
  const { index: riskIndex } = keeper.follower;
  const low = lowestOf(reports);
  const series: StepFigures[] = [];
  const liquidations: LiquidationBatch[] = [];
  const liquidated = new Set<string>();
  let [before, atLow, after]: (MarketMoment | undefined)[] = [];
  let previous = 0;
  let badDebtUsd = 0;

  for (const [index, report] of reports.entries()) {
    clock.reach(path.startsAt + report.seconds);
    await feed.publish(report.price);
    await arbitrageur.follow(priceAt(path, report.seconds));
    await arbitrageur.recover(report.seconds - previous);
    previous = report.seconds;
    if (index === 0) {
      await keeper.follower.update();
      before = await measureMoment(deployment, riskIndex, report);
    }

    for (const { batch, accounts } of await liquidate(simulation, keeper, report)) {
      liquidations.push(batch);
      badDebtUsd += batch.badDebtUsd;
      for (const account of accounts) liquidated.add(account);
    }

    const poolPrice = await arbitrageur.poolPrice();
    const figures = await measureStep(deployment, report, { poolPrice, badDebtUsd });
    series.push(figures);
    if (report === low) atLow = await measureMoment(deployment, riskIndex, report);
    if (index === reports.length - 1) after = await measureMoment(deployment, riskIndex, report);
    progress(index + 1, report, liquidations.length, figures);
  }
  if (before === undefined || atLow === undefined || after === undefined) {
    throw new RangeError("A replay needs at least one report.");
  }
  return { moments: { before, atLow, after }, series, liquidations, liquidated };
}
