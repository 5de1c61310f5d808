import { WAD } from "./units.ts";

/** Longest time between two pokes for which a disagreement still counts, seconds. */
export const MAX_SPAN = 600;

/**
 * Whether two prices deviate by at most `maxDeviation` (WAD), relative to the higher price. Equals
 * `GuardRules.agree` of the contracts. An unavailable source has the price zero and agrees with
 * nothing.
 */
export function agree(a: bigint, b: bigint, maxDeviation: bigint): boolean {
  const [low, high] = a < b ? [a, b] : [b, a];
  return low !== 0n && (high - low) * WAD <= high * maxDeviation;
}
