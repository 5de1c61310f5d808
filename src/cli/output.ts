import { renderTable, type Column } from "../report/table.ts";
import type { Terminal } from "./terminal.ts";

/** A result for programs: its big numbers become decimal strings. */
export type Result = object;

/** Prints a result: as JSON for programs, or as text for people. */
export function show({ stdout }: Terminal, json: boolean | undefined, result: Result, text: string): void {
  stdout.write(json === true ? `${toJson(result)}\n` : `${text}\n`);
}

/** @param indent blanks a level; zero puts all on one line. */
export function toJson(result: Result, indent = 2): string {
  return JSON.stringify(result, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value), indent);
}

/** Names and values in two columns. */
export function pairs(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`.trimEnd()).join("\n");
}

/** A table whose first column names the rows; columns of numbers stand at the right. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = titles.map((title, index): Column => {
    const isOfNumbers = index > 0 && rows.some((row) => /^[-+]?\d(?!x)/u.test(row[index] ?? ""));
    return { title, align: isOfNumbers ? "right" : "left" };
  });
  return renderTable(columns, rows);
}

/** Milliseconds before the first report of progress. */
const PATIENCE = 1_500;

/** Reports on `stderr` the progress of work that takes long. @param title like `Reading events`. */
export async function withProgress<T>(
  { stderr }: Terminal,
  title: string,
  work: (tell: (state: string) => void) => Promise<T>,
): Promise<T> {
  let state = "";
  let shown = "";
  const started = performance.now();
  const clock = setInterval(() => {
    if (performance.now() - started < PATIENCE) return;
    const line = `${title}${state === "" ? "" : `: ${state}`}`;
    if (line === shown) return;
    shown = line;
    stderr.write(stderr.isTTY === true ? `\r\u001b[2K${line}` : `${line}\n`);
  }, 250);
  try {
    return await work((told) => {
      state = told;
    });
  } finally {
    clearInterval(clock);
    if (shown !== "" && stderr.isTTY === true) stderr.write("\r\u001b[2K");
  }
}
