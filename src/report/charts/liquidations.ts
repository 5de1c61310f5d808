import { formatNumberOf, formatUsd } from "../format.ts";
import { formatSpan } from "../format-time.ts";
import { totalsOf } from "../totals.ts";
import type { RunRecord } from "../../lab/record.ts";
import { fromZero, LABELS, timeAxis, valueAxis } from "./axes.ts";
import type { Figure, Layer } from "./figure.ts";
import { areaLayer, lowLayer, type TimeFrame } from "./layers.ts";
import { frameOf, timelineOf, type Timeline } from "./run-frame.ts";
import { COLORS } from "./theme.ts";
import { bucketWidth, repaidByTime, type Bucket } from "./time-buckets.ts";

/** What liquidators repaid: by time, and added up. */
export function liquidationsFigure(report: RunRecord): Figure {
  const timeline = timelineOf(report);
  const width = bucketWidth((timeline.span.to - timeline.span.from) / 1000);
  const buckets = repaidByTime(report.liquidations, width);
  const totals = totalsOf(report.liquidations);
  const most = Math.max(0, ...buckets.map(({ repaidUsd }) => repaidUsd));
  const share = totals.repaidUsd / report.moments.before.debtUsd;
  return {
    id: "liquidations",
    title: "Liquidations",
    explanation: explain(totals.liquidations, share),
    panels: [
      {
        caption: `Debt repaid by liquidators, each ${formatSpan(width).replace(/^1 /, "")}`,
        legend: [],
        description:
          `Bar chart of debt repaid by liquidators over time: ${formatNumberOf(buckets.length, "bar")}, the ` +
          `highest ${formatUsd(most)}.`,
        height: { wide: 200, narrow: 180 },
        layers: (layout) => {
          const axis = { domain: fromZero(buckets.map(({ repaidUsd }) => repaidUsd)), label: LABELS.shortDollars };
          const frame = frameOf(timeline, axis, layout);
          return [lowLayer(frame, timeline.lowAt), barLayer(frame, timeline, buckets)];
        },
      },
      {
        caption: "The same, added up",
        legend: [],
        description: `Line chart of all debt repaid by liquidators so far, ${formatUsd(totals.repaidUsd)} at the end.`,
        height: { wide: 160, narrow: 150 },
        layers: (layout) => {
          const frame = frameOf(timeline, { domain: fromZero([totals.repaidUsd]), label: LABELS.shortDollars }, layout);
          return [
            lowLayer(frame, timeline.lowAt),
            areaLayer(frame, addedUp(report, timeline), { color: COLORS.danger, steps: true }),
          ];
        },
      },
    ],
  };
}

function explain(liquidations: number, share: number): string {
  if (liquidations === 0) return "No position crossed the liquidation limit in this run, so nobody was liquidated.";
  return (
    "Borrowers at different leverage cross the limit at different prices, so liquidations come in waves: " +
    "each new low of the price brings the next. " +
    "A liquidation repays only as much as brings a position back to its target, not all of it; together they " +
    `repaid ${percentOfDebt(share)} of the debt at the start.`
  );
}

function percentOfDebt(share: number): string {
  return Number.isFinite(share) ? `${Math.round(share * 100)}%` : "none";
}

function barLayer({ span, values, layout }: TimeFrame, { timeOf }: Timeline, buckets: readonly Bucket[]): Layer {
  const bars = buckets.map(({ from, to, repaidUsd }) => ({
    time: Math.max(timeOf(from), span.from),
    until: Math.min(timeOf(to), span.to),
    value: repaidUsd,
  }));
  return {
    data: { values: bars },
    mark: { type: "bar", color: COLORS.danger, binSpacing: layout === "wide" ? 1 : 0.5, minBandSize: 2 },
    encoding: {
      x: { ...timeAxis("time", span, layout), bin: "binned" },
      x2: { field: "until" },
      y: valueAxis("value", values),
    },
  };
}

function addedUp({ liquidations }: RunRecord, { span, timeOf }: Timeline): readonly { time: number; value: number }[] {
  let sum = 0;
  const points = liquidations.map(({ seconds, repaidUsd }) => ({ time: timeOf(seconds), value: (sum += repaidUsd) }));
  return [{ time: span.from, value: 0 }, ...points, { time: span.to, value: sum }];
}
