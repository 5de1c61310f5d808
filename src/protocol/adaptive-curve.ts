import { exp, ln } from "./exponential.ts";
import { max, min } from "./rounding.ts";
import { DAY, WAD, YEAR } from "./units.ts";

const TARGET_UTILIZATION = (9n * WAD) / 10n;
const STEEPNESS = 4n;
const ADAPTATION_SPEED = (50n * WAD) / YEAR;
const MIN_RATE_AT_TARGET = WAD / 1_000n / YEAR;
const MAX_RATE_AT_TARGET = (2n * WAD) / YEAR;
/** A move by all of the greatest rate takes 30 days. */
const RELAXATION_SPEED = MAX_RATE_AT_TARGET / (30n * DAY);
/** Above ln(2 / 0.001): a move by more than this ends at a bound wherever it starts. */
const MAX_ADAPTATION = (77n * WAD) / 10n;

/** The rate at the target utilization that a market starts with: 4% a year, per second, WAD. */
export const INITIAL_RATE_AT_TARGET = (4n * WAD) / 100n / YEAR;

/**
 * Distance of the utilization from its target in units of the room on that side: -1 to 1, WAD, truncated.
 * @param debt loan token units.
 * @param cash loan token units, virtual cash included; not both are zero.
 */
export function utilizationError(debt: bigint, cash: bigint): bigint {
  const gap = (debt * WAD) / (debt + cash) - TARGET_UTILIZATION;
  return (gap * WAD) / (gap > 0n ? WAD - TARGET_UTILIZATION : TARGET_UTILIZATION);
}

/**
 * The borrow rate on the curve, per second, WAD, rounded down. Of an integral of the rate at target, that of the borrow rate.
 * @param rateAtTarget per second, WAD, or its integral over a time, WAD.
 * @param error from `utilizationError`.
 */
export function borrowRate(rateAtTarget: bigint, error: bigint): bigint {
  const slope = error > 0n ? (STEEPNESS - 1n) * error : ((STEEPNESS - 1n) * error) / STEEPNESS;
  return (rateAtTarget * (WAD + slope)) / WAD;
}

export interface AdaptedRate {
  /** Where the rate at target stands after the time, per second, WAD. */
  readonly end: bigint;
  /** Its integral over the time, WAD: what is charged, at the target. */
  readonly integral: bigint;
}

/** The rate at target after `elapsed` seconds at a constant utilization error, as `AdaptiveCurve.adapt`. */
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

/** The rate at target after `elapsed` seconds without debt, as `AdaptiveCurve.relax`: in a line back to the initial one. */
export function relax(rateAtTarget: bigint, elapsed: bigint): bigint {
  const step = elapsed * RELAXATION_SPEED;
  return rateAtTarget > INITIAL_RATE_AT_TARGET
    ? max(rateAtTarget - step, INITIAL_RATE_AT_TARGET)
    : min(rateAtTarget + step, INITIAL_RATE_AT_TARGET);
}
