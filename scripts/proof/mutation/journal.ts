import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { fingerprint, fingerprintOfContracts, outFolder } from "../engine/base.ts";
import type { Project } from "../engine/project.ts";
import type { Mutant } from "./mutant.ts";
import type { Result } from "./pool.ts";

/** A result, and which tests it is from. */
interface Entry extends Result {
  readonly tests: string;
}

/** The results on disk, of the contracts as they are: a line each, so that an interrupted run keeps what it has. */
export class Journal {
  readonly #file: string;
  readonly #tests: string;

  /** @param tests tells the tests of this run from others. */
  constructor(file: string, tests: string) {
    this.#file = file;
    this.#tests = tests;
  }

  static of(project: Project): Journal {
    const name = `mutation-${fingerprintOfContracts(project)}.jsonl`;
    return new Journal(join(outFolder(project), name), fingerprint(project));
  }

  clear(): void {
    rmSync(this.#file, { force: true });
  }

  note(result: Result): void {
    const entry: Entry = { ...result, tests: this.#tests };
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  /**
   * Results for any of these mutants; a last line that was cut off is left out. What earlier tests killed stays killed, on the
   * understanding that tests are added; what survived them is to be tried again, and so is what ran out of time, always.
   */
  read(mutants: readonly Mutant[]): Result[] {
    if (!existsSync(this.#file)) return [];
    const wanted = new Map(mutants.map((mutant) => [mutant.id, mutant]));
    const lines = readFileSync(this.#file, "utf8").split("\n").slice(0, -1);
    const results = new Map<string, Result>();
    for (const line of lines) {
      const { tests, outcome, milliseconds, mutant } = JSON.parse(line) as Entry;
      const known = wanted.get(mutant.id);
      const isOver = outcome.status === "timeout" || (outcome.status === "survived" && tests !== this.#tests);
      if (known === undefined || isOver) continue;
      results.set(mutant.id, { mutant: known, outcome, milliseconds });
    }
    return [...results.values()];
  }
}
