/** One in 18-decimal fixed point: the scale of rates, fees, bonuses and the borrow index. */
export const WAD = 10n ** 18n;

/** Leverage of 1x (no debt). Every leverage has four decimals: 5x is 50_000n. */
export const ONE_X = 10_000n;

/** Scale of oracle prices: a price is loan token units per collateral token unit, times this. */
export const PRICE_SCALE = 10n ** 36n;

/** Largest price that a market accepts. */
export const MAX_PRICE = 2n ** 192n - 1n;

export const MAX_UINT96 = 2n ** 96n - 1n;
export const MAX_UINT120 = 2n ** 120n - 1n;
export const MAX_UINT128 = 2n ** 128n - 1n;

/** Seconds of a day. */
export const DAY = 86_400n;
/** Seconds of a year of 365 days. */
export const YEAR = 365n * DAY;

/**
 * Means the whole debt or the whole collateral in the deltas of `adjust`: the lowest value of
 * `int256`.
 */
export const ALL = -(2n ** 255n);
