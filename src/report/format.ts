/** Shown instead of a number that does not exist, such as the mean of an empty list. */
export const NONE = "-";

const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A number with thousands separators and a fixed number of decimals: `1,234.50`. */
export function fixed(value: number, digits: number): string {
  return new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** `-0` and negative numbers that round to zero would print as "-0". */
function withoutMinusZero(text: string): string {
  return /[1-9]/.test(text) ? text : text.replace("-", "");
}

function signed(value: number, print: (magnitude: number) => string): string {
  const text = print(Math.abs(value));
  return withoutMinusZero(value < 0 ? `-${text}` : text);
}

/** A whole number with thousands separators: `1,234,567`. */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? withoutMinusZero(GROUPED.format(value)) : NONE;
}

/** Whole dollars: `$1,234,567`; below ten dollars with cents: `$0.34`. */
export function formatUsd(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  const digits = value !== 0 && Math.abs(value) < 10 ? 2 : 0;
  return signed(value, (magnitude) => `$${fixed(magnitude, digits)}`);
}

/**
 * Dollars in a narrow space: `$950`, `$12.3k`, `$1.2M`, `$3.4B`, `$5.6T`; below ten dollars with
 * cents.
 */
export function formatUsdShort(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  return signed(value, (magnitude) => {
    if (magnitude < 999.5) return formatUsd(magnitude);
    if (magnitude < 999_950) return `$${fixed(magnitude / 1e3, 1)}k`;
    if (magnitude < 999_950_000) return `$${fixed(magnitude / 1e6, 1)}M`;
    if (magnitude < 999_950_000_000) return `$${fixed(magnitude / 1e9, 1)}B`;
    return `$${fixed(magnitude / 1e12, 1)}T`;
  });
}

/**
 * A price with at least four significant digits: `$4,343.00`, `$86.00`, `$0.8820`, `$0.00001200`.
 */
export function formatPrice(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  const digits = size >= 10 || size === 0 ? 2 : size >= 0.1 ? 4 : Math.min(20, 3 - Math.floor(Math.log10(size)));
  return signed(value, (magnitude) => `$${fixed(magnitude, digits)}`);
}

/** Value of a lender's share, with six decimals: `$1.000123`. */
export function formatSharePrice(value: number): string {
  return Number.isFinite(value) ? `$${fixed(value, 6)}` : NONE;
}

/** Leverage: `5.00x`; `no equity` for `Infinity`. */
export function formatLeverage(value: number): string {
  if (value === Infinity) return "no equity";
  return Number.isFinite(value) ? `${fixed(value, 2)}x` : NONE;
}

/** Health factor: `1.25`; `no debt` for `Infinity`. */
export function formatHealth(value: number): string {
  if (value === Infinity) return "no debt";
  return Number.isFinite(value) ? fixed(value, 2) : NONE;
}

/** A fraction as percentage: `0.34%` for 0.0034. */
export function formatPercent(share: number, digits = 2): string {
  return Number.isFinite(share) ? withoutMinusZero(`${fixed(share * 100, digits)}%`) : NONE;
}

/** A relative change as percentage, always with its sign: `+0.34%`, `-55.81%`. */
export function formatChange(share: number, digits = 2): string {
  const text = formatPercent(share, digits);
  return share > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** Amount of a token: `29,246`, `12.35`, `0.3512`. */
export function formatAmount(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  const magnitude = Math.abs(value);
  const digits = magnitude >= 1000 || magnitude === 0 ? 0 : magnitude >= 10 ? 2 : 4;
  return withoutMinusZero(fixed(value, digits));
}

/** Gas: `105,000`. */
export const formatGas = formatCount;

/** A noun with its number: `1 position`, `2 positions`, `3 batches`. */
export function formatNumberOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** A transaction hash shortened to its ends: `0x12345678...cdef`. */
export function formatHash(hash: string): string {
  return hash.length > 18 ? `${hash.slice(0, 10)}...${hash.slice(-4)}` : hash;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** Time of day in UTC of a moment in Unix milliseconds: `02:16`, with seconds `02:16:05`. */
export function formatClock(time: number, seconds = false): string {
  return new Date(time).toISOString().slice(11, seconds ? 19 : 16);
}

/** Day in UTC of a moment in Unix milliseconds: `13 Mar`. */
export function formatDay(time: number): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ""}`;
}

/** Month in UTC of a moment in Unix milliseconds: `Mar 2020`. */
export function formatMonth(time: number): string {
  const date = new Date(time);
  return `${MONTHS[date.getUTCMonth()] ?? ""} ${date.getUTCFullYear()}`;
}

/** A moment of a run, in UTC: `13 Mar, 02:16`. */
export function formatMoment(startsAt: number, seconds: number): string {
  const time = (startsAt + seconds) * 1000;
  return `${formatDay(time)}, ${formatClock(time)}`;
}

const SPANS = [
  { seconds: 86_400, one: "day" },
  { seconds: 3600, one: "hour" },
  { seconds: 60, one: "minute" },
  { seconds: 1, one: "second" },
] as const;

/**
 * A time span in its two largest units, rounded down: `36 hours 4 minutes`, `5 minutes`,
 * `2 days 3 hours`. Spans up to two days are given in hours.
 */
export function formatSpan(seconds: number): string {
  let left = Math.floor(seconds);
  const parts: string[] = [];
  for (const unit of seconds < 2 * 86_400 ? SPANS.slice(1) : SPANS) {
    const count = Math.floor(left / unit.seconds);
    if (count === 0) {
      if (parts.length > 0) break;
      continue;
    }
    left -= count * unit.seconds;
    parts.push(`${count} ${unit.one}${count === 1 ? "" : "s"}`);
    if (parts.length === 2) break;
  }
  return parts.length > 0 ? parts.join(" ") : "0 seconds";
}
