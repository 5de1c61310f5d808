import { fromUnits } from "../../client/units.ts";
import { readMarketEvents } from "../../events/read.ts";
import type { StepFigures } from "../../record.ts";
import { Feed } from "../agents/feed.ts";
import { liquidate, poke, startKeeper } from "../agents/keeper.ts";
import { measureStep } from "../market/measure.ts";
import type { Course } from "../scenario/price-path.ts";
import type { Simulation } from "../simulation/replay.ts";

/** How a market lives. */
export interface LiveOptions {
  /** Prices of the market, dollars per collateral token, by the seconds since `startsAt`. */
  readonly course: Course;
  /** Unix seconds: no earlier than the latest block. */
  readonly startsAt: number;
  /**
   * Whether anybody liquidates, pokes the guard, and buys up what trades have pressed the pool by.
   */
  readonly keeper: boolean;
}

/** The market at a moment. */
export interface LiveFigures extends Omit<StepFigures, "seconds"> {
  /** Unix seconds of the latest block. */
  readonly time: number;
  /** Number of the latest block. */
  readonly block: number;
  /** Dollars per collateral token by the course, which feed and pool follow. */
  readonly marketPrice: number;
  /** Positions with debt. */
  readonly positions: number;
  /** Positions that were liquidated since the last look, by whomever. */
  readonly liquidations: number;
  /** What was repaid for that, dollars. */
  readonly repaidUsd: number;
}

/** Steps that a market may be behind its due time before it is taken for one that was set back. */
const MOST_BEHIND = 2;

/**
 * A market that goes on: step by step its prices follow a course, and those act who live from that.
 * Others may use the chain at the same time. Time is that of the chain's blocks: whoever moves it
 * forward moves the prices as well, and whoever sets the chain back sets back the prices.
 */
export class LiveMarket {
  #simulation: Simulation;
  readonly #options: LiveOptions;
  #feed: Feed;
  /** Unix seconds at which the last step was due. */
  #due: number;
  /** Unix seconds of the latest block after the last step. */
  #time: number;
  /** The price to which the pool has followed the market. */
  #followed: number;
  /** What agents remember may not be what the chain says any more. */
  #isStale = false;
  #badDebtUsd = 0;
  /** The last block whose liquidations have been counted. */
  #counted: number;

  private constructor(simulation: Simulation, options: LiveOptions, block: number) {
    const { course, startsAt } = options;
    this.#simulation = simulation;
    this.#options = options;
    this.#feed = new Feed(course, simulation.config.feed);
    this.#due = this.#time = startsAt;
    this.#followed = course(0);
    this.#counted = block;
  }

  /**
   * Lets the chain reach the start, where the feed reports and the guard is poked, keeper or not.
   */
  static async begin(simulation: Simulation, options: LiveOptions): Promise<LiveMarket> {
    const { chain, clock, feed } = simulation;
    clock.reach(options.startsAt);
    await feed.publish(options.course(0));
    await poke(simulation);
    return new LiveMarket(simulation, options, await chain.provider.getBlockNumber());
  }

  /**
   * Lets time pass and everyone act: the pool follows the market, the feed reports what is due, and
   * the keeper does what there is to do. At least one block is mined.
   * @param seconds that pass on the chain; some more where liquidations take several blocks.
   */
  async step(seconds: number): Promise<void> {
    const { clock } = this.#simulation;
    await clock.follow();
    const { now } = clock;
    if (now < this.#time) this.#isStale = true;
    const due = this.#due + seconds;
    this.#due = now < due && now > due - MOST_BEHIND * seconds ? due : now + seconds;
    clock.reach(this.#due);
    try {
      if (this.#isStale) await this.#restart();
      await this.#act(seconds);
      await clock.catchUp();
    } catch (error) {
      this.#isStale = true;
      throw error;
    } finally {
      this.#time = clock.now;
    }
  }

  /** The market as it is now, and what has happened since the last look. */
  async figures(): Promise<LiveFigures> {
    const { arbitrageur, chain, deployment, keeper } = this.#simulation;
    const { addresses, decimals } = deployment;
    await keeper.follower.update();
    const block = await chain.provider.getBlock("latest");
    if (block === null) throw new RangeError("The chain has no block.");
    const events = await readMarketEvents(chain.provider, addresses.market, this.#counted + 1, block.number);
    this.#counted = block.number;
    let [liquidations, repaid] = [0, 0n];
    for (const { event } of events) {
      if (event.name !== "Liquidated") continue;
      ++liquidations;
      repaid += event.payment - event.fee;
      this.#badDebtUsd += fromUnits(event.loss, decimals.loan);
    }
    const instant = { seconds: block.timestamp, price: this.#feed.last.price };
    const poolPrice = await arbitrageur.poolPrice();
    const { seconds: time, ...rest } = await measureStep(deployment, instant, {
      poolPrice,
      badDebtUsd: this.#badDebtUsd,
    });
    return {
      ...rest,
      time,
      block: block.number,
      marketPrice: this.#options.course(this.#elapsed),
      positions: keeper.follower.index.size,
      liquidations,
      repaidUsd: fromUnits(repaid, decimals.loan),
    };
  }

  get #elapsed(): number {
    return this.#due - this.#options.startsAt;
  }

  async #act(seconds: number): Promise<void> {
    const { arbitrageur, config, feed, keeper } = this.#simulation;
    const price = this.#options.course(this.#elapsed);
    // A smaller move than the fee is worth nobody's trade.
    if (Math.abs(Math.log(price / this.#followed)) >= config.pool.fee / 1_000_000) {
      await arbitrageur.follow(price);
      this.#followed = price;
    }
    if (this.#options.keeper) await arbitrageur.recover(seconds);
    const report = this.#feed.look(this.#elapsed);
    if (report !== undefined) await feed.publish(report.price);
    if (!this.#options.keeper) return;
    await poke(this.#simulation);
    await liquidate(this.#simulation, keeper, { seconds: this.#due, price: this.#feed.last.price });
  }

  /** Begins anew from the chain as it is. */
  async #restart(): Promise<void> {
    const { course } = this.#options;
    this.#simulation = { ...this.#simulation, keeper: await startKeeper(this.#simulation) };
    this.#feed = new Feed(course, this.#simulation.config.feed);
    await this.#simulation.feed.publish(this.#feed.report(this.#elapsed).price);
    this.#counted = Math.min(this.#counted, await this.#simulation.chain.provider.getBlockNumber());
    this.#isStale = false;
  }
}
