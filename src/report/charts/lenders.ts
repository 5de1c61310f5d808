import type { RunRecord } from "../../record.ts";
import { formatChange, formatSharePrice, formatUsd } from "../format.ts";
import { lendersGain, totalsOf } from "../totals.ts";
import { fromZero, padded } from "./axes.ts";
import { COLORS, type Figure } from "./figure.ts";
import { timeChart } from "./time-chart.ts";

/** The value of the lenders' shares. */
export function sharePriceFigure(record: RunRecord): Figure {
  const { before, after } = record.moments;
  return {
    id: "share-price",
    title: "Value of a lender's share",
    explanation:
      `The value of a share of the lenders' vault changed by ${formatChange(lendersGain(record), 4)} in this run. ` +
      "Interest raises it continuously. Only a loss larger than the buffer can lower it, and all lenders bear " +
      "such a loss in proportion. The axis doesn't start at zero, so that small changes are visible.",
    panels: [
      timeChart(record, {
        caption: "Dollars per share",
        description:
          `Line chart of the value of a lender's share: ${formatSharePrice(before.lenderSharePrice)} before, ` +
          `${formatSharePrice(after.lenderSharePrice)} after.`,
        height: { wide: 220, narrow: 200 },
        axis: { unit: "dollars", domain: (values) => padded(values, 0.1) },
        series: [{ label: "Share price", color: COLORS.primary, kind: "line", value: (step) => step.lenderSharePrice }],
      }),
    ],
  };
}

/** The buffer, which covers losses first, and the bad debt so far. */
export function bufferFigure(record: RunRecord): Figure {
  const { before, after } = record.moments;
  const { badDebtUsd, feeUsd } = totalsOf(record.liquidations);
  const filled = `filled by a share of the interest and by liquidation fees, ${formatUsd(feeUsd)} in this run.`;
  return {
    id: "buffer",
    title: "Buffer and bad debt",
    explanation:
      badDebtUsd > 0
        ? `Bad debt is the part of a debt that the collateral could not repay. The buffer covers it first; it is ${filled}`
        : "No bad debt: no position was liquidated when its collateral was worth less than its debt. The buffer, " +
          `which covers losses first, is ${filled}`,
    panels: [
      timeChart(record, {
        caption: "Dollars",
        description:
          `Line chart of the buffer, ${formatUsd(before.bufferUsd)} before and ${formatUsd(after.bufferUsd)} ` +
          `after, and of bad debt, ${formatUsd(badDebtUsd)} at the end.`,
        height: { wide: 200, narrow: 190 },
        axis: { unit: "dollars", domain: (values) => fromZero(values) },
        series: [
          { label: "Buffer", color: COLORS.primary, kind: "area", value: (step) => step.bufferUsd },
          { label: "Bad debt so far", color: COLORS.danger, kind: "steps", value: (step) => step.badDebtUsd },
        ],
      }),
    ],
  };
}
