import type { RunRecord, StepFigures } from "../../record.ts";
import { formatChange, formatLeverage, formatMoment, formatPercent, formatPrice } from "../format.ts";
import { fallOf } from "../totals.ts";
import { extentOf, fromZero, paddedLog } from "./axes.ts";
import { COLORS, type Figure, type Height, type Panel } from "./figure.ts";
import type { Domain } from "./ticks.ts";
import { timeChart } from "./time-chart.ts";

/** The price over time, at the feed and in the pool. */
export function priceFigure(record: RunRecord): Figure {
  const { run, moments } = record;
  const { collateralSymbol } = run.market;
  const lowest = formatPrice(moments.atLow.price);
  return {
    id: "price",
    title: "Price of the collateral",
    explanation:
      "The market uses the price of the feed; liquidators sell seized collateral in the pool. The distance of the " +
      "pool below the feed is the cost of liquidations: each sale lowers the pool's price slightly, until " +
      "arbitrage restores it. Equal vertical distances are equal changes in percent. The dotted line marks the " +
      "low, here and below.",
    panels: [
      timeChart(record, {
        caption: `Dollars per ${collateralSymbol}`,
        description:
          `Line chart of the price of ${collateralSymbol}: from ${formatPrice(moments.before.price)} to a low of ` +
          `${lowest} (${formatChange(-fallOf(record), 1)}) on ${formatMoment(run.startsAt, moments.atLow.seconds)} ` +
          `UTC, and ${formatPrice(moments.after.price)} at the end.`,
        height: { wide: 300, narrow: 240 },
        axis: { unit: "dollars", scale: "log", domain: (values) => paddedLog(values) },
        series: [
          { label: "Price feed", color: COLORS.primary, kind: "line", value: (step) => step.feedPrice },
          { label: "Uniswap v3 pool", color: COLORS.secondary, kind: "dashed", value: (step) => step.poolPrice },
        ],
        atLow: { value: moments.atLow.price, text: lowest },
      }),
    ],
  };
}

/** Leverage of the whole market and its cap. */
export function leverageFigure(record: RunRecord): Figure {
  const { before, atLow, after } = record.moments;
  const domain = leverageDomain(record);
  const beyond = record.series.some((step) => step.systemLeverage > domain[1]);
  return {
    id: "leverage",
    title: "Leverage of the whole market",
    explanation:
      "Total collateral over total equity. A falling price raises it, because equity falls faster than " +
      "collateral; each liquidation lowers it again. The cap limits new debt, not price changes: above it, nobody " +
      "can add leverage, but everybody can reduce it." +
      (beyond ? " A line along the upper edge means leverage beyond the axis, or no equity." : ""),
    panels: [
      timeChart(record, {
        caption: "Collateral over equity",
        description:
          `Line chart of the market's leverage: ${formatLeverage(before.systemLeverage)} before, ` +
          `${formatLeverage(atLow.systemLeverage)} at the low, ${formatLeverage(after.systemLeverage)} after, ` +
          "against the cap for new debt.",
        height: { wide: 240, narrow: 210 },
        axis: { unit: "leverage", domain: () => domain },
        series: [
          { label: "System leverage", color: COLORS.primary, kind: "area", value: (step) => step.systemLeverage },
          { label: "Cap for new debt", color: COLORS.danger, kind: "dashed", value: (step) => step.systemLeverageCap },
        ],
      }),
    ],
  };
}

/**
 * Leverage near zero equity would flatten the rest of the plot, so values beyond 2.5 times the cap
 * are drawn at the edge.
 */
function leverageDomain({ series }: RunRecord): Domain {
  const [, cap] = extentOf(series.map((step) => step.systemLeverageCap)) ?? [1, 1];
  const [, most] = extentOf(series.map((step) => step.systemLeverage)) ?? [1, 1];
  return [1, Math.min(2.5 * Math.max(1, cap), 1.08 * Math.max(1.5, cap, most))];
}

/** Utilization and the borrow rate. */
export function ratesFigure(record: RunRecord): Figure {
  return {
    id: "rates",
    title: "Utilization and interest",
    explanation:
      "Liquidations repay debt, so utilization falls and borrowing becomes cheaper. Below the target " +
      "utilization, the rate keeps falling, to attract borrowers; above it, the rate rises, so that borrowers " +
      "repay and lenders can withdraw.",
    panels: [
      rateChart(
        record,
        "Utilization",
        (values) => [0, Math.max(1, extentOf(values)?.[1] ?? 1)],
        (step) => step.utilization,
      ),
      rateChart(
        record,
        "Borrow rate per year",
        (values) => fromZero(values, 0.001),
        (step) => step.borrowRate,
      ),
    ],
  };
}

const LOW_HEIGHT: Height = { wide: 150, narrow: 140 };

function rateChart(
  record: RunRecord,
  caption: string,
  domain: (values: readonly number[]) => Domain,
  value: (step: StepFigures) => number,
): Panel {
  const [first, last] = [record.series[0], record.series.at(-1)].map((step) =>
    formatPercent(step === undefined ? Number.NaN : value(step)),
  );
  return timeChart(record, {
    caption,
    description: `Line chart. ${caption}: ${first} at the start, ${last} at the end.`,
    height: LOW_HEIGHT,
    axis: { unit: "percent", domain },
    series: [{ label: caption, color: COLORS.primary, kind: "line", value }],
  });
}
