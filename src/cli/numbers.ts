import { formatUnits } from "ethers/utils";

import { parseAmount } from "../client/units.ts";
import { ONE_X, WAD } from "../protocol/units.ts";
import { UsageError } from "./errors.ts";

/** The greatest value of `uint256`: an amount without a bound. */
export const MAX_UINT256 = 2n ** 256n - 1n;

/** A token as far as its amounts go. */
export interface Unit {
  readonly symbol: string;
  readonly decimals: number;
}

/**
 * A whole number of units as a decimal number with so many decimals at most, rounded half away from
 * zero, digits grouped by blanks: `79 000`, `0.35`.
 */
export function decimal(amount: bigint, decimals: number, most: number): string {
  const dropped = Math.max(0, decimals - most);
  const step = 10n ** BigInt(dropped);
  const magnitude = amount < 0n ? -amount : amount;
  const rounded = (2n * magnitude + step) / (2n * step);
  const [whole = "0", fraction = ""] = formatUnits(rounded, decimals - dropped).split(".");
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/gu, " ");
  const text = fraction === "" || /^0+$/u.test(fraction) ? grouped : `${grouped}.${fraction.replace(/0+$/u, "")}`;
  return amount < 0n && rounded !== 0n ? `-${text}` : text;
}

/**
 * An amount of a token for people: `79 000 USDC`, `10.4821 WETH`, with as many decimals as matter.
 */
export function amountText(amount: bigint, { symbol, decimals }: Unit): string {
  return `${digitsOf(amount, decimals)} ${symbol}`;
}

/** The same with its sign: a gain or a loss. */
export function changeText(amount: bigint, unit: Unit): string {
  return amount > 0n ? `+${amountText(amount, unit)}` : amountText(amount, unit);
}

/** Two decimals from a thousand on, four from one on, six digits that matter below. */
function digitsOf(amount: bigint, decimals: number): string {
  const magnitude = amount < 0n ? -amount : amount;
  const one = 10n ** BigInt(decimals);
  if (magnitude >= 1_000n * one) return decimal(amount, decimals, 2);
  if (magnitude >= one || magnitude === 0n) return decimal(amount, decimals, 4);
  return decimal(amount, decimals, decimals - magnitude.toString().length + 6);
}

/**
 * A price as `IPriceOracle` scales it, in whole loan tokens per whole collateral token:
 * `2 000 USDC`.
 */
export function priceText(price: bigint, loan: Unit, collateral: Unit): string {
  if (price === MAX_UINT256) return "-";
  return amountText(price, { symbol: loan.symbol, decimals: 36 + loan.decimals - collateral.decimals });
}

/** Leverage of four decimals: `4.81x`; `no equity` where debt has eaten it up. */
export function leverageText(leverage: bigint): string {
  return leverage > 1_000_000n * ONE_X ? "no equity" : `${decimal(leverage, 4, 2)}x`;
}

/** A health factor (WAD): `1.25`; `no debt` where there is none. */
export function healthText(health: bigint): string {
  return health > 1_000_000n * WAD ? "no debt" : decimal(health, 18, 4);
}

/** A share (WAD) in percent: `0.34%`. */
export function percentText(share: bigint, most = 2): string {
  return share > 1_000_000n * WAD ? "-" : `${decimal(share, 16, most)}%`;
}

/** The last second of the year 9999. */
const LAST_SECOND = 253_402_300_799n;

/** A moment in Unix seconds: `2026-03-12 02:16:05 UTC`; calendars of four digits end with the year 9999. */
export function timeText(seconds: bigint): string {
  if (seconds > LAST_SECOND) return "after the year 9999";
  return new Date(Number(seconds) * 1_000).toISOString().replace("T", " ").replace(".000Z", " UTC");
}

const SPANS = [
  [86_400n, "day"],
  [3_600n, "hour"],
  [60n, "minute"],
  [1n, "second"],
] as const;

/** A span of seconds in its two largest units, rounded down: `1 day 3 hours`. */
export function spanText(seconds: bigint): string {
  const first = SPANS.findIndex(([length]) => seconds >= length);
  if (first < 0) return "0 seconds";
  let left = seconds;
  const parts = SPANS.slice(first, first + 2).map(([length, name]) => {
    const count = left / length;
    left %= length;
    return count === 0n ? "" : `${count} ${name}${count === 1n ? "" : "s"}`;
  });
  return parts.filter((part) => part !== "").join(" ");
}

/** Ether of an amount of wei: `0.000213 ETH`. */
export function etherText(wei: bigint): string {
  return amountText(wei, { symbol: "ETH", decimals: 18 });
}

const LEVERAGE = /^(?<number>\d{1,5}(?:\.\d{1,4})?)x?$/u;

/** Leverage that a person typed, `3.5` or `3.5x`, in four decimals. @throws UsageError */
export function parseLeverage(text: string): bigint {
  const number = LEVERAGE.exec(text.trim())?.groups?.number;
  if (number === undefined) {
    throw new UsageError(
      `${JSON.stringify(text)} is no leverage`,
      "Write a number with four decimals at most, like 3.5.",
    );
  }
  const leverage = parseAmount(number, 4);
  if (leverage < ONE_X) throw new UsageError(`A leverage of ${number}x is below 1x`, "1x is a position without debt.");
  return leverage;
}

const PERCENT = /^(?<number>\d{1,3}(?:\.\d{1,6})?)%?$/u;

/**
 * A percentage that a person typed, `0.5` or `0.5%`, as a share (WAD) below one. @throws UsageError
 */
export function parsePercent(text: string, name: string): bigint {
  const number = PERCENT.exec(text.trim())?.groups?.number;
  const share = number === undefined ? WAD : parseAmount(number, 16);
  if (share < WAD) return share;
  throw new UsageError(`${name} is ${JSON.stringify(text)}`, "Write a percentage below 100, like 0.5%.");
}

const DURATION = /^(?<count>\d{1,9}) ?(?<unit>seconds?|minutes?|hours?|days?|s|m|h|d)$/u;
const DURATION_UNITS: Readonly<Record<string, bigint>> = { s: 1n, m: 60n, h: 3_600n, d: 86_400n };

/** A span that a person typed, `2 days` or `90m`, in seconds. @throws UsageError */
export function parseDuration(text: string): bigint {
  const groups = DURATION.exec(text.trim())?.groups;
  const unit = DURATION_UNITS[groups?.unit?.[0] ?? ""];
  if (groups?.count === undefined || unit === undefined) {
    throw new UsageError(`${JSON.stringify(text)} is no span of time`, "Write it like 3 days, 36h or 90m.");
  }
  return BigInt(groups.count) * unit;
}
