import type { RunRecord, StepFigures } from "../../record.ts";
import {
  formatAmount,
  formatCount,
  formatGas,
  formatHash,
  formatLeverage,
  formatMoment,
  formatPercent,
  formatPrice,
  formatSharePrice,
  formatUsd,
} from "../format.ts";
import { html, trusted, type Html } from "../html.ts";
import type { Column, TextTable } from "../table.ts";

/** A table of the page. Its first column contains the row headers. */
export function htmlTable({ title, columns, rows }: TextTable): Html {
  return html`<div class="scroll" role="region" aria-label="${title}" tabindex="0">
    <table>
      <caption>
        ${title}
      </caption>
      <thead>
        <tr>
          ${columns.map(headerCell)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => htmlRow(columns, row))}
      </tbody>
    </table>
  </div>`;
}

/**
 * The column of row headers may have no title. A header cell without text would confuse screen
 * readers.
 */
function headerCell(column: Column): Html {
  return column.title === "" ? html`<td></td>` : html`<th scope="col" ${numberClass(column)}>${column.title}</th>`;
}

function htmlRow(columns: readonly Column[], row: readonly string[]): Html {
  const cells = row.map((text, index) =>
    index === 0 ? html`<th scope="row">${text}</th>` : html`<td${numberClass(columns[index])}>${text}</td>`,
  );
  return html`<tr>
    ${cells}
  </tr>`;
}

function numberClass(column: Column | undefined): Html {
  return trusted(column?.align === "right" ? ' class="number"' : "");
}

const SHOWN = 12;

/** The transactions that repaid the most debt. */
export function largestLiquidations({ run, liquidations }: RunRecord): TextTable {
  const { collateralSymbol } = run.market;
  const largest = liquidations.toSorted((a, b) => b.repaidUsd - a.repaidUsd).slice(0, SHOWN);
  return {
    title: "The largest liquidations",
    columns: [
      { title: "Time (UTC)" },
      { title: "Transaction" },
      { title: "Positions", align: "right" },
      { title: "Price", align: "right" },
      { title: "Debt repaid", align: "right" },
      { title: `${collateralSymbol} seized`, align: "right" },
      { title: "Keeper's profit", align: "right" },
      { title: "Gas", align: "right" },
    ],
    rows: largest.map((batch) => [
      formatMoment(run.startsAt, batch.seconds),
      formatHash(batch.transactionHash),
      formatCount(batch.positions),
      formatPrice(batch.price),
      formatUsd(batch.repaidUsd),
      formatAmount(batch.seizedCollateral),
      formatUsd(batch.profitUsd),
      formatGas(batch.gasUsed),
    ]),
  };
}

const MOST_ROWS = 48;
const HOUR = 3600;

/**
 * The values of the plots as a table, hourly or, in long runs, at intervals of several hours.
 */
export function courseTable({ run, series }: RunRecord): TextTable {
  return {
    title: "Values over time",
    columns: [
      { title: "Time (UTC)" },
      { title: "Feed", align: "right" },
      { title: "Pool", align: "right" },
      { title: "Leverage", align: "right" },
      { title: "Share price", align: "right" },
      { title: "Buffer", align: "right" },
      { title: "Bad debt", align: "right" },
      { title: "Utilization", align: "right" },
      { title: "Borrow rate", align: "right" },
    ],
    rows: hourly(series).map((step) => [
      formatMoment(run.startsAt, step.seconds),
      formatPrice(step.feedPrice),
      formatPrice(step.poolPrice),
      formatLeverage(step.systemLeverage),
      formatSharePrice(step.lenderSharePrice),
      formatUsd(step.bufferUsd),
      formatUsd(step.badDebtUsd),
      formatPercent(step.utilization, 1),
      formatPercent(step.borrowRate),
    ]),
  };
}

/**
 * The first step of each hour, or of each span of several hours so that there are at most
 * `MOST_ROWS` rows; and the last step.
 */
export function hourly(series: readonly StepFigures[]): readonly StepFigures[] {
  const first = series[0]?.seconds ?? 0;
  const last = series.at(-1);
  const hours = Math.max(1, Math.ceil(((last?.seconds ?? first) - first) / HOUR / MOST_ROWS));
  const span = (step: StepFigures): number => Math.floor((step.seconds - first) / (hours * HOUR));
  return series.filter((step, index) => {
    const previous = series[index - 1];
    return step === last || previous === undefined || span(previous) !== span(step);
  });
}
