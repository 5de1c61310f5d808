import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { fingerprint, outFolder } from "../engine/base.ts";
import type { Project } from "../engine/project.ts";
import type { Mutant } from "./mutant.ts";
import type { Result } from "./pool.ts";

/** The results on disk, of the sources and tests as they are: a line each, so that an interrupted run keeps what it has. */
export class Journal {
  readonly #file: string;

  constructor(project: Project) {
    this.#file = join(outFolder(project), `mutation-${fingerprint(project)}.jsonl`);
  }

  clear(): void {
    rmSync(this.#file, { force: true });
  }

  note(result: Result): void {
    appendFileSync(this.#file, `${JSON.stringify(result)}\n`);
  }

  /** Results for any of these mutants; a last line that was cut off is left out. */
  read(mutants: readonly Mutant[]): Result[] {
    if (!existsSync(this.#file)) return [];
    const wanted = new Map(mutants.map((mutant) => [mutant.id, mutant]));
    const lines = readFileSync(this.#file, "utf8").split("\n").slice(0, -1);
    const results = new Map<string, Result>();
    for (const line of lines) {
      const result = JSON.parse(line) as Result;
      const mutant = wanted.get(result.mutant.id);
      if (mutant !== undefined) results.set(mutant.id, { ...result, mutant });
    }
    return [...results.values()];
  }
}
