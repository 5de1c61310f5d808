import type { PricePath, PricePoint } from "./types.ts";

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

/**
 * The price of a path at a moment: exact at its points, and on the straight line of the logarithms between them, so
 * that equal times move the price by equal factors. Before the first point and after the last it holds the nearest one.
 * @param seconds from the start of the path.
 */
export function priceAt(path: PricePath, seconds: number): number {
  const { points } = path;
  const index = indexAtOrBefore(points, seconds);
  const left = at(points, index);
  // At a point the answer is that point itself: going through the logarithm would miss it by a rounding error.
  if (seconds <= left.seconds || index === points.length - 1) return left.price;
  const right = at(points, index + 1);
  const share = (seconds - left.seconds) / (right.seconds - left.seconds);
  return left.price * (right.price / left.price) ** share;
}
