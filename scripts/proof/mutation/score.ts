import { renderTable } from "../../report/table.ts";
import type { Accepted } from "./accepted.ts";
import type { Result } from "./pool.ts";

export const LEAST_SCORE = 0.95;

export interface Score {
  readonly mutants: number;
  /** Noticed by a test, or without end. */
  readonly killed: number;
  /** No behaviour changes: the compiler proves it, or a listed reason says so. */
  readonly equivalent: number;
  readonly invalid: number;
  /** Known and listed with a reason, yet not equivalent. */
  readonly accepted: readonly Result[];
  readonly unexplained: readonly Result[];
  /** Listed as survivors, but killed: the list is out of date. */
  readonly stale: readonly string[];
  /** Share of the killed in all but the invalid and the equivalent; one if there are none. */
  readonly rate: number;
}

export function scoreOf(results: readonly Result[], accepted: readonly Accepted[]): Score {
  const reasons = new Map(accepted.map((known) => [known.id, known]));
  const having = (...statuses: readonly Result["outcome"]["status"][]): Result[] =>
    results.filter(({ outcome }) => statuses.includes(outcome.status));
  const survivors = having("survived");
  const known = ({ mutant }: Result): Accepted | undefined => reasons.get(mutant.id);
  const dead = having("killed", "timeout");
  const listed = survivors.filter((result) => known(result)?.equivalent === true);
  const remaining = survivors.length - listed.length;
  return {
    mutants: results.length,
    killed: dead.length,
    equivalent: having("same-code").length + listed.length,
    invalid: having("invalid").length,
    accepted: survivors.filter((result) => known(result)?.equivalent === false),
    unexplained: survivors.filter((result) => known(result) === undefined),
    stale: dead.map(({ mutant }) => mutant.id).filter((id) => reasons.has(id)),
    rate: dead.length + remaining === 0 ? 1 : dead.length / (dead.length + remaining),
  };
}

export function passes({ rate, unexplained }: Score): boolean {
  return rate >= LEAST_SCORE && unexplained.length === 0;
}

/** A table by source, then the survivors. */
export function renderScore(results: readonly Result[], accepted: readonly Accepted[]): string {
  const total = scoreOf(results, accepted);
  const files = [...new Set(results.map(({ mutant }) => mutant.file))];
  const row = (name: string, score: Score): string[] => [
    name,
    ...[score.mutants, score.killed, score.accepted.length + score.unexplained.length].map(String),
    ...[score.equivalent, score.invalid].map(String),
    `${(score.rate * 100).toFixed(1)}%`,
  ];
  const rows = files.map((file) =>
    row(
      file,
      scoreOf(
        results.filter(({ mutant }) => mutant.file === file),
        accepted,
      ),
    ),
  );
  const titles = ["mutants", "killed", "survived", "equivalent", "invalid", "score"];
  const columns = [{ title: "source" }, ...titles.map((title) => ({ title, align: "right" as const }))];
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
  const place = ({ mutant }: Result): string => `${mutant.line}: ${mutant.id}`;
  return [
    renderTable(columns, [...rows, row("all", total)]),
    ...list("Survivors with a reason", total.accepted.map(place)),
    ...list("Survivors without a reason", total.unexplained.map(place)),
    ...list("Listed in accepted.json, but killed", total.stale),
  ].join("\n");
}
