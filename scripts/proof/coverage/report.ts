import { renderTable } from "../../../src/report/table.ts";
import type { Covered } from "./measure.ts";

/** A place that needs no coverage, with the reason. */
export interface Excused {
  readonly file: string;
  readonly kind: Covered["kind"];
  readonly text: string;
  readonly reason: string;
}

/** Whether a place is excused. */
export function isExcused(place: Covered, excused: readonly Excused[]): boolean {
  return excused.some(({ file, kind, text }) => place.file === file && place.kind === kind && place.text === text);
}

/** The places that are neither covered nor excused. */
export function uncovered(places: readonly Covered[], excused: readonly Excused[]): Covered[] {
  return places.filter((place) => !place.isCovered && !isExcused(place, excused));
}

/** A table by source, then the places that no test reaches. */
export function renderCoverage(places: readonly Covered[], excused: readonly Excused[]): string {
  const files = [...new Set(places.map(({ file }) => file))];
  const rows = files.map((file) =>
    row(
      file,
      places.filter((place) => place.file === file),
    ),
  );
  const columns = [
    { title: "source" },
    ...["lines", "statements", "branches"].map((title) => ({ title, align: "right" as const })),
  ];
  const missed = places.filter(({ isCovered }) => !isCovered);
  const lines = missed.map((place) => {
    const outcome = place.kind === "statement" ? "never runs" : `is never ${place.kind}`;
    const reason = excused.find((known) => isExcused(place, [known]))?.reason;
    return `  ${place.file}:${place.line}: ${place.text} ${outcome}${reason === undefined ? "" : ` (${reason})`}`;
  });
  return [
    renderTable(columns, [...rows, row("all", places)]),
    ...(lines.length === 0 ? [] : ["", "Not covered:", ...lines]),
  ].join("\n");
}

function row(name: string, places: readonly Covered[]): string[] {
  const statements = places.filter(({ kind }) => kind === "statement");
  const lines = new Map<string, boolean>();
  for (const { file, line, isCovered } of statements) {
    const key = `${file}:${line}`;
    lines.set(key, (lines.get(key) ?? true) && isCovered);
  }
  return [
    name,
    share([...lines.values()]),
    share(statements.map(({ isCovered }) => isCovered)),
    share(places.filter(({ kind }) => kind !== "statement").map(({ isCovered }) => isCovered)),
  ];
}

function share(covered: readonly boolean[]): string {
  return `${covered.filter(Boolean).length}/${covered.length}`;
}
