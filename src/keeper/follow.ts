import type { Provider } from "ethers";

import { PositionBook } from "./risk-index.ts";
import { applyChange } from "./events.ts";
import { readChanges } from "./market-events.ts";

/** Keeps a book up to date with a market's events. */
export class MarketFollower {
  readonly book: PositionBook;
  readonly #provider: Provider;
  readonly #market: string;
  readonly #holdings = new Map<string, bigint>();
  #nextBlock: number;

  /**
   * @param market address of the market.
   * @param minDebt of the market, loan token units.
   * @param fromBlock the block in which the market was created, or an earlier one.
   */
  constructor(provider: Provider, market: string, minDebt: bigint, fromBlock: number) {
    this.book = new PositionBook(minDebt);
    this.#provider = provider;
    this.#market = market;
    this.#nextBlock = fromBlock;
  }

  /** Reads what has happened since the last time. */
  async update(): Promise<void> {
    const latest = await this.#provider.getBlockNumber();
    if (latest < this.#nextBlock) return;
    for (const change of await readChanges(this.#provider, this.#market, this.#nextBlock, latest)) {
      applyChange(this.book, this.#holdings, change);
    }
    this.#nextBlock = latest + 1;
  }
}
