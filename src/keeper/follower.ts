import type { Provider } from "ethers";

import { applyEvent } from "../events/apply.ts";
import { changedAccount } from "../events/events.ts";
import { readCreatedMarkets, readMarketEvents, type LogSource } from "../events/read.ts";
import { newRebuiltMarket, type RebuiltMarket } from "../events/rebuilt-market.ts";
import type { Address } from "../protocol/address.ts";
import { positionOf } from "../protocol/market/state.ts";
import { UnknownMarketError } from "./errors.ts";
import { RiskIndex } from "./risk-index.ts";

/** A market that a keeper follows. */
export interface FollowedMarket {
  readonly factory: Address;
  readonly market: Address;
  /** The block in which the market was created, or an earlier one. */
  readonly fromBlock: number;
}

/** Rebuilds a market from its events, block by block, and sorts its positions by risk. */
export class MarketFollower {
  readonly rebuilt: RebuiltMarket;
  readonly index: RiskIndex;
  readonly #source: LogSource & Pick<Provider, "getBlockNumber">;
  #nextBlock: number;
  #underWay: Promise<void> = Promise.resolve();

  private constructor(source: LogSource & Pick<Provider, "getBlockNumber">, rebuilt: RebuiltMarket) {
    this.rebuilt = rebuilt;
    this.index = new RiskIndex(rebuilt.created.params.minDebt);
    this.#source = source;
    this.#nextBlock = rebuilt.lastPlace.blockNumber;
  }

  /**
   * Starts with the market in the state of its creation.
   * @throws UnknownMarketError if the factory has not created it since `fromBlock`.
   */
  static async start(
    source: LogSource & Pick<Provider, "getBlockNumber">,
    { factory, market, fromBlock }: FollowedMarket,
  ): Promise<MarketFollower> {
    const latest = await source.getBlockNumber();
    const all = await readCreatedMarkets(source, factory, fromBlock, latest);
    const found = all.find(({ created }) => created.address === market);
    if (found === undefined) throw new UnknownMarketError(market, factory, fromBlock);
    return new MarketFollower(source, newRebuiltMarket(found.created, found.place));
  }

  /**
   * Reads the blocks since the last update. A call during another update waits for it and then
   * updates again.
   * @throws InconsistentEventsError or UnexpectedLogError if events are missing or invalid. The
   * follower is unusable afterwards.
   */
  async update(): Promise<void> {
    // Updates run one after the other: two at once would read the same blocks and apply their
    // events twice.
    const previous = this.#underWay;
    const next = previous.catch(() => undefined).then(() => this.#readOn());
    this.#underWay = next;
    await next;
  }

  async #readOn(): Promise<void> {
    const latest = await this.#source.getBlockNumber();
    if (latest < this.#nextBlock) return;
    const { market, lastPlace: start } = this.rebuilt;
    for (const { event, place } of await readMarketEvents(this.#source, market.address, this.#nextBlock, latest)) {
      // Skip the events of the constructor: they precede the factory's event, which reports the
      // same creation.
      if (place.blockNumber === start.blockNumber && place.logIndex < start.logIndex) continue;
      applyEvent(this.rebuilt, event, place);
      const account = changedAccount(event);
      if (account === undefined) continue;
      const { debtShares, collateral } = positionOf(market, account);
      this.index.set(account, debtShares, collateral);
    }
    this.#nextBlock = latest + 1;
  }
}
