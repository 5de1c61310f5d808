import { formatChange, formatPrice } from "../format.ts";
import { formatMoment } from "../format-time.ts";
import { fallOf } from "../totals.ts";
import type { RunRecord } from "../../lab/record.ts";
import { LABELS, padded } from "./axes.ts";
import type { Figure } from "./figure.ts";
import { labelLayer, lineLayer, lowLayer } from "./layers.ts";
import { courseOf, finiteOf, frameOf, timelineOf } from "./run-frame.ts";
import { COLORS } from "./theme.ts";

/** The course of the price, at the feed and in the pool. */
export function priceFigure(report: RunRecord): Figure {
  const { run, moments } = report;
  const { collateralSymbol } = run.market;
  const timeline = timelineOf(report);
  const [low, high] = padded(
    finiteOf(
      timeline,
      (step) => step.feedPrice,
      (step) => step.poolPrice,
    ),
  );
  const axis = { domain: [Math.max(low, high / 1e6), high], label: LABELS.dollars, scale: "log" } as const;
  const lowest = formatPrice(moments.atLow.price);
  const fall = formatChange(-fallOf(report), 1);
  return {
    id: "price",
    title: "The price",
    explanation:
      "The feed is what the market believes, the pool is where liquidators sell what they seized. A pool that " +
      "trades below the feed is what liquidations cost: each one pushes the price down a little, until " +
      "arbitrage brings it back. Equal distances up or down are equal changes in percent. The dotted line " +
      "marks the low, here and below.",
    panels: [
      {
        caption: `Dollars per ${collateralSymbol}`,
        legend: [
          { label: "Price feed", color: COLORS.primary, mark: "line" },
          { label: "Uniswap v3 pool", color: COLORS.secondary, mark: "line" },
        ],
        description:
          `Line chart of the price of ${collateralSymbol}: from ${formatPrice(moments.before.price)} to a low of ` +
          `${lowest} (${fall}) on ${formatMoment(run.startsAt, moments.atLow.seconds)} UTC, and ` +
          `${formatPrice(moments.after.price)} at the end.`,
        height: { wide: 300, narrow: 240 },
        layers: (layout) => {
          const frame = frameOf(timeline, axis, layout);
          return [
            lowLayer(frame, timeline.lowAt),
            lineLayer(
              frame,
              courseOf(timeline, (step) => step.poolPrice),
              { color: COLORS.secondary },
            ),
            lineLayer(
              frame,
              courseOf(timeline, (step) => step.feedPrice),
              { color: COLORS.primary },
            ),
            labelLayer(frame, { time: timeline.lowAt, value: moments.atLow.price }, lowest),
          ];
        },
      },
    ],
  };
}
