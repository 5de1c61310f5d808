import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A survivor that is known. */
export interface Accepted {
  readonly id: string;
  /** Whether no test can notice it, since no behaviour changes; else it is one that no test notices yet. */
  readonly equivalent: boolean;
  readonly reason: string;
}

export function readAccepted(): Accepted[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, "accepted.json"), "utf8")) as Accepted[];
}
