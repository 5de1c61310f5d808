import {
  formatChange,
  formatCount,
  formatGas,
  formatLeverage,
  formatNumberOf,
  formatPrice,
  formatSharePrice,
  formatUsd,
  formatUsdShort,
} from "./format.ts";
import { formatMoment } from "./format-time.ts";
import type { Column } from "./table.ts";
import { lendersGain, totalsOf } from "./totals.ts";
import type { RunRecord, MarketMoment } from "../lab/record.ts";

/** A table as plain text, to be shown in the terminal or in the page; the first column names the rows. */
export interface TextTable {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** The state of the market before, at the low and after. */
export function marketTable({ run, moments }: RunRecord): TextTable {
  const all = [moments.before, moments.atLow, moments.after];
  const row = (name: string, show: (moment: MarketMoment) => string): readonly string[] => [name, ...all.map(show)];
  return {
    title: "The market",
    columns: [
      { title: "" },
      { title: "Before", align: "right" },
      { title: "At the low", align: "right" },
      { title: "After", align: "right" },
    ],
    rows: [
      row("Time (UTC)", ({ seconds }) => formatMoment(run.startsAt, seconds)),
      row(`Price of ${run.market.collateralSymbol}`, ({ price }) => formatPrice(price)),
      row("Positions with debt", ({ health }) => formatCount(health.length)),
      row("Collateral", ({ collateralUsd }) => formatUsdShort(collateralUsd)),
      row("Debt", ({ debtUsd }) => formatUsdShort(debtUsd)),
      row("System leverage", ({ systemLeverage }) => formatLeverage(systemLeverage)),
      row("Buffer", ({ bufferUsd }) => formatUsd(bufferUsd)),
      row("Lenders' share", ({ lenderSharePrice }) => formatSharePrice(lenderSharePrice)),
    ],
  };
}

/** What happened in the run, as totals. */
export function eventsTable(report: RunRecord): TextTable {
  const totals = totalsOf(report.liquidations);
  const { opened, liquidated } = report.positions;
  return {
    title: "What happened",
    columns: [{ title: "" }, { title: "Whole run", align: "right" }],
    rows: [
      ["Positions opened", formatCount(opened)],
      ["Positions liquidated", formatCount(liquidated)],
      ["Liquidations", `${formatCount(totals.liquidations)} in ${formatNumberOf(totals.batches, "batch", "batches")}`],
      ["Debt repaid", formatUsd(totals.repaidUsd)],
      ["Bad debt", formatUsd(totals.badDebtUsd)],
      ["Lenders' gain", formatChange(lendersGain(report), 4)],
      ["Gas per liquidation", formatGas(totals.gasPerLiquidation)],
      ["Keeper's profit", formatUsd(totals.profitUsd)],
    ],
  };
}
