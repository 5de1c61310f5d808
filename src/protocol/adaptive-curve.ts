import { exp, ln } from "./exponential.ts";
import { max, min } from "./rounding.ts";
import { DAY, WAD, YEAR } from "./units.ts";

const TARGET_UTILIZATION = (9n * WAD) / 10n;
const STEEPNESS = 4n;
const ADAPTATION_SPEED = (50n * WAD) / YEAR;
const MIN_RATE_AT_TARGET = WAD / 1_000n / YEAR;
const MAX_RATE_AT_TARGET = (2n * WAD) / YEAR;
/** Without debt the rate changes by at most the maximum rate in 30 days; per second, WAD. */
const RELAXATION_SPEED = MAX_RATE_AT_TARGET / (30n * DAY);
/** Above ln(2 / 0.001): an adaptation by more than this reaches a bound from any starting rate. */
const MAX_ADAPTATION = (77n * WAD) / 10n;

/** Rate at the target utilization of a new market: 4% a year, expressed per second, WAD. */
export const INITIAL_RATE_AT_TARGET = (4n * WAD) / 100n / YEAR;

/**
 * Distance of the utilization from its target, relative to the largest distance on that side: -1 to
 * 1, WAD, truncated.
 * @param debt loan token units.
 * @param cash loan token units, virtual cash included; at least one of the two must be above zero.
 */
export function utilizationError(debt: bigint, cash: bigint): bigint {
  const gap = (debt * WAD) / (debt + cash) - TARGET_UTILIZATION;
  return (gap * WAD) / (gap > 0n ? WAD - TARGET_UTILIZATION : TARGET_UTILIZATION);
}

/**
 * The borrow rate on the curve, per second, WAD, rounded down. Given the integral of the rate at
 * target, it returns the integral of the borrow rate, WAD.
 * @param rateAtTarget per second, WAD; or its integral over a period, WAD.
 * @param error from `utilizationError`.
 */
export function borrowRate(rateAtTarget: bigint, error: bigint): bigint {
  const slope = error > 0n ? (STEEPNESS - 1n) * error : ((STEEPNESS - 1n) * error) / STEEPNESS;
  return (rateAtTarget * (WAD + slope)) / WAD;
}

/** Result of `adapt`. */
export interface AdaptedRate {
  /** Rate at target at the end of the period, per second, WAD. */
  readonly end: bigint;
  /** Integral of the rate at target over the period, WAD: the interest charged at the target. */
  readonly integral: bigint;
}

/**
 * The rate at target after `elapsed` seconds at a constant utilization error. Equals
 * `AdaptiveCurve.adapt` of the contracts; divisions truncate.
 * @param rateAtTarget per second, WAD.
 * @param error from `utilizationError`.
 * @param elapsed seconds.
 */
export function adapt(rateAtTarget: bigint, error: bigint, elapsed: bigint): AdaptedRate {
  const speed = (ADAPTATION_SPEED * error) / WAD;
  const x = speed * elapsed;
  if (x === 0n) return { end: rateAtTarget, integral: rateAtTarget * elapsed };

  if (x <= MAX_ADAPTATION && x >= -MAX_ADAPTATION) {
    const growth = exp(x);
    const end = (rateAtTarget * growth) / WAD;
    if (end >= MIN_RATE_AT_TARGET && end < MAX_RATE_AT_TARGET) {
      return { end, integral: (rateAtTarget * (growth - WAD)) / speed };
    }
  }
  const bound = x > 0n ? MAX_RATE_AT_TARGET : MIN_RATE_AT_TARGET;
  const toBound = ln((bound * WAD) / rateAtTarget);
  const atBound = (bound * (x - toBound)) / speed;
  return { end: bound, integral: ((bound - rateAtTarget) * WAD) / speed + max(atBound, 0n) };
}

/**
 * The rate at target after `elapsed` seconds without debt, per second, WAD: it returns linearly to
 * the initial rate. Equals `AdaptiveCurve.relax` of the contracts.
 * @param rateAtTarget per second, WAD.
 * @param elapsed seconds.
 */
export function relax(rateAtTarget: bigint, elapsed: bigint): bigint {
  const step = elapsed * RELAXATION_SPEED;
  return rateAtTarget > INITIAL_RATE_AT_TARGET
    ? max(rateAtTarget - step, INITIAL_RATE_AT_TARGET)
    : min(rateAtTarget + step, INITIAL_RATE_AT_TARGET);
}
