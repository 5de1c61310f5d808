const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const TIME_STEPS = [
  ...[1, 5, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 4, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14, 28, 91, 182, 365].map((days) => days * DAY_MS),
];

/** Moments at round times in UTC, at most about `count` of them, between two Unix times in milliseconds. */
export function timeTicks(from: number, to: number, count: number): number[] {
  const least = (to - from) / count;
  const step = TIME_STEPS.find((width) => width >= least) ?? Math.ceil(least / (365 * DAY_MS)) * 365 * DAY_MS;
  return multiplesWithin(from, to, step);
}

/**
 * Round values, evenly spaced, at most about `count` of them; also for logarithmic axes that span too little to have
 * round ticks of their own.
 */
export function roundTicks(from: number, to: number, count: number): number[] {
  return multiplesWithin(from, to, niceStep((to - from) / count));
}

function multiplesWithin(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // The product leaves rounding errors like 0.30000000000000004, which a label would show.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(15)),
  );
}

/** The smallest of 1, 2, 2.5 or 5 times a power of ten that is not below `least`. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 2.5, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10) * power;
}
