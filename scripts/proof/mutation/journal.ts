import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { fingerprint } from "../engine/base.ts";
import type { Project } from "../engine/project.ts";
import type { Mutant } from "./mutant.ts";
import type { Result } from "./pool.ts";
import type { Outcome } from "./try.ts";

/** A stored result. */
interface Entry {
  readonly id: string;
  /** Identifies the version of the changed source: see `hashOfCode`. */
  readonly code: string;
  /** Identifies the contracts, tests and settings of the result. */
  readonly build: string;
  readonly outcome: Outcome;
}

const COMMENTS = /\/\/[^\n]*|\/\*.*?\*\//gsu;

/** A hash of a source, independent of comments and whitespace. */
export function hashOfCode(source: string): string {
  return shortHash(source.replaceAll(COMMENTS, "").replaceAll(/\s+/gu, " ").trim());
}

/**
 * The results, in a file of the repository, from which an interrupted run continues on any machine.
 * A killed mutant stays killed as long as the code of its source is unchanged, even if other
 * sources change.
 */
export class Journal {
  readonly #file: string;
  readonly #build: string;
  readonly #codeOf: (source: string) => string;

  /**
   * @param build identifies the contracts, tests and settings of this run.
   * @param codeOf returns the hash of a source's code by its name.
   */
  constructor(file: string, build: string, codeOf: (source: string) => string) {
    this.#file = file;
    this.#build = build;
    this.#codeOf = codeOf;
  }

  static of(project: Project): Journal {
    const file = join(import.meta.dirname, "results.jsonl");
    return new Journal(file, fingerprint(project).slice(0, 8), (name) => hashOfCode(project.source(name)));
  }

  /**
   * Appends a result. It replaces a truncated last line, so an interrupted run keeps its results.
   */
  note({ mutant, outcome }: Result): void {
    const entry: Entry = { id: mutant.id, code: this.#codeOf(mutant.file), build: this.#build, outcome };
    const text = this.#text();
    if (text !== "" && !text.endsWith("\n")) truncateSync(this.#file, Buffer.byteLength(wholeLines(text)));
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  /**
   * The stored results of these mutants. Killed mutants stay killed, assuming that tests are only
   * added. Survivors are tried again after a change of contracts, tests or settings; timeouts are
   * always tried again.
   */
  read(mutants: readonly Mutant[]): Result[] {
    const entries = this.#entries();
    return mutants.flatMap((mutant) => {
      const entry = entries.get(mutant.id);
      if (entry?.code !== this.#codeOf(mutant.file)) return [];
      const { outcome, build } = entry;
      const isOver = outcome.status === "timeout" || (outcome.status === "survived" && build !== this.#build);
      return isOver ? [] : [{ mutant, outcome }];
    });
  }

  /**
   * Rewrites the file with one line per mutant, sorted by name, without mutants that no longer
   * exist.
   */
  tidy(mutants: readonly Mutant[]): void {
    const files = new Set(mutants.map(({ file }) => file));
    const known = new Set(mutants.map(({ id }) => id));
    const entries = [...this.#entries().values()].filter(({ id }) => known.has(id) || !files.has(fileOf(id)));
    entries.sort((a, b) => (a.id < b.id ? -1 : 1));
    if (entries.length > 0) writeFileSync(this.#file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  }

  /** The last entry of each mutant, without a truncated last line. */
  #entries(): Map<string, Entry> {
    const lines = wholeLines(this.#text()).split("\n").slice(0, -1);
    const entries = lines.map((line) => JSON.parse(line) as Entry);
    return new Map(entries.map((entry) => [entry.id, entry]));
  }

  #text(): string {
    return existsSync(this.#file) ? readFileSync(this.#file, "utf8") : "";
  }
}

/** The source of a mutant, from its id. */
export function fileOf(id: string): string {
  return id.split(" | ", 1)[0] ?? "";
}

function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
