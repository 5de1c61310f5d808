import type { MockOracle, OracleGuard } from "../../../types/index.ts";
import { priceAt } from "../scenario/price-at.ts";
import type { PricePath } from "../scenario/types.ts";

/** Seconds between two looks at the world; a keeper pokes at each. */
export const STEP = 60;
/** The feed reports when the price, as it was `FEED_LAG` seconds ago, is this far from its last answer, or after an hour. */
const FEED_DEVIATION = 0.005;
const FEED_LAG = 60;
const FEED_HEARTBEAT = 3_600;
/** How finely the mean of the pool's window is taken, seconds. */
const WINDOW_STEP = 10;

/** What is true at a moment, and what each source and the guard say. A price of zero is none. */
export interface Moment {
  readonly seconds: number;
  readonly truth: number;
  readonly primary: number;
  readonly secondary: number;
  readonly open: number;
  readonly liquidation: number;
}

/** A guard with the sources that the replay speaks for, and the clock of their chain. */
export interface GuardedChain {
  readonly guard: OracleGuard;
  readonly primary: MockOracle;
  readonly secondary: MockOracle;
  readonly setNextTime: (unixSeconds: number) => Promise<void>;
}

/** Oracle prices of these replays: dollars times 1e24, exact to a millionth of a dollar. */
export const toOraclePrice = (price: number): bigint => BigInt(Math.round(price * 1e6)) * 10n ** 18n;
const toPrice = (price: bigint): number => Number(price / 10n ** 18n) / 1e6;

/** The geometric mean over the window that ends at `seconds`: what a pool says that follows the price at once. */
export function meanPrice(path: PricePath, seconds: number, window: number): number {
  let sum = 0;
  const samples = window / WINDOW_STEP;
  for (let i = 0; i < samples; ++i) sum += Math.log(priceAt(path, seconds - (i + 0.5) * WINDOW_STEP));
  return Math.exp(sum / samples);
}

/**
 * Takes the guard through a path: a minute a step, each with a poke.
 * @param window That of the pool, seconds: a multiple of ten.
 */
export async function replayGuard(
  chain: GuardedChain,
  path: PricePath,
  startsAt: number,
  window: number,
): Promise<Moment[]> {
  const last = path.points.at(-1);
  if (last === undefined) throw new RangeError(`The price path ${path.name} has no points.`);
  const moments: Moment[] = [];
  let feed = { answer: priceAt(path, 0), at: 0 };
  for (let seconds = 0; seconds <= last.seconds; seconds += STEP) {
    const seen = priceAt(path, seconds - FEED_LAG);
    const isDue = Math.abs(seen / feed.answer - 1) >= FEED_DEVIATION || seconds - feed.at >= FEED_HEARTBEAT;
    if (isDue) {
      feed = { answer: seen, at: seconds };
      await chain.primary.setPrice(toOraclePrice(seen));
    }
    const secondary = meanPrice(path, seconds, window);
    await chain.secondary.setPrice(toOraclePrice(secondary));
    await chain.setNextTime(startsAt + seconds);
    await chain.guard.poke();
    const [open, liquidation] = await chain.guard.prices();
    const truth = priceAt(path, seconds);
    moments.push({
      seconds,
      truth,
      primary: toPrice(toOraclePrice(feed.answer)),
      secondary,
      open: toPrice(open),
      liquidation: toPrice(liquidation),
    });
  }
  return moments;
}
