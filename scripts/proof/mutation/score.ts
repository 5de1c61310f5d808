import { renderTable } from "../../../src/report/table.ts";
import type { Accepted } from "./accepted.ts";
import { fileOf } from "./journal.ts";
import type { Result } from "./pool.ts";

/** Minimum score of a run that passes. */
export const LEAST_SCORE = 0.95;

/** Counts of results. */
export interface Score {
  readonly mutants: number;
  /** Killed by a test. */
  readonly killed: number;
  /** A test exceeds the time limit, which counts as killed. */
  readonly endless: number;
  /** Behavior does not change: the compiled code is the same, or a listed reason explains it. */
  readonly equivalent: number;
  readonly invalid: number;
  /** Listed with a reason, but not equivalent. */
  readonly accepted: readonly Result[];
  readonly unexplained: readonly Result[];
  /** Listed as survivors, but killed: the list is outdated. */
  readonly stale: readonly string[];
  /** Listed, but not a mutant of a source for which the results are complete. */
  readonly gone: readonly string[];
  /**
   * Killed and endless mutants divided by all mutants except invalid and equivalent ones; one if
   * there are none.
   */
  readonly rate: number;
}

/**
 * Counts results.
 * @param complete sources for which `results` contains every mutant.
 */
export function scoreOf(
  results: readonly Result[],
  accepted: readonly Accepted[],
  complete: ReadonlySet<string> = new Set(),
): Score {
  const reasons = new Map(accepted.map((known) => [known.id, known]));
  const having = (...statuses: readonly Result["outcome"]["status"][]): Result[] =>
    results.filter(({ outcome }) => statuses.includes(outcome.status));
  const survivors = having("survived");
  const known = ({ mutant }: Result): Accepted | undefined => reasons.get(mutant.id);
  const killed = having("killed");
  const endless = having("timeout");
  const dead = [...killed, ...endless];
  const tried = new Set(results.map(({ mutant }) => mutant.id));
  const listed = survivors.filter((result) => known(result)?.equivalent === true);
  const remaining = survivors.length - listed.length;
  return {
    mutants: results.length,
    killed: killed.length,
    endless: endless.length,
    equivalent: having("same-code", "listed").length + listed.length,
    invalid: having("invalid").length,
    accepted: survivors.filter((result) => known(result)?.equivalent === false),
    unexplained: survivors.filter((result) => known(result) === undefined),
    stale: dead.map(({ mutant }) => mutant.id).filter((id) => reasons.has(id)),
    gone: accepted.map(({ id }) => id).filter((id) => complete.has(fileOf(id)) && !tried.has(id)),
    rate: dead.length + remaining === 0 ? 1 : dead.length / (dead.length + remaining),
  };
}

/** Whether the score suffices and every survivor has a reason. */
export function passes({ rate, unexplained }: Score): boolean {
  return rate >= LEAST_SCORE && unexplained.length === 0;
}

/**
 * A table by source, then the survivors, then the outdated entries of the list. Parameters as for
 * `scoreOf`.
 */
export function renderScore(
  results: readonly Result[],
  accepted: readonly Accepted[],
  complete?: ReadonlySet<string>,
): string {
  const total = scoreOf(results, accepted, complete);
  const files = [...new Set(results.map(({ mutant }) => mutant.file))];
  const row = (name: string, score: Score): string[] => [
    name,
    ...[score.mutants, score.killed, score.endless, score.accepted.length + score.unexplained.length].map(String),
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
  const titles = ["mutants", "killed", "endless", "survived", "equivalent", "invalid", "score"];
  const columns = [{ title: "source" }, ...titles.map((title) => ({ title, align: "right" as const }))];
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
  const place = ({ mutant }: Result): string => `${mutant.line}: ${mutant.id}`;
  return [
    renderTable(columns, [...rows, row("all", total)]),
    ...list("Survivors with a reason", total.accepted.map(place)),
    ...list("Survivors without a reason", total.unexplained.map(place)),
    ...list("Listed in accepted.json, but killed", total.stale),
    ...list("Listed in accepted.json, but no mutant", total.gone),
  ].join("\n");
}
