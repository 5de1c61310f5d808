import { highestOf, lowestOf } from "./scenario/resample.ts";
import type { PricePath } from "./scenario/types.ts";
import { UnusablePricesError } from "./errors.ts";
import { FEED_DECIMALS } from "./settings.ts";

/** Below this a feed of eight decimals rounds too much, above it the tokens' amounts get too small for six decimals. */
const LOWEST = 0.01;
const HIGHEST = 10_000_000;
/** The days before a scenario have to lie after the beginning of Unix time. */
const EARLIEST = Date.UTC(1971, 0, 1) / 1000;
/** The last second that the market's clock of 32 bits knows, less some room. */
const LATEST = Date.UTC(2100, 0, 1) / 1000;

/** A feed's answer for a price in dollars. */
export function feedAnswer(price: number): bigint {
  return BigInt(Math.round(price * 10 ** FEED_DECIMALS));
}

/** The oracle's price for a feed's answer, with the dollar feed at exactly one: 36 + 6 - 18 decimals, 8 of them the feed's. */
export function oraclePrice(answer: bigint): bigint {
  return answer * 10n ** 16n;
}

/** @throws UnusablePricesError if the feed or the pool could not carry these prices. */
export function checkPrices(path: PricePath): void {
  const [low, high] = [lowestOf(path.points).price, highestOf(path.points).price];
  if (low < LOWEST || high > HIGHEST) {
    throw new UnusablePricesError(
      `they go from ${low} to ${high}`,
      `Scale them to between ${LOWEST} and ${HIGHEST} dollars.`,
    );
  }
  if (path.startsAt < EARLIEST || path.startsAt > LATEST) {
    throw new UnusablePricesError(
      `they begin at second ${path.startsAt} of Unix time`,
      "Give times between 1971 and 2100.",
    );
  }
}
