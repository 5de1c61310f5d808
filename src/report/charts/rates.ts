import { formatPercent } from "../format.ts";
import type { RunRecord, StepFigures } from "../../lab/record.ts";
import { fromZero, LABELS, type ValueAxis } from "./axes.ts";
import type { Figure, Panel } from "./figure.ts";
import { lineLayer, lowLayer } from "./layers.ts";
import { courseOf, finiteOf, frameOf, timelineOf, type Timeline } from "./run-frame.ts";
import { COLORS } from "./theme.ts";

/** How much of the lenders' money is lent out, and what it costs. */
export function ratesFigure(report: RunRecord): Figure {
  const timeline = timelineOf(report);
  const rates = {
    domain: fromZero(
      finiteOf(timeline, (step) => step.borrowRate),
      0.001,
    ),
    label: LABELS.percent,
  };
  return {
    id: "rates",
    title: "Utilization and interest",
    explanation:
      "Liquidations repay debt, so less of the lenders' money is in use and borrowing becomes cheaper. Below " +
      "its target of utilization the rate keeps sinking, to attract borrowers; above, it climbs, to bring " +
      "money back for lenders who want to leave.",
    panels: [
      panelOf(report, timeline, "Utilization", { domain: [0, 1], label: LABELS.percent }, (step) => step.utilization),
      panelOf(report, timeline, "Borrow rate, a year", rates, (step) => step.borrowRate),
    ],
  };
}

function panelOf(
  { series }: RunRecord,
  timeline: Timeline,
  caption: string,
  axis: ValueAxis,
  value: (step: StepFigures) => number,
): Panel {
  const [first, last] = [series[0], series.at(-1)].map((step) =>
    formatPercent(step === undefined ? Number.NaN : value(step)),
  );
  return {
    caption,
    legend: [],
    description: `Line chart. ${caption}: ${first} at the start, ${last} at the end.`,
    height: { wide: 150, narrow: 140 },
    layers: (layout) => {
      const frame = frameOf(timeline, axis, layout);
      return [lowLayer(frame, timeline.lowAt), lineLayer(frame, courseOf(timeline, value), { color: COLORS.primary })];
    },
  };
}
