import { WAD } from "./units.ts";

/** Longest time between two pokes that can count, seconds. */
export const MAX_SPAN = 600;

/**
 * Whether two prices are within `maxDeviation` (WAD) of each other, measured by the higher, as `GuardRules.agree` says; an
 * unavailable source, whose price is zero, agrees with nothing.
 */
export function agree(a: bigint, b: bigint, maxDeviation: bigint): boolean {
  const [low, high] = a < b ? [a, b] : [b, a];
  return low !== 0n && (high - low) * WAD <= high * maxDeviation;
}
