import { globSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

import { ProofError } from "./errors.ts";

const ROOT = join(import.meta.dirname, "../../..");
const IMPORT = /^\s*import\s[^;"']*["']([^"']+)["']\s*;/gmu;

/** Sources by name, which is their path from the project's root or from `node_modules`. */
export type Sources = ReadonlyMap<string, string>;

/**
 * The Solidity sources of the project, as on disk at the first read. Changed sources exist only in
 * memory: nothing here writes to the working tree.
 */
export class Project {
  readonly root = ROOT;
  readonly #read = new Map<string, string>();

  /** Names of the sources that match a pattern, sorted. */
  find(pattern: string): string[] {
    return globSync(pattern, { cwd: ROOT })
      .map((name) => name.replaceAll("\\", "/"))
      .sort();
  }

  /** @throws ProofError if there is no such source. */
  source(name: string): string {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const text = readFirst([join(ROOT, name), join(ROOT, "node_modules", name)]);
    if (text === undefined) throw new ProofError(`There is no source ${name}.`);
    this.#read.set(name, text);
    return text;
  }

  /** `roots` and all sources that they import, with `changed` sources in their changed form. */
  closure(roots: readonly string[], changed: Sources = new Map()): Map<string, string> {
    const found = new Map<string, string>();
    const pending = [...roots];
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (found.has(name)) continue;
      const text = changed.get(name) ?? this.source(name);
      found.set(name, text);
      pending.push(...importsOf(name, text));
    }
    return found;
  }
}

/** Names of the sources that a source imports. */
export function importsOf(name: string, text: string): string[] {
  return [...text.matchAll(IMPORT)].map(([, path = ""]) =>
    path.startsWith(".") ? posix.join(dirname(name), path) : path,
  );
}

function readFirst(paths: readonly string[]): string | undefined {
  for (const path of paths) {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return undefined;
}
