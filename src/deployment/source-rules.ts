import { ceilDiv } from "../protocol/rounding.ts";
import { DAY, PRICE_SCALE, WAD } from "../protocol/units.ts";
import { FEE_TIERS } from "../protocol/uniswap-v3/ticks.ts";
import type { MarketTerms, ParameterProblem } from "./parameters.ts";

const HOUR = 3_600n;
const MINUTE = 60n;
const PERCENT = WAD / 100n;
/** Of a fee, in the unit of fee tiers. */
const FEE_UNIT = WAD / 1_000_000n;
/** Amounts that pools and this deployment count with have fewer bits. */
const MOST_UNITS = 2n ** 112n;

/** Gas of reading a pool's mean without a search, and of each observation that a search looks at. */
const READ_GAS = 14_000n;
const OBSERVATION_GAS = 3_500n;

/**
 * What reading a pool's mean can be made to cost, by whoever trades in the pool. Every third step of the search in
 * `PoolObservations` halves what is left, whatever the other two do; a window holds one observation a block, and the search
 * needs one on either side of it.
 * @param window seconds, as `blockTime`.
 */
export function mostReadGas(window: bigint, blockTime: bigint): bigint {
  let steps = 2n;
  for (let left = ceilDiv(window, blockTime) + 1n; left > 1n; left = ceilDiv(left, 2n)) steps += 3n;
  return READ_GAS + steps * OBSERVATION_GAS;
}

/** The first rule that pool and guard break, each by itself or with the feeds and the market; undefined if none. */
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
      "is no fee tier of Uniswap v3",
      "Take 0.05%, 0.3% or 1%: the tiers that every factory has.",
    ],
    [
      pool.collateral >= 1_000_000n && pool.collateral < MOST_UNITS && worth >= 1_000_000n && worth < MOST_UNITS,
      "pool.collateral",
      "makes a pool that is too small, or too large",
      "Give collateral of which 30 times a usual position's equity is less than half a percent.",
    ],
    [
      maxDeviation > 0n && maxDeviation <= 20n * PERCENT,
      "guard.maxDeviation",
      "must be above 0%, and at most 20%",
      "Take the deviation at which the feed reports, and the pool's lag and fee: 1.5% for ether.",
    ],
    [
      maxDeviation < entryGap,
      "guard.maxDeviation",
      "is not below market.entryGap",
      "A new position could be liquidated by one feed that goes wrong without disagreeing: take less.",
    ],
    [
      maxDeviation > BigInt(pool.fee) * FEE_UNIT,
      "guard.maxDeviation",
      "is not above pool.fee",
      "Arbitrage leaves a pool as far from the price as its fee: take more, or a cheaper pool.",
    ],
    [
      maxRisePerHour >= PERCENT && maxRisePerHour <= WAD,
      "guard.maxRisePerHour",
      "must be 1% to 100%",
      "Take 5% to 10%.",
    ],
    [
      maxFallPerHour >= 10n * PERCENT && maxFallPerHour <= WAD,
      "guard.maxFallPerHour",
      "must be 10% to 100%",
      "Take 60% to 100%.",
    ],
    [
      gracePeriod >= HOUR / 2n && gracePeriod <= 8n * HOUR,
      "guard.gracePeriod",
      "must be 30 minutes to 8 hours",
      "Take the time that governance and feed operators need to notice: an hour.",
    ],
    [
      replacementDelay >= 2n * DAY && replacementDelay <= 365n * DAY,
      "guard.replacementDelay",
      "must be 2 days to 365 days",
      "Take market.raiseDelay.",
    ],
    [
      window >= MINUTE / 2n && window <= 30n * MINUTE,
      "guard.window",
      "must be 30 seconds to 30 minutes",
      "Take one and a half times baseFeed.lag.",
    ],
    [
      window >= baseFeed.lag && window <= 2n * baseFeed.lag,
      "guard.window",
      "must be baseFeed.lag to twice that",
      "Take one and a half times the lag: a pool that runs ahead of the feed, or lags behind it, disagrees in each crash.",
    ],
    [
      window < baseFeed.heartbeat,
      "guard.window",
      "is not below baseFeed.heartbeat",
      "The pool must tell of a move before the feed would answer anyway: take less.",
    ],
    [
      (maxFallPerHour * window) / HOUR < entryGap,
      "guard.maxFallPerHour",
      "lets one push of the pool move the price by market.entryGap: the fall an hour, times guard.window",
      "Take less, or a shorter window.",
    ],
    [
      blockTime > 0n && blockTime <= window,
      "guard.blockTime",
      "must be above zero, and at most guard.window",
      "Give the least time between two blocks of the chain; 1 second fits every chain.",
    ],
    [
      sourceGas >= leastGas && sourceGas <= 5_000_000n,
      "guard.sourceGas",
      `must be ${leastGas} gas, which reading the pool can be made to cost, to 5000000 gas`,
      "With less, whoever trades in the pool could make it unavailable; each caller of the market must bring it.",
    ],
  ];
  const broken = rules.find(([fulfilled]) => !fulfilled);
  if (broken === undefined) return undefined;
  const [, parameter, problem, advice] = broken;
  return { parameter, problem, advice };
}
