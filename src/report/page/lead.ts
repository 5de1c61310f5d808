import {
  formatLeverage,
  formatNumberOf,
  formatPercent,
  formatPrice,
  formatSharePrice,
  formatSpan,
  formatUsd,
  formatUsdShort,
  formatChange,
  formatGas,
} from "../format.ts";
import { html, type Html } from "../html.ts";
import { fallOf, lendersGain, totalsOf } from "../totals.ts";
import type { RunRecord } from "../../record.ts";

/** The result of the run in a few sentences. */
export function leadText(record: RunRecord): string {
  const { run, moments, positions } = record;
  const { collateralSymbol, maxLeverage } = run.market;
  const totals = totalsOf(record.liquidations);
  const span = formatSpan(moments.after.seconds - moments.before.seconds);
  const fall =
    `In ${span}, ${collateralSymbol} went from ${formatPrice(moments.before.price)} to a low of ` +
    `${formatPrice(moments.atLow.price)}, a fall of ${formatPercent(fallOf(record), 1)}.`;
  const start =
    `${formatNumberOf(positions.opened, "borrower")} had opened positions at up to ` +
    `${formatLeverage(maxLeverage)}, with ${formatUsdShort(moments.before.debtUsd)} of debt.`;
  const keepers =
    positions.liquidated === 0
      ? "None of them was liquidated."
      : `Keepers liquidated ${formatNumberOf(positions.liquidated, "position")} in ` +
        `${formatNumberOf(totals.batches, "transaction")}, without capital of their own.`;
  return [fall, start, keepers, lossSentence(totals.badDebtUsd, lendersGain(record))].join(" ");
}

function lossSentence(badDebtUsd: number, gain: number): string {
  if (badDebtUsd <= 0) return "There was no bad debt, and no lender lost anything.";
  const loss = `${formatUsd(badDebtUsd)} of debt became bad debt; the buffer covered it first,`;
  return gain >= 0 ? `${loss} and lenders still gained.` : `${loss} and lenders lost ${formatPercent(-gain)}.`;
}

/** The most important figures, as tiles. */
export function tiles(record: RunRecord): Html {
  const { moments, positions } = record;
  const totals = totalsOf(record.liquidations);
  const { before, atLow, after } = moments;
  return html`<dl class="tiles">
    ${[
      tile("Price, start to low", formatChange(-fallOf(record), 1), `to ${formatPrice(atLow.price)}`),
      tile(
        "System leverage",
        formatLeverage(before.systemLeverage),
        `${formatLeverage(atLow.systemLeverage)} at the low, ${formatLeverage(after.systemLeverage)} after`,
      ),
      tile(
        "Positions liquidated",
        `${positions.liquidated} of ${positions.opened}`,
        `${formatUsdShort(totals.repaidUsd)} repaid`,
      ),
      tile(
        "Bad debt",
        formatUsd(totals.badDebtUsd),
        `buffer ${formatUsdShort(before.bufferUsd)}, then ${formatUsdShort(after.bufferUsd)}`,
      ),
      tile(
        "Lenders' gain",
        formatChange(lendersGain(record), 3),
        `a share is ${formatSharePrice(after.lenderSharePrice)}`,
      ),
      tile(
        "Gas per liquidation",
        formatGas(totals.gasPerLiquidation),
        `${formatNumberOf(totals.liquidations, "liquidation")} in ` +
          formatNumberOf(totals.batches, "batch", "batches"),
      ),
    ]}
  </dl>`;
}

function tile(name: string, value: string, note: string): Html {
  return html`<div class="tile">
    <dt>${name}</dt>
    <dd>${value}<small>${note}</small></dd>
  </div>`;
}
