import { ceilDiv } from "../protocol/rounding.ts";
import { DAY, PRICE_SCALE, WAD } from "../protocol/units.ts";
import { FEE_TIERS } from "../protocol/uniswap-v3/ticks.ts";
import type { MarketTerms, ParameterProblem } from "./parameters.ts";

const HOUR = 3_600n;
const MINUTE = 60n;
const PERCENT = WAD / 100n;
/** One unit of a fee tier, WAD. */
const FEE_UNIT = WAD / 1_000_000n;
/** Exclusive upper bound of token amounts in pools and deployments. */
const MOST_UNITS = 2n ** 112n;

/** Gas of reading a pool's mean without a search, and of each observation that a search reads. */
const READ_GAS = 14_000n;
const OBSERVATION_GAS = 3_500n;

/**
 * Upper bound of the gas of reading a pool's mean, for any trades in the pool. Every third step of
 * the search in `PoolObservations` halves the remaining range, whatever the other two steps do. A
 * window holds one observation per block, and the search needs one more on either side.
 * @param window seconds.
 * @param blockTime seconds, above zero.
 */
export function mostReadGas(window: bigint, blockTime: bigint): bigint {
  let steps = 2n;
  for (let left = ceilDiv(window, blockTime) + 1n; left > 1n; left = ceilDiv(left, 2n)) steps += 3n;
  return READ_GAS + steps * OBSERVATION_GAS;
}

/**
 * The first rule that pool and guard violate, by themselves or together with the feeds and the
 * market; undefined if they violate none.
 */
export function sourceProblem({ pool, guard, baseFeed, market }: MarketTerms): ParameterProblem | undefined {
  const { entryGap } = market.values;
  const { maxDeviation, maxRisePerHour, maxFallPerHour, gracePeriod, sourceGas, replacementDelay } = guard;
  const { window, blockTime } = guard;
  const tiers: readonly number[] = FEE_TIERS.map(([fee]) => fee);
  const worth = (2n * pool.collateral * market.expectedPrice) / PRICE_SCALE;
  const leastGas = blockTime > 0n ? mostReadGas(window, blockTime) : 0n;
  const rules: readonly (readonly [fulfilled: boolean, parameter: string, problem: string, advice: string])[] = [
    [
      tiers.includes(pool.fee),
      "pool.fee",
      "is not a fee tier of Uniswap v3",
      "Use 0.05%, 0.3% or 1%, which every factory has.",
    ],
    [
      pool.collateral >= 1_000_000n && pool.collateral < MOST_UNITS && worth >= 1_000_000n && worth < MOST_UNITS,
      "pool.collateral",
      "makes the pool too small or too large",
      "Use an amount of which 30 times the equity of a usual position is less than half a percent.",
    ],
    [
      maxDeviation > 0n && maxDeviation <= 20n * PERCENT,
      "guard.maxDeviation",
      "must be above 0% and at most 20%",
      "Use the feed's deviation threshold plus an allowance for the pool's lag and fee: 1.5% for ether.",
    ],
    [
      maxDeviation < entryGap,
      "guard.maxDeviation",
      "is not below market.entryGap",
      "Use less: otherwise one wrong feed could get a new position liquidated without a disagreement.",
    ],
    [
      maxDeviation > BigInt(pool.fee) * FEE_UNIT,
      "guard.maxDeviation",
      "is not above pool.fee",
      "Use more, or a pool with a lower fee: arbitrage leaves a pool up to its fee away from the price.",
    ],
    [
      maxRisePerHour >= PERCENT && maxRisePerHour <= WAD,
      "guard.maxRisePerHour",
      "must be from 1% to 100%",
      "Use 5% to 10%.",
    ],
    [
      maxFallPerHour >= 10n * PERCENT && maxFallPerHour <= WAD,
      "guard.maxFallPerHour",
      "must be from 10% to 100%",
      "Use 60% to 100%.",
    ],
    [
      gracePeriod >= HOUR / 2n && gracePeriod <= 8n * HOUR,
      "guard.gracePeriod",
      "must be from 30 minutes to 8 hours",
      "Use the time that governance and feed operators need to react: an hour.",
    ],
    [
      replacementDelay >= 2n * DAY && replacementDelay <= 365n * DAY,
      "guard.replacementDelay",
      "must be from 2 days to 365 days",
      "Use market.raiseDelay.",
    ],
    [
      window >= MINUTE / 2n && window <= 30n * MINUTE,
      "guard.window",
      "must be from 30 seconds to 30 minutes",
      "Use one and a half times baseFeed.lag.",
    ],
    [
      window >= baseFeed.lag && window <= 2n * baseFeed.lag,
      "guard.window",
      "must be from baseFeed.lag to twice baseFeed.lag",
      "Use one and a half times the lag: a pool that is ahead of the feed or behind it disagrees in every crash.",
    ],
    [
      window < baseFeed.heartbeat,
      "guard.window",
      "is not below baseFeed.heartbeat",
      "Use less: the pool must show a price change before the feed's heartbeat does.",
    ],
    [
      (maxFallPerHour * window) / HOUR < entryGap,
      "guard.maxFallPerHour",
      "lets one manipulation of the pool move the price by market.entryGap: the fall per hour times guard.window",
      "Use less, or a shorter window.",
    ],
    [
      blockTime > 0n && blockTime <= window,
      "guard.blockTime",
      "must be above zero and at most guard.window",
      "Use the minimum time between two blocks of the chain; 1 second fits every chain.",
    ],
    [
      sourceGas >= leastGas && sourceGas <= 5_000_000n,
      "guard.sourceGas",
      `must be from ${leastGas} gas, the highest cost of reading the pool, to 5000000 gas`,
      "Use at least that cost: with less gas, traders in the pool could make the source unavailable. Every caller of the market must supply it.",
    ],
  ];
  const broken = rules.find(([fulfilled]) => !fulfilled);
  if (broken === undefined) return undefined;
  const [, parameter, problem, advice] = broken;
  return { parameter, problem, advice };
}
