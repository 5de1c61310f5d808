import type { Layout, XChannel, YChannel } from "./figure.ts";
import { linearTicks, logTicks, timeTicks, type Domain, type Ticks, type Unit } from "./ticks.ts";

/** Approximate number of ticks of a vertical axis. */
const TICKS = 5;

/**
 * Minimum width of a domain relative to its values. A label has room for seven digits, and
 * differences beyond the fifteenth digit are rounding errors.
 */
const LEAST_SHARE = 2e-5;
const LEAST_WIDTH = 1e-9;

/** Horizontal axis of time in UTC over a span in Unix milliseconds. */
export function timeAxis(field: string, span: Domain, layout: Layout): XChannel {
  return numberAxis(field, span, timeTicks(span, layout === "wide" ? 10 : 4));
}

/** Horizontal axis of numbers with given ticks. */
export function numberAxis(field: string, [from, to]: Domain, ticks: Ticks): XChannel {
  return {
    field,
    type: "quantitative",
    scale: { domain: [from, to], nice: false, zero: false },
    axis: tickedAxis(ticks),
  };
}

/** Domain, unit and scale of a vertical axis. */
export interface ValueAxis {
  readonly domain: Domain;
  readonly unit: Unit;
  readonly scale?: "linear" | "log";
}

/** Vertical axis of numbers. */
export function valueAxis(field: string, { domain, unit, scale = "linear" }: ValueAxis): YChannel {
  const ticks = scale === "log" ? logTicks(domain, unit, TICKS) : linearTicks(domain, unit, TICKS);
  return {
    field,
    type: "quantitative",
    scale: { type: scale, domain: [...domain], nice: false, ...(scale === "linear" ? { zero: false } : {}) },
    axis: tickedAxis(ticks),
  };
}

function tickedAxis({ values, labels }: Ticks): { values: number[]; labelExpr: string } {
  return {
    values: [...values],
    labelExpr: `${JSON.stringify(labels)}[indexof(${JSON.stringify(values)}, datum.value)]`,
  };
}

/** The lowest and the highest finite value; undefined if there is none. */
export function extentOf(values: readonly number[]): Domain | undefined {
  let low = Infinity;
  let high = -Infinity;
  // A loop, because `Math.max(...values)` fails with more values than a call may have arguments.
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : undefined;
}

/** Widens a very narrow domain, so that its ticks have distinct labels. */
export function widened([from, to]: Domain): Domain {
  const least = Math.max(LEAST_WIDTH, Math.max(Math.abs(from), Math.abs(to)) * LEAST_SHARE);
  const missing = least - (to - from);
  return missing > 0 ? [from, to + missing] : [from, to];
}

/**
 * A domain with some space above and below the values. It does not extend below zero unless a value
 * is negative.
 */
export function padded(values: readonly number[], share = 0.06): Domain {
  const [low, high] = extentOf(values) ?? [0, 0];
  const air = (high - low) * share || Math.max(Math.abs(low), Math.abs(high)) * share || 1;
  return widened([low < 0 ? low - air : Math.max(0, low - air), high + air]);
}

/** A domain with some space above and below the positive values, for a logarithmic axis. */
export function paddedLog(values: readonly number[], share = 0.06): Domain {
  const [low, high] = extentOf(values.filter((value) => value > 0)) ?? [1, 1];
  const from = Math.max(low, high / 1e6);
  const air = Math.max(1 + LEAST_SHARE, (high / from) ** share);
  return high > from ? [from / air, high * air] : [from / (1 + share), high * (1 + share)];
}

/** A domain from zero (or below the lowest negative value) to slightly above the highest value. */
export function fromZero(values: readonly number[], least = 1): Domain {
  const [low, high] = extentOf(values) ?? [0, 0];
  return widened([Math.min(0, low) * 1.06, Math.max(least, high) * 1.06]);
}
