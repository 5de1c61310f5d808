import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { InterfaceAbi } from "ethers";

/** The compiler that this repository pins, without types of its own. */
interface Compiler {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } | { error: string } }): string;
}

interface CompiledContract {
  readonly abi: InterfaceAbi;
  readonly evm: { readonly bytecode: { readonly object: string } };
}

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>;
}

/** What may be left to compile: only whether it is right, or code that runs. */
export type Wanted = "abi" | "evm.bytecode.object";

/**
 * Compiles sources as Foundry does in a project, which looks an import up in `node_modules` by its
 * path.
 * @param sources texts by file name.
 * @returns each contract of these sources by its name.
 * @throws Error with the compiler's messages, warnings in these sources included.
 */
export function compileSolidity(
  project: string,
  sources: Readonly<Record<string, string>>,
  wanted: readonly Wanted[],
): Readonly<Record<string, CompiledContract>> {
  const compiler = createRequire(import.meta.url)("solc") as Compiler;
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(Object.entries(sources).map(([file, content]) => [file, { content }])),
    settings: { evmVersion: "cancun", optimizer: { enabled: true }, outputSelection: { "*": { "*": wanted } } },
  };
  const callback = (path: string): { contents: string } | { error: string } => {
    const file = join(project, "node_modules", path);
    return existsSync(file) ? { contents: readFileSync(file, "utf8") } : { error: `${path} is not installed` };
  };
  const { errors = [], contracts = {} } = JSON.parse(
    compiler.compile(JSON.stringify(input), { import: callback }),
  ) as CompilerOutput;
  const isOurs = (message: string): boolean => Object.keys(sources).some((file) => message.includes(`--> ${file}:`));
  const problems = errors.filter(({ severity, formattedMessage }) => severity === "error" || isOurs(formattedMessage));
  if (problems.length > 0) throw new Error(problems.map(({ formattedMessage }) => formattedMessage).join("\n"));
  return Object.assign({}, ...Object.keys(sources).map((file) => contracts[file])) as Record<string, CompiledContract>;
}
