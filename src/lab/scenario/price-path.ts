import { UnusablePricesError } from "../errors.ts";

/**
 * The prices that can be replayed, in dollars per token; docs/price-files.md states the same range.
 * Below, an answer of a feed with eight decimals is rounded by more than a millionth; above, a unit
 * of the dollar token buys so few units of a token that amounts lose their meaning.
 */
export const LOWEST_PRICE = 0.01;
export const HIGHEST_PRICE = 10_000_000;

/**
 * Unix seconds between which a path may begin: the days before it have to lie after the beginning
 * of Unix time.
 */
const EARLIEST = Date.UTC(1971, 0, 1) / 1000;
/** The last second that the market's clock of 32 bits knows, less some room. */
const LATEST = Date.UTC(2100, 0, 1) / 1000;

/** A price at a moment of a path. */
export interface PricePoint {
  /** Whole seconds from the start of the path. */
  readonly seconds: number;
  /** Loan tokens (dollars) per collateral token (ETH), positive. */
  readonly price: number;
}

/** A course of prices: points joined by straight lines on a logarithmic scale. */
export interface PricePath {
  /** Short name, as one types it. */
  readonly name: string;
  /** Title for people. */
  readonly title: string;
  /** Where the figures come from, in a sentence. */
  readonly source: string;
  /** Unix seconds of the first point. */
  readonly startsAt: number;
  /** At least two, strictly ascending in time; the first is at second 0. */
  readonly points: readonly PricePoint[];
}

/** Seconds from the first point to the last. */
export function durationOf(path: PricePath): number {
  return path.points.at(-1)?.seconds ?? 0;
}

/** The first point with the lowest price. */
export function lowestOf(points: readonly PricePoint[]): PricePoint {
  return points.reduce((lowest, point) => (point.price < lowest.price ? point : lowest));
}

/** The first point with the highest price. */
export function highestOf(points: readonly PricePoint[]): PricePoint {
  return points.reduce((highest, point) => (point.price > highest.price ? point : highest));
}

/**
 * The price of a path at a moment: exact at its points, and on the straight line of the logarithms
 * between them, so that equal times move the price by equal factors. Before the first point and
 * after the last it holds the nearest one.
 * @param seconds from the start of the path.
 */
export function priceAt(path: PricePath, seconds: number): number {
  const { points } = path;
  const index = indexAtOrBefore(points, seconds);
  const left = at(points, index);
  // At a point the answer is that point itself: going through the logarithm would miss it by a
  // rounding error.
  if (seconds <= left.seconds || index === points.length - 1) return left.price;
  const right = at(points, index + 1);
  const share = (seconds - left.seconds) / (right.seconds - left.seconds);
  return left.price * (right.price / left.price) ** share;
}

/** The price at each moment, seconds from a start. */
export type Course = (seconds: number) => number;

/** The prices of a path, which hold still before it and after it. */
export function courseOf(path: PricePath): Course {
  return (seconds) => priceAt(path, seconds);
}

/**
 * The prices of a path, forth and back and so on without an end: the way back is continuous,
 * another start wouldn't be.
 */
export function thereAndBack(path: PricePath): Course {
  const duration = durationOf(path);
  return (seconds) => {
    const place = seconds % (2 * duration);
    return priceAt(path, Math.min(place, 2 * duration - place));
  };
}

/**
 * Checks that feed, pool and clock can carry a path.
 * @throws UnusablePricesError if a price is out of range, or the path begins outside the years 1971
 * to 2099.
 */
export function checkPath({ points, startsAt }: PricePath): void {
  const [low, high] = [lowestOf(points).price, highestOf(points).price];
  if (!(low >= LOWEST_PRICE && high <= HIGHEST_PRICE)) {
    throw new UnusablePricesError(
      `These prices can't be replayed: they go from ${low} to ${high}`,
      `Scale them to between ${LOWEST_PRICE} and ${HIGHEST_PRICE} dollars.`,
    );
  }
  if (!(startsAt >= EARLIEST && startsAt <= LATEST)) {
    throw new UnusablePricesError(
      `These prices can't be replayed: they begin at second ${startsAt} of Unix time`,
      "Give times between 1971 and 2100.",
    );
  }
}

/** Index of the last point at or before `seconds`; 0 if there is none. */
function indexAtOrBefore(points: readonly PricePoint[], seconds: number): number {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (at(points, middle).seconds <= seconds) low = middle;
    else high = middle - 1;
  }
  return low;
}

function at(points: readonly PricePoint[], index: number): PricePoint {
  const point = points[index];
  if (point === undefined) throw new RangeError(`A price path has no point ${index}: it must have at least two.`);
  return point;
}
