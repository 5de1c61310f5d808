import { formatUnits } from "ethers";

import type { BookedMarket } from "../../src/client/address-book.ts";
import { LAST_MOMENT } from "../../src/cli/numbers.ts";
import type { MarketParameters } from "../../src/protocol/parameters.ts";

const LEVERAGE_DECIMALS = 4;
const PERCENT_DECIMALS = 16;

const LEVERAGES: readonly string[] = ["maxLeverage", "liquidationLeverage", "systemLeverageCap", "targetLeverage"];
const LOAN_AMOUNTS: readonly string[] = ["debtCap", "supplyCap", "minDebt"];

const UNITS = [
  ["day", 86_400n],
  ["hour", 3_600n],
  ["minute", 60n],
] as const;

/** A duration in the form of parameter files, in the largest unit that divides it: `2 days`. */
export function duration(seconds: bigint): string {
  const [name, length] = UNITS.find(([, one]) => seconds >= one && seconds % one === 0n) ?? ["second", 1n];
  const count = seconds / length;
  return `${count} ${name}${count === 1n ? "" : "s"}`;
}

/** An approximate duration, rounded down, in the largest unit of which it has at least two. */
export function about(seconds: bigint): string {
  const [name, length] = UNITS.find(([, one]) => seconds >= 2n * one) ?? ["second", 1n];
  const count = seconds / length;
  return `${count} ${name}${count === 1n ? "" : "s"}`;
}

/** A block time (Unix seconds) as date and time, UTC. */
export function moment(time: bigint): string {
  if (time > LAST_MOMENT) return "a time after the year 9999";
  return `${new Date(Number(time) * 1_000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A fraction (WAD) as a percentage with at most `decimals` decimals; rounded down. */
export function percent(share: bigint, decimals = PERCENT_DECIMALS): string {
  const unit = 10n ** BigInt(PERCENT_DECIMALS - decimals);
  return `${plain((share / unit) * unit, PERCENT_DECIMALS)}%`;
}

/** An amount of a token (token units) with its symbol, thousands grouped by spaces. */
export function amount(units: bigint, { decimals, symbol }: BookedMarket["loanToken"]): string {
  const [whole = "", fraction] = plain(units, decimals).split(".");
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/gu, " ");
  return `${grouped}${fraction === undefined ? "" : `.${fraction}`} ${symbol}`;
}

/** A parameter of a market in the form of parameter files. */
export function marketValue(name: keyof MarketParameters, value: bigint, market: BookedMarket): string {
  if (LEVERAGES.includes(name)) return `${plain(value, LEVERAGE_DECIMALS)}x`;
  if (LOAN_AMOUNTS.includes(name)) return amount(value, market.loanToken);
  if (name === "collateralCap") return amount(value, market.collateralToken);
  return name === "raiseDelay" ? duration(value) : percent(value);
}

/** A fixed-point number without trailing zeros. */
function plain(value: bigint, decimals: number): string {
  return formatUnits(value, decimals).replace(/\.0$/u, "");
}
