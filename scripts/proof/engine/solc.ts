import { createRequire } from "node:module";

import type { AstNode } from "./ast.ts";
import { ProofError } from "./errors.ts";
import type { Sources } from "./project.ts";

const require = createRequire(import.meta.url);

interface SolcJs {
  compile(input: string): string;
}

export interface Diagnostic {
  readonly severity: "error" | "warning" | "info";
  readonly errorCode?: string;
  readonly message: string;
  readonly formattedMessage?: string;
  readonly sourceLocation?: { readonly file: string; readonly start: number; readonly end: number };
}

export interface CompiledContract {
  readonly abi: readonly { readonly type: string; readonly name?: string }[];
  readonly evm: {
    readonly bytecode: { readonly object: string };
    readonly deployedBytecode: { readonly object: string };
  };
}

export interface SolcOutput {
  readonly errors?: readonly Diagnostic[];
  readonly sources?: Readonly<Record<string, { readonly ast: AstNode }>>;
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>;
}

export type Settings = Readonly<Record<string, unknown>>;

const COMMON = { evmVersion: "cancun", metadata: { bytecodeHash: "none" } };

/** Settings of tests, as in `hardhat.config.ts`. */
export const TEST_SETTINGS: Settings = { ...COMMON, optimizer: { enabled: false } };

/**
 * Settings of the protocol. Its modules need the Yul pipeline (otherwise the stack is too deep),
 * but not the full optimizer: these steps take a quarter of the time of the full sequence. The code
 * is twice as large as a chain accepts, which the test runner allows. The compiler's newer path
 * from Yul to bytecode takes two thirds of the time. It is experimental, so a mutation run starts
 * with all tests on the unchanged code.
 */
export const FAST_SETTINGS: Settings = {
  ...COMMON,
  viaIR: true,
  experimental: true,
  viaSSACFG: true,
  debug: { debugInfo: [] },
  optimizer: {
    enabled: false,
    details: {
      peephole: true,
      jumpdestRemover: true,
      yul: true,
      yulDetails: { stackAllocation: true, optimizerSteps: "dhfoDgvulfnTUtnIfxaDIcTOcn:fDnTOcmu" },
    },
  },
};

/** Output selection: code and ABI of every contract of these sources. */
export function codeOf(sources: readonly string[]): Settings {
  const parts = ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"];
  return Object.fromEntries(sources.map((source) => [source, { "*": parts }]));
}

let loaded: SolcJs | undefined;

/** Runs the pinned compiler; its output may contain errors. */
export function compile(sources: Sources, settings: Settings): SolcOutput {
  loaded ??= require("solc") as SolcJs;
  const input = {
    language: "Solidity",
    sources: Object.fromEntries([...sources].map(([name, content]) => [name, { content }])),
    settings,
  };
  return JSON.parse(loaded.compile(JSON.stringify(input))) as SolcOutput;
}

/** The compiler's first error; undefined without one. */
export function firstError(output: SolcOutput): string | undefined {
  const error = output.errors?.find(({ severity }) => severity === "error");
  return error && (error.formattedMessage ?? error.message);
}

/**
 * Runs the pinned compiler.
 * @throws ProofError with the compiler's first error.
 */
export function compileOrThrow(sources: Sources, settings: Settings): SolcOutput {
  const output = compile(sources, settings);
  const error = firstError(output);
  if (error !== undefined) throw new ProofError(`The sources do not compile:\n${error}`);
  return output;
}

/** Syntax trees, with names and types resolved. */
export function syntaxTrees(sources: Sources): ReadonlyMap<string, AstNode> {
  const output = compileOrThrow(sources, { ...COMMON, outputSelection: { "*": { "": ["ast"] } } });
  return new Map(Object.entries(output.sources ?? {}).map(([name, { ast }]) => [name, ast]));
}
