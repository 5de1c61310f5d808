import type { Layout } from "./figure.ts";
import { niceStep, roundTicks, timeTicks } from "./ticks.ts";
import type { XChannel, YChannel } from "./vega-types.ts";

const DAY_MS = 86_400_000;

/** Longest time over which labels give the day, and beyond that only month and year. */
const LONG_MS = 300 * DAY_MS;

/** About how many ticks a vertical axis has. */
const TICKS = 5;

/** Span of time that all drawings over time share, in Unix milliseconds. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** Horizontal axis of time in UTC: hours, and the day at midnight. */
export function timeAxis(field: string, { from, to }: TimeSpan, layout: Layout): XChannel {
  const hours = "utcFormat(datum.value, '%H:%M')";
  const days = to - from > LONG_MS ? "utcFormat(datum.value, '%b %Y')" : "utcFormat(datum.value, '%-d %b')";
  return {
    field,
    type: "quantitative",
    scale: { domain: [from, to], nice: false, zero: false },
    axis: {
      values: timeTicks(from, to, layout === "wide" ? 10 : 4),
      labelExpr: `datum.value % ${DAY_MS} === 0 ? ${days} : ${hours}`,
    },
  };
}

export interface ValueAxis {
  readonly domain: readonly [from: number, to: number];
  /** How the labels are written, as an expression over `datum.value`. */
  readonly label: string;
  readonly scale?: "linear" | "log";
}

/** Vertical axis of numbers. */
export function valueAxis(field: string, { domain, label, scale = "linear" }: ValueAxis): YChannel {
  const [from, to] = domain;
  return {
    field,
    type: "quantitative",
    scale: { type: scale, domain: [from, to], nice: false, ...(scale === "linear" ? { zero: false } : {}) },
    axis: { labelExpr: label, values: roundTicks(from, to, TICKS) },
  };
}

/** Labels. */
export const LABELS = {
  dollars: "format(datum.value, '$,.6~r')",
  shortDollars: "datum.value === 0 ? '$0' : replace(format(datum.value, '$.3~s'), 'G', 'B')",
  leverage: "format(datum.value, '.2~f') + 'x'",
  percent: "format(datum.value, '.3~%')",
} as const;

/** Label of dollars with just as many decimals, the same for all, as tell the ticks of an axis apart. */
export function exactDollars([from, to]: readonly [number, number]): string {
  const decimals = Math.max(2, Math.ceil(-Math.log10(niceStep((to - from) / TICKS)) - 1e-9));
  return `format(datum.value, '$,.${decimals}f')`;
}

/** A domain that gives the values some air above and below; never empty. */
export function padded(values: readonly number[], share = 0.06): readonly [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const air = (high - low) * share || Math.abs(high) * share || 1;
  return [low - air, high + air];
}

/** A domain from zero to a little above the greatest value; never empty. */
export function fromZero(values: readonly number[], least = 1): readonly [number, number] {
  return [0, Math.max(least, ...values) * 1.06];
}
