import { formatLeverage } from "../format.ts";
import type { RunRecord } from "../../lab/record.ts";
import { LABELS } from "./axes.ts";
import type { Figure } from "./figure.ts";
import { areaLayer, lineLayer, lowLayer } from "./layers.ts";
import { courseOf, finiteOf, frameOf, timelineOf } from "./run-frame.ts";
import { COLORS } from "./theme.ts";

/**
 * Beyond this multiple of the cap a leverage is drawn at the rim: a market without equity would flatten all the rest.
 */
const MOST_ABOVE_CAP = 2.5;

/** Leverage of the whole market and its cap. */
export function leverageFigure(report: RunRecord): Figure {
  const { before, atLow, after } = report.moments;
  const timeline = timelineOf(report);
  const caps = finiteOf(timeline, (step) => step.systemLeverageCap);
  const rim = MOST_ABOVE_CAP * Math.max(1, ...caps);
  const top = Math.min(rim, 1.08 * Math.max(1.5, ...caps, ...finiteOf(timeline, (step) => step.systemLeverage)));
  const axis = { domain: [1, top], label: LABELS.leverage } as const;
  return {
    id: "leverage",
    title: "Leverage of the whole market",
    explanation:
      "All collateral over all equity. A falling price raises it by itself, since equity falls faster than " +
      "collateral; each liquidation lowers it again. The cap stops new debt, not prices: above it nobody can " +
      "add leverage, but everybody can reduce it.",
    panels: [
      {
        caption: "Collateral over equity",
        legend: [
          { label: "System leverage", color: COLORS.primary, mark: "line" },
          { label: "Cap for new debt", color: COLORS.danger, mark: "dashed" },
        ],
        description:
          `Line chart of the market's leverage: ${formatLeverage(before.systemLeverage)} before, ` +
          `${formatLeverage(atLow.systemLeverage)} at the low, ${formatLeverage(after.systemLeverage)} after, ` +
          "against the cap for new debt.",
        height: { wide: 240, narrow: 210 },
        layers: (layout) => {
          const frame = frameOf(timeline, axis, layout);
          return [
            lowLayer(frame, timeline.lowAt),
            areaLayer(
              frame,
              courseOf(timeline, (step) => Math.min(step.systemLeverage, top)),
              { color: COLORS.primary },
            ),
            lineLayer(
              frame,
              courseOf(timeline, (step) => Math.min(step.systemLeverageCap, top)),
              { color: COLORS.danger, dashed: true, steps: true },
            ),
          ];
        },
      },
    ],
  };
}
