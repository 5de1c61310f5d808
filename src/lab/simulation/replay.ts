import { liquidate, poke, type KeeperSurroundings } from "../agents/keeper.ts";
import type { FeedOperator } from "../agents/feed-operator.ts";
import { readGuard } from "../../keeper/guard.ts";
import type { Keeper } from "../../keeper/round.ts";
import { agree } from "../../protocol/guard-rules.ts";
import { ETHER_GUARD } from "../../protocol/presets.ts";
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
  /** Times that the keeper poked the guard. */
  readonly pokes: number;
  /**
   * Reports after which liquidations waited for the pool's mean to come down to the feed's price.
   */
  readonly heldUp: number;
};

/**
 * Replays prices. Before each report the pool follows the market for as long as its mean looks
 * back. At the report the feed speaks; the pool follows the market, and arbitrageurs buy up what
 * the time since then lets them; the keeper pokes the guard if that is due, and liquidates, and
 * arbitrageurs trade again, block by block. Where the guard's price is not the feed's yet, the
 * keeper looks again until it is, or the window is over.
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
  const { config, deployment, clock, feed, arbitrageur, keeper } = simulation;
  const { index: riskIndex } = keeper.follower;
  const low = lowestOf(reports);
  const series: StepFigures[] = [];
  const liquidations: LiquidationBatch[] = [];
  const liquidated = new Set<string>();
  let [before, atLow, after]: (MarketMoment | undefined)[] = [];
  let previous = 0;
  let badDebtUsd = 0;
  let [pokes, heldUp] = [0, 0];

  /** The pool follows the market, and what sales have pressed is bought up. */
  const trade = async (seconds: number): Promise<void> => {
    clock.reach(path.startsAt + seconds);
    await arbitrageur.follow(priceAt(path, seconds));
    await arbitrageur.recover(seconds - previous);
    previous = seconds;
  };
  const act = async (report: PricePoint): Promise<void> => {
    if (await poke(simulation)) ++pokes;
    for (const { batch, accounts } of await liquidate(simulation, keeper, report)) {
      liquidations.push(batch);
      badDebtUsd += batch.badDebtUsd;
      for (const account of accounts) liquidated.add(account);
    }
  };

  for (const [index, report] of reports.entries()) {
    for (const seconds of stepsBefore(report, previous, config.arbitrage.everySeconds)) await trade(seconds);
    clock.reach(path.startsAt + report.seconds);
    await feed.publish(report.price);
    await trade(report.seconds);
    if (index === 0) {
      await keeper.follower.update();
      before = await measureMoment(deployment, riskIndex, report);
    }
    await act(report);
    const next = reports[index + 1]?.seconds ?? Infinity;
    let waited = false;
    for (const seconds of stepsAfter(report, next, config.arbitrage.everySeconds)) {
      if (!(await isHeldUp(simulation))) break;
      waited = true;
      await trade(seconds);
      await act(report);
    }

    if (waited) ++heldUp;
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
  return { moments: { before, atLow, after }, series, liquidations, liquidated, pokes, heldUp };
}

/** How far back the pool's mean looks. */
const WINDOW = Number(ETHER_GUARD.window);

/** The moments of the window that ends with a report, after the one before it was done with. */
function stepsBefore(report: PricePoint, after: number, every: number): readonly number[] {
  return stepsFrom(report.seconds - WINDOW, every).filter((seconds) => seconds > after);
}

/** The moments of the window that begins with a report, up to the next one. */
function stepsAfter(report: PricePoint, next: number, every: number): readonly number[] {
  return stepsFrom(report.seconds + every, every).filter((seconds) => seconds < next);
}

function stepsFrom(first: number, every: number): readonly number[] {
  return Array.from({ length: Math.ceil(WINDOW / every) }, (_, index) => first + index * every);
}

/**
 * Whether the guard liquidates above the feed's price, since the pool's mean has not come down to
 * it.
 */
async function isHeldUp({ deployment: { guard }, clock }: Simulation): Promise<boolean> {
  const { primary, secondary, maxDeviation } = await readGuard(guard, BigInt(clock.now));
  return primary < secondary && !agree(primary, secondary, maxDeviation);
}
