/** Stands for a number that does not exist: a mean of nothing, for instance. */
export const NONE = "-";

const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

function fixed(value: number, digits: number): string {
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

/** Whole number with separators: `1,234,567`. */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? withoutMinusZero(GROUPED.format(value)) : NONE;
}

/** Whole dollars: `$1,234,567`; below ten dollars with cents: `$0.34`. */
export function formatUsd(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  const digits = value !== 0 && Math.abs(value) < 10 ? 2 : 0;
  return signed(value, (magnitude) => `$${fixed(magnitude, digits)}`);
}

/** Dollars in a narrow space: `$950`, `$12.3k`, `$1.2M`, `$3.4B`. */
export function formatUsdShort(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  return signed(value, (magnitude) => {
    if (magnitude < 1000) return `$${fixed(magnitude, 0)}`;
    if (magnitude < 999_950) return `$${fixed(magnitude / 1e3, 1)}k`;
    if (magnitude < 999_950_000) return `$${fixed(magnitude / 1e6, 1)}M`;
    return `$${fixed(magnitude / 1e9, 1)}B`;
  });
}

/** Price with as many decimals as it takes to tell it from its neighbours: `$4,343.00`, `$86.00`, `$0.8820`. */
export function formatPrice(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  const digits = Math.abs(value) >= 10 ? 2 : Math.abs(value) >= 0.1 ? 4 : 8;
  return signed(value, (magnitude) => `$${fixed(magnitude, digits)}`);
}

/** Value of a lender's share, with six decimals: `$1.000123`. */
export function formatSharePrice(value: number): string {
  return Number.isFinite(value) ? `$${fixed(value, 6)}` : NONE;
}

/** Leverage: `5.00x`; `no equity` where debt has eaten it up. */
export function formatLeverage(value: number): string {
  if (value === Infinity) return "no equity";
  return Number.isFinite(value) ? `${fixed(value, 2)}x` : NONE;
}

/** Health factor: `1.25`; `no debt` where there is none. */
export function formatHealth(value: number): string {
  if (value === Infinity) return "no debt";
  return Number.isFinite(value) ? fixed(value, 2) : NONE;
}

/** Share of one: `0.34%` for 0.0034. */
export function formatPercent(share: number, digits = 2): string {
  return Number.isFinite(share) ? withoutMinusZero(`${fixed(share * 100, digits)}%`) : NONE;
}

/** Change as a share of one, always with its sign: `+0.34%`, `-55.81%`. */
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

/** Transaction hash cut to both ends: `0x12345678...cdef`. */
export function formatHash(hash: string): string {
  return hash.length > 18 ? `${hash.slice(0, 10)}...${hash.slice(-4)}` : hash;
}
