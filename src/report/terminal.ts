import { eventsTable, marketTable, type TextTable } from "./summary.ts";
import { renderTable } from "./table.ts";
import type { RunRecord } from "../lab/record.ts";

/** The two summary tables of a run, for the terminal. */
export function renderTerminalSummary(report: RunRecord): string {
  return [marketTable(report), eventsTable(report)].map(renderTitled).join("\n\n");
}

function renderTitled({ title, columns, rows }: TextTable): string {
  const [names, ...others] = columns;
  return renderTable([{ ...names, title }, ...others], rows);
}
