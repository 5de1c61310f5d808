import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A known surviving mutant. */
export interface Accepted {
  readonly id: string;
  /**
   * True if no test can detect it, because behavior does not change. Otherwise no test detects it
   * yet.
   */
  readonly equivalent: boolean;
  readonly reason: string;
}

/** Reads accepted.json. */
export function readAccepted(): Accepted[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, "accepted.json"), "utf8")) as Accepted[];
}
