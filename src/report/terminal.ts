import {
  formatChange,
  formatCount,
  formatGas,
  formatLeverage,
  formatMoment,
  formatNumberOf,
  formatPrice,
  formatSharePrice,
  formatUsd,
  formatUsdShort,
} from "./format.ts";
import { renderTable, type TextTable } from "./table.ts";
import { lendersGain, totalsOf } from "./totals.ts";
import type { RunRecord, MarketMoment } from "../record.ts";

/** The summary of a run as two tables for the terminal. The page shows the same tables. */
export function renderTerminalSummary(record: RunRecord): string {
  return [marketTable(record), eventsTable(record)].map(renderTitled).join("\n\n");
}

function renderTitled({ title, columns, rows }: TextTable): string {
  const [names, ...others] = columns;
  return renderTable([{ ...names, title }, ...others], rows);
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

/** Totals of the events of the run. */
export function eventsTable(record: RunRecord): TextTable {
  const totals = totalsOf(record.liquidations);
  const { opened, liquidated } = record.positions;
  return {
    title: "What happened",
    columns: [{ title: "" }, { title: "Whole run", align: "right" }],
    rows: [
      ["Positions opened", formatCount(opened)],
      ["Positions liquidated", formatCount(liquidated)],
      ["Liquidations", `${formatCount(totals.liquidations)} in ${formatNumberOf(totals.batches, "batch", "batches")}`],
      ["Debt repaid", formatUsd(totals.repaidUsd)],
      ["Fees to the buffer", formatUsd(totals.feeUsd)],
      ["Bad debt", formatUsd(totals.badDebtUsd)],
      ["Lenders' gain", formatChange(lendersGain(record), 4)],
      ["Gas per liquidation", formatGas(totals.gasPerLiquidation)],
      ["Keeper's profit", formatUsd(totals.profitUsd)],
    ],
  };
}
