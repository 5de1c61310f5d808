import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { artifactsOf, type Artifacts } from "./artifacts.ts";
import { buildDeployed, deployedSources, partsOf } from "./deployed.ts";
import { ProofError } from "./errors.ts";
import type { Project } from "./project.ts";
import { codeOf, compileOrThrow, FAST_SETTINGS, TEST_SETTINGS } from "./solc.ts";

/** Folder of the tools' caches, which may be deleted. */
export function outFolder(project: Project, ...parts: string[]): string {
  const folder = join(project.root, "out/proof", ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A hash of every source and setting of a build. */
export function fingerprint(project: Project): string {
  const roots = [...project.find("test/**/*.t.sol"), ...deployedSources(project)];
  const hash = createHash("sha256").update(JSON.stringify([FAST_SETTINGS, TEST_SETTINGS]));
  for (const [name, text] of [...project.closure(roots)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}\0${text}\0`);
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Path of the file with all unchanged tests and deployed contracts. Compiles them if necessary,
 * which takes half a minute.
 */
export function baseBuild(project: Project, say: (what: string) => void): string {
  const file = join(outFolder(project), `base-${fingerprint(project)}.json`);
  if (!existsSync(file)) {
    say("compiling the tests");
    // Tests of the oracles measure gas, which differs without the optimizer and with probes.
    const tests = project.find("test/**/*.t.sol").filter((file) => !file.startsWith("test/oracles/"));
    const output = compileOrThrow(project.closure(tests), { ...TEST_SETTINGS, outputSelection: codeOf(tests) });
    const artifacts = [...artifactsOf(output)];
    for (const source of deployedSources(project)) {
      say(`compiling ${source}`);
      const build = buildDeployed(partsOf(project, source), source);
      if ("error" in build) throw new ProofError(`${source} does not compile:\n${build.error}`);
      artifacts.push(...build.artifacts);
    }
    writeFileSync(file, JSON.stringify(artifacts));
  }
  return file;
}

/** Reads the file of `baseBuild`. */
export function readBase(file: string): Artifacts {
  return JSON.parse(readFileSync(file, "utf8")) as Artifacts;
}
