import { fixed, formatClock, formatDay, formatMonth } from "../format.ts";

/**
 * Ticks of an axis. The labels are made here, because number formats of drawing libraries write
 * 0.25 as "250m".
 */
export interface Ticks {
  readonly values: readonly number[];
  readonly labels: readonly string[];
}

/** The ends of an axis. */
export type Domain = readonly [from: number, to: number];

/** Unit of an axis. Percentages are given as fractions of one. */
export type Unit = "dollars" | "percent" | "leverage";

const UNITS: Readonly<Record<Unit, { factor: number; before: string; after: string }>> = {
  dollars: { factor: 1, before: "$", after: "" },
  percent: { factor: 100, before: "", after: "%" },
  leverage: { factor: 1, before: "", after: "x" },
};

const SCALES = [
  { factor: 1e12, suffix: "T" },
  { factor: 1e9, suffix: "B" },
  { factor: 1e6, suffix: "M" },
  { factor: 1e3, suffix: "k" },
] as const;

/** Numbers from `SMALL` to below `LARGE` are written in full. */
const SMALL = 1e-4;
const LARGE = 10_000;

/**
 * Ratio of the ends of a logarithmic axis above which evenly spaced ticks would crowd at its upper
 * end.
 */
const WIDE_RATIO = 10;

/**
 * Round, evenly spaced values, at most about `count`, with labels of equal decimals.
 */
export function linearTicks([from, to]: Domain, unit: Unit, count: number): Ticks {
  const step = niceStep((to - from) / count);
  const values = multiplesWithin(from, to, step);
  return { values, labels: evenLabels(values, step, unit) };
}

/**
 * Ticks of a logarithmic axis: evenly spaced in a narrow domain, otherwise at powers of ten, and at
 * 2 and 5 times these if there is room.
 */
export function logTicks(domain: Domain, unit: Unit, count: number): Ticks {
  const [from, to] = domain;
  if (to / from < WIDE_RATIO) return linearTicks(domain, unit, count);
  const first = Math.floor(Math.log10(from));
  const powers = Math.floor(Math.log10(to)) - first + 1;
  const factors = powers * 3 <= count + 4 ? [1, 2, 5] : [1];
  const stride = Math.ceil((powers * factors.length) / (count + 4));
  const values = Array.from({ length: powers }, (_, index) => first + index)
    .filter((power) => power % stride === 0)
    .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
    .filter((value) => value >= from && value <= to);
  return { values, labels: values.flatMap((value) => evenLabels([value], value, unit)) };
}

/** Labels with the same suffix, and the fewest decimals that distinguish neighbors. */
function evenLabels(values: readonly number[], step: number, unit: Unit): string[] {
  const { factor, before, after } = UNITS[unit];
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value) * factor), 0);
  const scale = scaleOf(largest, step * factor);
  const decimals = decimalsOf((step * factor) / scale.factor);
  return values.map((value) => {
    if (value === 0) return `${before}0${after}`;
    const digits = fixed((Math.abs(value) * factor) / scale.factor, decimals);
    return `${value < 0 ? "-" : ""}${before}${digits}${scale.suffix}${after}`;
  });
}

/**
 * The largest scale in which at most two decimals distinguish the ticks; a power of ten for very
 * small numbers.
 */
function scaleOf(largest: number, step: number): { readonly factor: number; readonly suffix: string } {
  const power = Math.floor(Math.log10(largest));
  if (largest > 0 && largest < SMALL) return { factor: Number(`1e${power}`), suffix: `e${power}` };
  const scale = SCALES.find(({ factor }) => largest >= factor * (1 - 1e-9) && decimalsOf(step / factor) <= 2);
  return largest >= LARGE && scale !== undefined ? scale : { factor: 1, suffix: "" };
}

/** Number of decimals that represent a step exactly. */
function decimalsOf(step: number): number {
  let decimals = 0;
  while (decimals < 20 && Math.abs(step - Number(step.toFixed(decimals))) > step * 1e-6) decimals++;
  return decimals;
}

function multiplesWithin(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // The product has rounding errors, such as 0.30000000000000004. Adding 0 turns -0 into 0.
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, index) => Number(((first + index) * step).toPrecision(15)) + 0,
  );
}

/** The smallest of 1, 2, 2.5 or 5 times a power of ten that is at least `least`. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 2.5, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10) * power;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MONTH_MS = 30.4 * DAY_MS;

const TIME_STEPS = [
  ...[1, 5, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 5, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 4, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14].map((days) => days * DAY_MS),
];
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 36, 60, 120];

/**
 * Round times in UTC between two Unix times in milliseconds, at most about `count`. Labels show the
 * time of day, and the day at midnight. In longer spans they show the day, the month or the year.
 */
export function timeTicks([from, to]: Domain, count: number): Ticks {
  const least = (to - from) / count;
  const step = TIME_STEPS.find((width) => width >= least);
  if (step === undefined) return monthTicks(from, to, least);
  const clock = (time: number): string => formatClock(time, step < MINUTE_MS);
  const values = multiplesWithin(from, to, step);
  return { values, labels: values.map((time) => (time % DAY_MS === 0 ? formatDay(time) : clock(time))) };
}

/**
 * The first days of months. Months differ in length, so a fixed step would not meet them.
 */
function monthTicks(from: number, to: number, least: number): Ticks {
  const step = MONTH_STEPS.find((months) => months * MONTH_MS >= least) ?? Math.ceil(least / (120 * MONTH_MS)) * 120;
  const start = new Date(from).getUTCFullYear() * 12;
  const values: number[] = [];
  for (let month = Math.floor(start / step) * step; ; month += step) {
    const time = Date.UTC(Math.floor(month / 12), month % 12);
    if (time > to) break;
    if (time >= from) values.push(time);
  }
  return { values, labels: values.map(step % 12 === 0 ? (time) => formatMonth(time).slice(4) : formatMonth) };
}
