import type { NetworkHelpers } from "@nomicfoundation/hardhat-network-helpers/types";

/**
 * Says at what time each block is mined, so that a run has the same times, and the same interest, whenever and on whatever
 * machine it is made. One call of `tick` before each transaction.
 */
export class Clock {
  readonly #helpers: Pick<NetworkHelpers, "time">;
  #last: number;
  #next = 0;

  private constructor(helpers: Pick<NetworkHelpers, "time">, last: number) {
    this.#helpers = helpers;
    this.#last = last;
  }

  static async of(helpers: Pick<NetworkHelpers, "time">): Promise<Clock> {
    return new Clock(helpers, await helpers.time.latest());
  }

  /** Unix seconds of the latest block. */
  get now(): number {
    return this.#last;
  }

  /** No block is mined before this time any more. */
  reach(unixSeconds: number): void {
    this.#next = Math.max(this.#next, unixSeconds);
  }

  /** Lets time pass. */
  pass(seconds: number): void {
    this.reach(this.#last + seconds);
  }

  /** Sets the time of the next block: what has been reached, and at least a second after the latest. */
  async tick(): Promise<void> {
    this.#last = Math.max(this.#next, this.#last + 1);
    await this.#helpers.time.setNextBlockTimestamp(this.#last);
  }
}
