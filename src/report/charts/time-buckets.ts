import type { LiquidationBatch } from "../../lab/record.ts";

const MINUTE = 60;
const WIDTHS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map((minutes) => minutes * MINUTE);

/** More bars than this are too thin to see. */
const MOST_BUCKETS = 90;

export interface Bucket {
  /** Seconds from the start of the path, both. */
  readonly from: number;
  readonly to: number;
  readonly repaidUsd: number;
}

/** Convenient width, in seconds, of the bars for a run of a length. */
export function bucketWidth(durationSeconds: number): number {
  return WIDTHS.find((width) => durationSeconds / width <= MOST_BUCKETS) ?? Math.ceil(durationSeconds / MOST_BUCKETS);
}

/** Sums up what was repaid in each span of `width` seconds; spans without liquidations are left out. */
export function repaidByTime(batches: readonly LiquidationBatch[], width: number): readonly Bucket[] {
  const sums = new Map<number, number>();
  for (const { seconds, repaidUsd } of batches) {
    const from = Math.floor(seconds / width) * width;
    sums.set(from, (sums.get(from) ?? 0) + repaidUsd);
  }
  return [...sums].sort(([a], [b]) => a - b).map(([from, repaidUsd]) => ({ from, to: from + width, repaidUsd }));
}
