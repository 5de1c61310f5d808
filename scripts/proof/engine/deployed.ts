import { basename } from "node:path";

import { artifactsOf, type Artifacts } from "./artifacts.ts";
import { ProofError } from "./errors.ts";
import type { Project, Sources } from "./project.ts";
import { codeOf, compile, FAST_SETTINGS, firstError, type Settings } from "./solc.ts";

const CHEAT_CODES = "0x7109709ECfa91a80626fF3989D68f67F5b1DD12D";
const CREATION_CODE = /type\((\w+)\)\.creationCode/gu;
const DEPLOYED = /\b(?:deployCode|getCode)\("(\w+\.sol):\w+"/gu;

/**
 * Rewrites a contract that embeds another contract's creation code so that it requests that code
 * from the test runner. Then the two compile separately, and a change of one does not recompile
 * both.
 */
export function unlinked(text: string): string {
  const embedded = new Set([...text.matchAll(CREATION_CODE)].map(([, name = ""]) => name));
  if (embedded.size === 0) return text;
  let result = text.replaceAll(
    CREATION_CODE,
    (_, name: string) => `CheatCodes(${CHEAT_CODES}).getCode("${name}.sol:${name}")`,
  );
  for (const name of embedded) {
    const rest = result.replace(new RegExp(`^import \\{${name}\\} from "[^"]+";$`, "mu"), "");
    if (!new RegExp(`(?<!")\\b${name}\\b(?![:.]|")`, "u").test(rest)) result = rest;
  }
  return `${result}\ninterface CheatCodes { function getCode(string calldata) external view returns (bytes memory); }\n`;
}

/**
 * The sources under `contracts/` that the Solidity tests deploy by name, and the sources that these
 * embed.
 */
export function deployedSources(project: Project): string[] {
  const byName = new Map(project.find("contracts/**/*.sol").map((name) => [basename(name), name]));
  const names = project.find("test/**/*.sol").flatMap((test) => {
    return [...project.source(test).matchAll(DEPLOYED)].map(([, file = ""]) => file);
  });
  const found = new Set<string>();
  for (let file = names.pop(); file !== undefined; file = names.pop()) {
    const source = byName.get(file);
    if (source === undefined) throw new ProofError(`The tests deploy ${file}, which is not under contracts/.`);
    found.add(source);
    names.push(...[...project.source(source).matchAll(CREATION_CODE)].map(([, name = ""]) => `${name}.sol`));
  }
  return [...found].sort();
}

/** The sources of a deployed contract, without the contracts that it embeds. */
export function partsOf(project: Project, source: string, changed: Sources = new Map()): Map<string, string> {
  const text = unlinked(changed.get(source) ?? project.source(source));
  return project.closure([source], new Map([...changed, [source, text]]));
}

/** The artifacts of a build, or the compiler's first error. */
export type Build = { readonly artifacts: Artifacts } | { readonly error: string };

/** Compiles one deployed source, optimized for compile time. */
export function buildDeployed(parts: Sources, source: string, settings: Settings = FAST_SETTINGS): Build {
  const output = compile(parts, { ...settings, outputSelection: codeOf([source]) });
  const error = firstError(output);
  return error === undefined ? { artifacts: artifactsOf(output) } : { error };
}
