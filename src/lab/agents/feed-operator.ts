import { send } from "../../client/send.ts";
import type { Clock } from "../market/chain.ts";
import { feedAnswer, type Deployment } from "../market/deployment.ts";

/**
 * The dollar's feed speaks once in so many seconds; the oracle takes its answer for a day and an
 * hour.
 */
const QUOTE_HEARTBEAT = 6 * 3_600;

/**
 * Writes reports into the feeds of a chain: that of the collateral, and that of the dollar, which
 * always says one.
 */
export class FeedOperator {
  readonly #deployment: Deployment;
  readonly #clock: Clock;
  #quoteSpokeAt = -Infinity;

  constructor(deployment: Deployment, clock: Clock) {
    this.#deployment = deployment;
    this.#clock = clock;
  }

  /**
   * Lets the collateral's feed answer with a price, in a block of its own.
   * @param price dollars per collateral token, rounded to the decimals of the feed.
   */
  async publish(price: number): Promise<void> {
    const { baseFeed, quoteFeed, decimals } = this.#deployment;
    await this.#clock.tick();
    await send(baseFeed.setAnswer(feedAnswer(price, decimals)));
    if (this.#clock.now - this.#quoteSpokeAt < QUOTE_HEARTBEAT) return;
    await this.#clock.tick();
    await send(quoteFeed.setAnswer(10n ** BigInt(decimals.quote)));
    this.#quoteSpokeAt = this.#clock.now;
  }

  /** Remembers what the operator knows; the function that is returned brings it back. */
  save(): () => void {
    const quoteSpokeAt = this.#quoteSpokeAt;
    return () => {
      this.#quoteSpokeAt = quoteSpokeAt;
    };
  }
}
