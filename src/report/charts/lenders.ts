import { formatChange, formatSharePrice, formatUsd } from "../format.ts";
import { lendersGain, totalsOf } from "../totals.ts";
import type { RunRecord } from "../../lab/record.ts";
import { exactDollars, fromZero, LABELS, padded } from "./axes.ts";
import type { Figure } from "./figure.ts";
import { areaLayer, lineLayer, lowLayer } from "./layers.ts";
import { courseOf, finiteOf, frameOf, timelineOf } from "./run-frame.ts";
import { COLORS } from "./theme.ts";

/** What the lenders' shares are worth. */
export function sharePriceFigure(report: RunRecord): Figure {
  const { before, after } = report.moments;
  const timeline = timelineOf(report);
  const domain = padded(
    finiteOf(timeline, (step) => step.lenderSharePrice),
    0.1,
  );
  const axis = { domain, label: exactDollars(domain) };
  const change = formatChange(lendersGain(report), 4);
  return {
    id: "share-price",
    title: "What lenders have",
    explanation:
      `The value of one share of the lenders' vault, ${change} over the run. Interest moves it up, all the ` +
      "time and a little. The only thing that can move it down is a loss that is larger than the buffer, and " +
      "such a loss falls on all lenders alike. Mind the scale: it is chosen to show small changes.",
    panels: [
      {
        caption: "Dollars per share",
        legend: [],
        description:
          `Line chart of the value of a lender's share: ${formatSharePrice(before.lenderSharePrice)} before, ` +
          `${formatSharePrice(after.lenderSharePrice)} after.`,
        height: { wide: 220, narrow: 200 },
        layers: (layout) => {
          const frame = frameOf(timeline, axis, layout);
          return [
            lowLayer(frame, timeline.lowAt),
            lineLayer(
              frame,
              courseOf(timeline, (step) => step.lenderSharePrice),
              { color: COLORS.primary },
            ),
          ];
        },
      },
    ],
  };
}

/** The buffer that takes losses first, against the losses so far. */
export function bufferFigure(report: RunRecord): Figure {
  const { before, after } = report.moments;
  const timeline = timelineOf(report);
  const axis = {
    domain: fromZero(
      finiteOf(
        timeline,
        (step) => step.bufferUsd,
        (step) => step.badDebtUsd,
      ),
    ),
    label: LABELS.shortDollars,
  };
  const { badDebtUsd } = totalsOf(report.liquidations);
  return {
    id: "buffer",
    title: "Buffer and bad debt",
    explanation:
      badDebtUsd > 0
        ? "Bad debt is what a position owed beyond what its collateral could pay. The buffer pays it first; it is " +
          "filled by a share of interest and of liquidation bonuses."
        : "No bad debt: every liquidation came while the collateral was still worth more than the debt. The " +
          "buffer, which would pay for losses first, is filled by a share of interest and of liquidation bonuses.",
    panels: [
      {
        caption: "Dollars",
        legend: [
          { label: "Buffer", color: COLORS.primary, mark: "line" },
          { label: "Bad debt so far", color: COLORS.danger, mark: "line" },
        ],
        description:
          `Line chart of the buffer, ${formatUsd(before.bufferUsd)} before and ${formatUsd(after.bufferUsd)} ` +
          `after, and of bad debt, ${formatUsd(badDebtUsd)} at the end.`,
        height: { wide: 200, narrow: 190 },
        layers: (layout) => {
          const frame = frameOf(timeline, axis, layout);
          return [
            lowLayer(frame, timeline.lowAt),
            areaLayer(
              frame,
              courseOf(timeline, (step) => step.bufferUsd),
              { color: COLORS.primary },
            ),
            lineLayer(
              frame,
              courseOf(timeline, (step) => step.badDebtUsd),
              { color: COLORS.danger, steps: true },
            ),
          ];
        },
      },
    ],
  };
}
