import type { MarketMoment, PositionHealth, RunRecord } from "../../record.ts";
import { fixed, formatHealth, formatNumberOf, formatPrice, formatUsd } from "../format.ts";
import { extentOf, fromZero, numberAxis, valueAxis, type ValueAxis } from "./axes.ts";
import { COLORS, type Figure, type Layer, type Layout, type Panel, type UnitSpec, type XChannel } from "./figure.ts";
import type { Domain } from "./ticks.ts";

const FROM = 0.7;
const TO = 2.5;
const WIDTH = 0.05;
const COUNT = Math.round((TO - FROM) / WIDTH);

/** Range of health factors of the histogram. The outermost bars include all values beyond it. */
export const HEALTH_RANGE: Domain = [FROM, TO];

/** A bar of the histogram: a range of health factors. */
export interface HealthBin {
  readonly from: number;
  readonly to: number;
  /** Fraction of all debt. */
  readonly share: number;
}

/**
 * Fractions of the debt by health factor; all zero without debt. A factor of exactly 1 counts as
 * healthy, as in the market.
 */
export function healthBins(positions: readonly PositionHealth[]): readonly HealthBin[] {
  const sums = new Array<number>(COUNT).fill(0);
  for (const { healthFactor, debtUsd } of positions) {
    // Rounded to six decimals first: in binary, 1 - 0.7 is slightly less than 6 bins of 0.05.
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

/** The histogram of debt by health factor: before, at the low, and after. */
export function healthFigure({ moments }: RunRecord): Figure {
  const { before, atLow, after } = moments;
  const all = [before, atLow, after].flatMap(({ health }) => healthBins(health).map(({ share }) => share));
  const axis: ValueAxis = { domain: fromZero(all, 0.01), unit: "percent" };
  return {
    id: "health",
    title: "Debt by health factor",
    explanation:
      "Each bar is the share of the debt of positions near that health factor. Below 1, left of the line, a " +
      "position can be liquidated. A falling price moves all positions to the left by the same factor. A " +
      "liquidation moves a position back to the right of the line, with less debt. No debt should remain on " +
      "the left.",
    panels: [
      healthPanel("Before", before, axis),
      healthPanel("At the low", atLow, axis),
      healthPanel("After", after, axis),
    ],
  };
}

function healthPanel(name: string, { health, price, debtUsd }: MarketMoment, axis: ValueAxis): Panel {
  const [lowest] = extentOf(health.map(({ healthFactor }) => healthFactor)) ?? [Infinity];
  const below = health.filter(({ healthFactor }) => healthFactor < 1);
  const facts =
    health.length === 0
      ? "no position has debt"
      : `${formatNumberOf(health.length, "position")} with ${formatUsd(debtUsd)} of debt, lowest health ` +
        formatHealth(lowest);
  return {
    caption: `${name} (${formatPrice(price)}): ${facts}`,
    legend: [],
    description:
      `Histogram of debt by health factor, ${name.toLowerCase()}: ${facts}; ` +
      `${formatNumberOf(below.length, "position")} below 1.`,
    height: { wide: 150, narrow: 140 },
    layers: (layout) => [limitLayer(layout), barLayer(healthBins(health), axis, layout)],
  };
}

function healthAxis(field: string, layout: Layout): XChannel {
  const values = layout === "wide" ? [0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, TO] : [1, 1.5, 2, TO];
  const [decimals, last] = layout === "wide" ? [2, `${TO} or more`] : [1, `${TO}+`];
  const labels = values.map((value) => (value === TO ? last : fixed(value, decimals)));
  return numberAxis(field, HEALTH_RANGE, { values, labels });
}

function barLayer(bins: readonly HealthBin[], axis: ValueAxis, layout: Layout): Layer {
  return {
    data: { values: bins.map((bin) => ({ ...bin, liquidatable: bin.to <= 1 })) },
    mark: { type: "bar", binSpacing: 1 },
    encoding: {
      x: { ...healthAxis("from", layout), bin: "binned" },
      x2: { field: "to" },
      y: valueAxis("share", axis),
      color: { condition: { test: "datum.liquidatable", value: COLORS.danger }, value: COLORS.primary },
    },
  };
}

/** The line at 1, with a label if there is room. */
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
