import type { LiquidationBatch, RunRecord, StepFigures } from "../../record.ts";
import { formatNumberOf, formatSpan, formatUsd } from "../format.ts";
import { totalsOf } from "../totals.ts";
import { extentOf, fromZero, timeAxis, valueAxis } from "./axes.ts";
import { COLORS, type Figure, type Layer, type Layout, type Panel } from "./figure.ts";
import { lowLayer, spanOf, timeChart, timeOf } from "./time-chart.ts";

const MINUTE = 60;
const BUCKET_WIDTHS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map(
  (minutes) => minutes * MINUTE,
);

/** Maximum number of bars; more would be too thin. */
const MOST_BUCKETS = 90;

/** The debt that liquidators repaid: per time span, and in total so far. */
export function liquidationsFigure(record: RunRecord): Figure {
  const totals = totalsOf(record.liquidations);
  const repaidUsd = repaidSoFar(record);
  return {
    id: "liquidations",
    title: "Liquidations",
    explanation: explain(totals.liquidations, totals.repaidUsd / record.moments.before.debtUsd),
    panels: [
      barPanel(record),
      timeChart(record, {
        caption: "Dollars of debt repaid so far",
        description: `Line chart of all debt repaid by liquidators so far, ${formatUsd(totals.repaidUsd)} at the end.`,
        height: { wide: 160, narrow: 150 },
        axis: { unit: "dollars", domain: (values) => fromZero(values) },
        series: [{ label: "Debt repaid", color: COLORS.danger, kind: "steps", value: repaidUsd }],
      }),
    ],
  };
}

function explain(liquidations: number, share: number): string {
  if (liquidations === 0) return "No position crossed the liquidation limit in this run, so none was liquidated.";
  const ofDebt = Number.isFinite(share)
    ? `; together they repaid ${Math.round(share * 100)}% of the debt at the start`
    : "";
  return (
    "Borrowers at different leverage cross the limit at different prices, so liquidations come in waves: " +
    "each new low of the price brings the next. " +
    "A liquidation repays the amount that brings a position back to its target leverage. It closes the position if " +
    `little equity is left, or if less than the minimum debt would remain${ofDebt}.`
  );
}

/** Debt that was repaid up to and including a step. */
function repaidSoFar({ series, liquidations }: RunRecord): (step: StepFigures) => number {
  const sums = new Map<StepFigures, number>();
  let sum = 0;
  let next = 0;
  for (const step of series) {
    for (
      let batch = liquidations[next];
      batch !== undefined && batch.seconds <= step.seconds;
      batch = liquidations[next]
    ) {
      sum += batch.repaidUsd;
      next++;
    }
    sums.set(step, sum);
  }
  return (step) => sums.get(step) ?? Number.NaN;
}

/** The debt repaid in a time span. */
export interface Bucket {
  /** Start and end, seconds from the start of the price path. */
  readonly from: number;
  readonly to: number;
  readonly repaidUsd: number;
}

/** A round width of the bars for the length of a run, seconds. */
export function bucketWidth(durationSeconds: number): number {
  const width = BUCKET_WIDTHS.find((seconds) => durationSeconds / seconds <= MOST_BUCKETS);
  return width ?? Math.ceil(durationSeconds / MOST_BUCKETS);
}

/**
 * The debt repaid in each span of `width` seconds. Spans without liquidations are left out.
 */
export function repaidByTime(batches: readonly LiquidationBatch[], width: number): readonly Bucket[] {
  const sums = new Map<number, number>();
  for (const { seconds, repaidUsd } of batches) {
    const from = Math.floor(seconds / width) * width;
    sums.set(from, (sums.get(from) ?? 0) + repaidUsd);
  }
  return [...sums].sort(([a], [b]) => a - b).map(([from, repaidUsd]) => ({ from, to: from + width, repaidUsd }));
}

function barPanel(record: RunRecord): Panel {
  const [from, to] = spanOf(record);
  const width = bucketWidth((to - from) / 1000);
  const buckets = repaidByTime(record.liquidations, width);
  const [, most] = extentOf(buckets.map(({ repaidUsd }) => repaidUsd)) ?? [0, 0];
  return {
    caption: `Dollars of debt repaid per ${formatSpan(width).replace(/^1 /, "")}`,
    legend: [],
    description:
      `Bar chart of debt repaid by liquidators over time: ${formatNumberOf(buckets.length, "bar")}, the ` +
      `highest ${formatUsd(most)}.`,
    height: { wide: 200, narrow: 180 },
    layers: (layout) => [lowLayer(record, layout), barLayer(record, buckets, layout)],
  };
}

function barLayer(record: RunRecord, buckets: readonly Bucket[], layout: Layout): Layer {
  const span = spanOf(record);
  const bars = buckets.map(({ from, to, repaidUsd }) => ({
    time: Math.max(timeOf(record, from), span[0]),
    until: Math.min(timeOf(record, to), span[1]),
    value: repaidUsd,
  }));
  return {
    data: { values: bars },
    mark: { type: "bar", color: COLORS.danger, binSpacing: layout === "wide" ? 1 : 0.5, minBandSize: 2 },
    encoding: {
      x: { ...timeAxis("time", span, layout), bin: "binned" },
      x2: { field: "until" },
      y: valueAxis("value", { domain: fromZero(bars.map(({ value }) => value)), unit: "dollars" }),
    },
  };
}
