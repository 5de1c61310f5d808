import { formatHealth, formatNumberOf, formatPrice, formatUsd } from "../format.ts";
import type { RunRecord, MarketMoment } from "../../lab/record.ts";
import { fromZero, LABELS, valueAxis, type ValueAxis } from "./axes.ts";
import type { Figure, Layer, Layout, Panel } from "./figure.ts";
import { HEALTH_RANGE, healthBins } from "./histogram.ts";
import { COLORS } from "./theme.ts";
import type { UnitSpec, XChannel } from "./vega-types.ts";

/** Shares of the debt by health factor, before, at the low and after. */
export function healthFigure({ moments }: RunRecord): Figure {
  const { before, atLow, after } = moments;
  const all = [before, atLow, after].flatMap(({ health }) => healthBins(health).map(({ share }) => share));
  const axis = { domain: fromZero(all, 0.01), label: LABELS.percent };
  return {
    id: "health",
    title: "How close borrowers are to the limit",
    explanation:
      "Each bar is the share of the debt that is owed at about that health factor. Below 1, left of the line, " +
      "a position may be liquidated. A falling price moves all of them to the left by the same factor, and " +
      "liquidation puts those who arrive at the line back to its right, with less debt; nothing should stay on " +
      "the left.",
    panels: [panelOf("Before", before, axis), panelOf("At the low", atLow, axis), panelOf("After", after, axis)],
  };
}

function panelOf(name: string, moment: MarketMoment, axis: ValueAxis): Panel {
  const lowest = Math.min(Infinity, ...moment.health.map(({ healthFactor }) => healthFactor));
  const below = moment.health.filter(({ healthFactor }) => healthFactor < 1);
  const count = formatNumberOf(moment.health.length, "position");
  const facts =
    moment.health.length === 0
      ? "no position has debt"
      : `${count} with ${formatUsd(moment.debtUsd)} of debt, lowest health ${formatHealth(lowest)}`;
  return {
    caption: `${name} (${formatPrice(moment.price)}): ${facts}`,
    legend: [],
    description:
      `Histogram of debt by health factor, ${name.toLowerCase()}: ${facts}; ` +
      `${formatNumberOf(below.length, "position")} below 1.`,
    height: { wide: 150, narrow: 140 },
    layers: (layout) => [limitLayer(layout), barLayer(moment, axis, layout)],
  };
}

function healthAxis(field: string, layout: Layout): XChannel {
  const [from, to] = HEALTH_RANGE;
  return {
    field,
    type: "quantitative",
    scale: { domain: [from, to], nice: false, zero: false },
    axis: {
      values: layout === "wide" ? [0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, to] : [1, 1.5, 2, to],
      labelExpr: `datum.value >= ${to} ? '${to} or more' : format(datum.value, '.2~f')`,
    },
  };
}

function barLayer({ health }: MarketMoment, axis: ValueAxis, layout: Layout): Layer {
  return {
    data: { values: healthBins(health).map((bin) => ({ ...bin, liquidatable: bin.to <= 1 })) },
    mark: { type: "bar", binSpacing: 1 },
    encoding: {
      x: { ...healthAxis("from", layout), bin: "binned" },
      x2: { field: "to" },
      y: valueAxis("share", axis),
      color: { condition: { test: "datum.liquidatable", value: COLORS.danger }, value: COLORS.primary },
    },
  };
}

/** The line at 1; its name only where there is room for it. */
function limitLayer(layout: Layout): Layer {
  const x = healthAxis("limit", layout);
  const rule: UnitSpec = { mark: { type: "rule", color: COLORS.danger, strokeWidth: 1.5 }, encoding: { x } };
  const label: UnitSpec = {
    mark: { type: "text", align: "right", baseline: "top", dx: -6, y: 2, color: COLORS.danger },
    encoding: { x, text: { field: "text" } },
  };
  return {
    data: { values: [{ limit: 1, text: "liquidation" }] },
    layer: layout === "wide" ? [rule, label] : [rule],
  };
}
