import { formatUnits, parseUnits } from "ethers/utils";

import { InvalidAmountError } from "./errors.ts";

const DECIMAL = /^(?<whole>\d+)(?:\.(?<fraction>\d+))?$/u;
/**
 * Thousands are grouped by blanks or by underscores: `1 000 000`, `1_000_000`. Not by commas, which
 * are decimal points to half of the world.
 */
const GROUPED = /^[1-9]\d{0,2}(?:(?: \d{3})+|(?:_\d{3})+)(?:\.\d+)?$/u;
const MOST = 2n ** 256n;

/**
 * An amount that a person typed, as token units. Exact: a decimal string is never turned into a
 * double.
 * @param text digits, with a point before decimals and, if wanted, thousands grouped: `1 000 000`,
 * `0.25`.
 * @param decimals of the token.
 * @throws InvalidAmountError if it is no such number, has more decimals than the token, or needs
 * more than 256 bits.
 */
export function parseAmount(text: string, decimals: number): bigint {
  const trimmed = text.trim();
  const plain = GROUPED.test(trimmed) ? trimmed.replaceAll(/[ _]/gu, "") : trimmed;
  const groups = DECIMAL.exec(plain)?.groups;
  if (groups === undefined) {
    const advice = "Write digits with a point for decimals, like 1250.75 or 1 000 000.";
    throw new InvalidAmountError(text, "is not a number", advice);
  }
  const fraction = (groups.fraction ?? "").replace(/0+$/u, "");
  if (fraction.length > decimals) {
    const advice = `The token has ${decimals} decimals: leave out those beyond.`;
    throw new InvalidAmountError(text, "has too many decimals", advice);
  }
  const amount = parseUnits(`${groups.whole ?? ""}.${fraction || "0"}`, decimals);
  if (amount >= MOST) throw new InvalidAmountError(text, "is larger than any token's", "Check its number of digits.");
  return amount;
}

/**
 * A number as token units: the shortest decimal number that stands for the same double, rounded
 * half up (away from zero) to a unit. For amounts that are computed; those that people type are for
 * `parseAmount`.
 * @param decimals of the token.
 * @throws InvalidAmountError for what is no finite number.
 */
export function toUnits(amount: number, decimals: number): bigint {
  if (!Number.isFinite(amount)) {
    throw new InvalidAmountError(String(amount), "is not finite", "Check how it was computed.");
  }
  const [mantissa = "0", exponent = "0"] = Math.abs(amount).toString().split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  // The digits count in units of 10^-power.
  const digits = BigInt(whole + fraction);
  const power = fraction.length - Number(exponent) - decimals;
  const units = power <= 0 ? digits * 10n ** BigInt(-power) : roundedQuotient(digits, 10n ** BigInt(power));
  return amount < 0 ? -units : units;
}

function roundedQuotient(value: bigint, by: bigint): bigint {
  return (2n * value + by) / (2n * by);
}

/** Token units as a number, for display and plots only. */
export function fromUnits(amount: bigint, decimals: number): number {
  return Number(formatUnits(amount, decimals));
}
