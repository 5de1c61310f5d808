import { MIN_BAR_SECONDS } from "./price-csv.ts";
import type { Bar, PricePath, PricePoint } from "./types.ts";

/**
 * Turns bars into a path of four points each, a quarter of the bar's span apart.
 *
 * A bar does not tell which of its extremes came first. The order taken is the one with the shorter way: a bar that
 * closes above its open went down first (open, low, high, close), a falling one went up first (open, high, low, close).
 * It is the same for every run.
 * @param bars at least two, ascending, at least four seconds apart.
 */
export function barsToPath(about: Pick<PricePath, "name" | "title" | "source">, bars: readonly Bar[]): PricePath {
  const startsAt = bars[0]?.timestamp ?? 0;
  const usual = usualSpan(bars);
  const points: PricePoint[] = [];
  for (const [index, bar] of bars.entries()) {
    // Where bars are missing, a bar still spans its usual time; the line from its close to the next open bridges the
    // hole.
    const span = Math.min(usual, (bars[index + 1]?.timestamp ?? Infinity) - bar.timestamp);
    for (const [quarter, price] of pricesInOrder(bar).entries()) {
      points.push({ seconds: bar.timestamp - startsAt + Math.floor((span * quarter) / 4), price });
    }
  }
  return { ...about, startsAt, points };
}

function pricesInOrder(bar: Bar): readonly number[] {
  const extremes = bar.close >= bar.open ? [bar.low, bar.high] : [bar.high, bar.low];
  return [bar.open, ...extremes, bar.close];
}

/** The median distance between bars. */
function usualSpan(bars: readonly Bar[]): number {
  const gaps = bars.slice(1).map((bar, index) => bar.timestamp - (bars[index]?.timestamp ?? bar.timestamp));
  gaps.sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? MIN_BAR_SECONDS;
}
