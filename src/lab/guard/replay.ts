import { network } from "hardhat";

import { Feed } from "../agents/feed.ts";
import type { FeedModel } from "../config.ts";
import { courseOf, durationOf, priceAt, type PricePath } from "../scenario/price-path.ts";

/** Seconds between two looks at the world; a keeper pokes at each. */
export const STEP = 60;

/**
 * The guard's primary: a feed with the settings of large assets, and the time that its reporters
 * need to agree.
 */
export const PRIMARY: FeedModel = {
  deviation: 0.005,
  lagSeconds: 60,
  heartbeatSeconds: 3_600,
  leastIntervalSeconds: STEP,
};

/** Seconds for which a guard waits before its price declines. */
export const GRACE_PERIOD = 3_600;
/** What the guard's price may rise by in an hour, as a share. */
const MAX_RISE_PER_HOUR = 0.1;
/** Gas that the guard gives to each of its sources. */
const SOURCE_GAS = 200_000;
/** Seconds; sources are not replaced in a replay. */
const REPLACEMENT_DELAY = 2 * 86_400;

/** How finely the mean of the pool's window is taken, seconds. */
const WINDOW_STEP = 10;
/**
 * Seconds from the chain's first blocks to the start of a replay: more than the deployment takes.
 */
const SETUP_SECONDS = 1_000_000;

/**
 * What is true at a moment, and what each source and the guard say: dollars. A price of zero is
 * none.
 */
export interface Moment {
  readonly seconds: number;
  readonly truth: number;
  readonly primary: number;
  readonly secondary: number;
  readonly open: number;
  readonly liquidation: number;
}

/** How a guard is set. */
export interface GuardSettings {
  /** How far two prices may be apart and still agree, as a share, to a millionth. */
  readonly maxDeviation: number;
  /** Over how many seconds the pool takes its mean: a multiple of ten. */
  readonly window: number;
  /** What the guard's floor may fall by in an hour, as a share; all of it unless told. */
  readonly maxFallPerHour?: number;
  /** From when on the pool is unavailable, seconds; never unless told. */
  readonly poolDiesAt?: number;
}

/** Oracle prices of these replays: dollars times 1e24, exact to a millionth of a dollar. */
export const toOraclePrice = (price: number): bigint => BigInt(Math.round(price * 1e6)) * 10n ** 18n;
const toPrice = (price: bigint): number => Number(price / 10n ** 18n) / 1e6;
const toWad = (share: number): bigint => BigInt(Math.round(share * 1e6)) * 10n ** 12n;

/**
 * The geometric mean over the window that ends at `seconds`: what a pool says that follows the
 * price at once.
 */
export function meanPrice(path: PricePath, seconds: number, window: number): number {
  let sum = 0;
  const samples = window / WINDOW_STEP;
  for (let i = 0; i < samples; ++i) sum += Math.log(priceAt(path, seconds - (i + 0.5) * WINDOW_STEP));
  return Math.exp(sum / samples);
}

/**
 * Takes a guard of its own, on a chain in this process, through a path: a minute a step, each with
 * a poke.
 * @returns one moment a step, ascending.
 * @throws RangeError if the path has no points.
 */
export async function replayGuard(path: PricePath, settings: GuardSettings): Promise<readonly Moment[]> {
  const connection = await network.create();
  try {
    const feed = new Feed(courseOf(path), PRIMARY);
    const { guard, primary, secondary, setNextTime } = await deployGuard(connection, feed.last.price, settings);
    const { poolDiesAt = Infinity } = settings;
    const moments: Moment[] = [];
    for (let seconds = 0; seconds <= durationOf(path); seconds += STEP) {
      const report = feed.look(seconds);
      if (report !== undefined) await primary.setPrice(toOraclePrice(report.price));
      const mean = meanPrice(path, seconds, settings.window);
      if (seconds < poolDiesAt) await secondary.setPrice(toOraclePrice(mean));
      else await secondary.fail();
      // The poke's block has the time of its moment; those that set the prices lie just before.
      await setNextTime(seconds);
      await guard.poke();
      const [open, liquidation] = await guard.prices();
      moments.push({
        seconds,
        truth: priceAt(path, seconds),
        primary: toPrice(toOraclePrice(feed.last.price)),
        secondary: seconds < poolDiesAt ? mean : 0,
        open: toPrice(open),
        liquidation: toPrice(liquidation),
      });
    }
    return moments;
  } finally {
    await connection.close();
  }
}

/** A guard over two sources that say what they are told, and the clock of their chain. */
async function deployGuard(
  { ethers, networkHelpers }: Awaited<ReturnType<typeof network.create>>,
  price: number,
  { maxDeviation, maxFallPerHour = 1 }: GuardSettings,
) {
  const startsAt = (await networkHelpers.time.latest()) + SETUP_SECONDS;
  const primary = await ethers.deployContract("MockOracle", [toOraclePrice(price)]);
  const secondary = await ethers.deployContract("MockOracle", [toOraclePrice(price)]);
  const [admin] = await ethers.getSigners();
  const guard = await ethers.deployContract("OracleGuard", [
    {
      primary,
      secondary,
      authority: await admin?.getAddress(),
      maxDeviation: toWad(maxDeviation),
      maxRisePerHour: toWad(MAX_RISE_PER_HOUR),
      maxFallPerHour: toWad(maxFallPerHour),
      gracePeriod: GRACE_PERIOD,
      sourceGas: SOURCE_GAS,
      replacementDelay: REPLACEMENT_DELAY,
    },
  ]);
  const setNextTime = (seconds: number) => networkHelpers.time.setNextBlockTimestamp(startsAt + seconds);
  return { guard, primary, secondary, setNextTime };
}
