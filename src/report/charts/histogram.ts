import type { PositionHealth } from "../../lab/record.ts";

const FROM = 0.7;
const TO = 2.5;
const WIDTH = 0.05;
const COUNT = Math.round((TO - FROM) / WIDTH);

/** Range of health factors that the histogram covers; its outermost bars hold what lies beyond. */
export const HEALTH_RANGE: readonly [number, number] = [FROM, TO];

export interface HealthBin {
  readonly from: number;
  readonly to: number;
  /** Share of all debt. */
  readonly share: number;
}

/**
 * Shares of the debt by health factor; all zero where there is no debt. A factor of exactly 1 counts as healthy, as it
 * does in the market.
 */
export function healthBins(positions: readonly PositionHealth[]): readonly HealthBin[] {
  const sums = new Array<number>(COUNT).fill(0);
  for (const { healthFactor, debtUsd } of positions) {
    // Rounded at the sixth decimal first: 1 - 0.7 is a little less than 6 bins of 0.05 in binary.
    const bin = Math.floor(Math.round(((healthFactor - FROM) / WIDTH) * 1e6) / 1e6);
    const index = Math.min(COUNT - 1, Math.max(0, bin));
    sums[index] = (sums[index] ?? 0) + debtUsd;
  }
  const all = sums.reduce((total, sum) => total + sum, 0);
  return sums.map((sum, index) => ({ from: edge(index), to: edge(index + 1), share: all > 0 ? sum / all : 0 }));
}

function edge(index: number): number {
  return Math.round((FROM + index * WIDTH) * 100) / 100;
}
