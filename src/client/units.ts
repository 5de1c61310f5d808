import { formatUnits, parseUnits } from "ethers";

/**
 * A number as token units, rounded to the nearest unit that a double can tell.
 * @param decimals of the token.
 */
export function toUnits(amount: number, decimals: number): bigint {
  // A double has 15 to 17 digits; more decimals than that would only spell out its error.
  const digits = Math.min(decimals, Math.max(0, 15 - Math.ceil(Math.log10(Math.abs(amount) + 1))));
  return parseUnits(amount.toFixed(digits), decimals);
}

/** Token units as a number, for display and plots only. */
export function fromUnits(amount: bigint, decimals: number): number {
  return Number(formatUnits(amount, decimals));
}
