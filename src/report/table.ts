import stringWidth from "string-width";

export type Alignment = "left" | "right";

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** `left` by default; use `right` for numbers. */
  readonly align?: Alignment;
}

/**
 * Content of a table for the terminal or the page. The first column contains the row headers.
 */
export interface TextTable {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

const GAP = "  ";

/**
 * Formats a table for the terminal: a line of titles, a rule, and a line per row, without trailing
 * blanks or colors.
 * @param rows one text per column; missing texts are blank.
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, index) =>
    [titles, ...rows].reduce((widest, row) => Math.max(widest, stringWidth(row[index] ?? "")), 0),
  );
  const line = (row: readonly string[]): string =>
    columns
      .map(({ align }, index) => padded(row[index] ?? "", widths[index] ?? 0, align))
      .join(GAP)
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join(GAP);
  return [line(titles), rule, ...rows.map(line)].join("\n");
}

function padded(text: string, width: number, align: Alignment = "left"): string {
  const blanks = " ".repeat(Math.max(0, width - stringWidth(text)));
  return align === "left" ? text + blanks : blanks + text;
}
