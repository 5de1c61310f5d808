import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { fingerprint } from "../engine/base.ts";
import type { Project } from "../engine/project.ts";
import type { Mutant } from "./mutant.ts";
import type { Result } from "./pool.ts";
import type { Outcome } from "./try.ts";

/** A result as it is kept. */
interface Entry {
  readonly id: string;
  /** Tells the changed source from others: see `hashOfCode`. */
  readonly code: string;
  /** Tells the contracts, tests and settings that it is from. */
  readonly build: string;
  readonly outcome: Outcome;
}

const COMMENTS = /\/\/[^\n]*|\/\*.*?\*\//gsu;

/** A hash of a source without its comments and the space between. */
export function hashOfCode(source: string): string {
  return shortHash(source.replaceAll(COMMENTS, "").replaceAll(/\s+/gu, " ").trim());
}

/**
 * The results, in a file that belongs to the sources: a run takes long, and goes on from it wherever it is. What was killed
 * stays so for as long as the code of the changed source is as it was, whatever becomes of the others.
 */
export class Journal {
  readonly #file: string;
  readonly #build: string;
  readonly #codeOf: (source: string) => string;

  /**
   * @param build tells the contracts, tests and settings of this run from others.
   * @param codeOf tells a source, by its name, from what it was before.
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

  /** Adds a result at the end, in place of a line that was cut off: an interrupted run keeps what it has. */
  note({ mutant, outcome }: Result): void {
    const entry: Entry = { id: mutant.id, code: this.#codeOf(mutant.file), build: this.#build, outcome };
    const text = this.#text();
    if (text !== "" && !text.endsWith("\n")) truncateSync(this.#file, Buffer.byteLength(wholeLines(text)));
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  /**
   * Results for any of these mutants. What was killed stays killed, on the understanding that tests are added; what survived
   * is to be tried again once contracts, tests or settings are others, and what ran out of time always.
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

  /** Leaves a line for each mutant, in the order of their names, and none for what is no mutant of its source any more. */
  tidy(mutants: readonly Mutant[]): void {
    const files = new Set(mutants.map(({ file }) => file));
    const known = new Set(mutants.map(({ id }) => id));
    const entries = [...this.#entries().values()].filter(({ id }) => known.has(id) || !files.has(fileOf(id)));
    entries.sort((a, b) => (a.id < b.id ? -1 : 1));
    if (entries.length > 0) writeFileSync(this.#file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  }

  /** The last entry of each mutant; a last line that was cut off is left out. */
  #entries(): Map<string, Entry> {
    const lines = wholeLines(this.#text()).split("\n").slice(0, -1);
    const entries = lines.map((line) => JSON.parse(line) as Entry);
    return new Map(entries.map((entry) => [entry.id, entry]));
  }

  #text(): string {
    return existsSync(this.#file) ? readFileSync(this.#file, "utf8") : "";
  }
}

/** The source of the mutant of an id. */
export function fileOf(id: string): string {
  return id.split(" | ", 1)[0] ?? "";
}

function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
