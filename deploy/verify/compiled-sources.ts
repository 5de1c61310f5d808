import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { ContractSource, StandardJsonInput } from "../../src/deployment/verification/submission.ts";
import { CantileverError } from "../../src/errors.ts";

/** Folder of Hardhat's artifacts. */
export const ARTIFACTS_FOLDER = join(import.meta.dirname, "../../artifacts");

/** Thrown when compiled contracts are missing, or not in Hardhat's format. */
export class CompiledSourcesError extends CantileverError {
  constructor(problem: string, cause?: unknown) {
    const advice = "Run npm run build. If that doesn't help, delete the folders artifacts and cache, and run it again.";
    super({ code: "COMPILED_SOURCES", problem, advice, cause });
  }
}

/** A contract in Hardhat's format. */
interface CompiledContract {
  readonly contractName: string;
  /** Creation code, without constructor arguments. */
  readonly bytecode: string;
  /** File name in the compiler's input. */
  readonly inputSourceName: string;
  readonly buildInfoId: string;
}

/** One run of the compiler. */
interface Run {
  readonly compilerVersion: string;
  readonly input: StandardJsonInput;
  /** The files that a file imports, by name. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
}

/** The compiled contracts of a folder of artifacts, with the sources of each. */
export class CompiledSources {
  readonly #folder: string;
  /** Contracts by their creation code. */
  readonly #contracts: ReadonlyMap<string, CompiledContract>;
  readonly #runs = new Map<string, Promise<Run>>();

  private constructor(folder: string, contracts: ReadonlyMap<string, CompiledContract>) {
    this.#folder = folder;
    this.#contracts = contracts;
  }

  /**
   * Reads the artifacts of a folder.
   * @throws CompiledSourcesError if there are none.
   */
  static async open(folder = ARTIFACTS_FOLDER): Promise<CompiledSources> {
    const contracts = new Map<string, CompiledContract>();
    for await (const file of glob("**/*.sol/*.json", { cwd: folder })) {
      const contract = await parsed<CompiledContract>(join(folder, file));
      if (contract.bytecode !== "0x") contracts.set(contract.bytecode, contract);
    }
    if (contracts.size === 0) throw new CompiledSourcesError("There are no compiled contracts");
    return new CompiledSources(folder, contracts);
  }

  /**
   * The creation code without constructor arguments, if it is that of a compiled contract;
   * otherwise undefined.
   * @param creation creation code followed by arguments.
   */
  codeOf(creation: string): string | undefined {
    return [...this.#contracts.keys()].find((code) => creation.startsWith(code));
  }

  /**
   * The sources of a contract: its own file and all imports, direct and indirect.
   * @param creationCode without constructor arguments.
   * @throws CompiledSourcesError if none of the compiled contracts has this code.
   */
  async sourceOf(creationCode: string): Promise<ContractSource> {
    const contract = this.#contracts.get(creationCode);
    if (contract === undefined) throw new CompiledSourcesError("No compiled contract has this code");
    const { inputSourceName, contractName, buildInfoId } = contract;
    const run = await this.#run(buildInfoId);
    const { language, sources, settings } = run.input;
    const needed = withImports(inputSourceName, run.imports);
    return {
      identifier: `${inputSourceName}:${contractName}`,
      compilerVersion: run.compilerVersion,
      input: {
        language,
        // In the order of the compilation, on which the code may depend.
        sources: Object.fromEntries(Object.entries(sources).filter(([name]) => needed.has(name))),
        settings,
      },
    };
  }

  async #run(id: string): Promise<Run> {
    const known = this.#runs.get(id) ?? readRun(join(this.#folder, "build-info", id));
    this.#runs.set(id, known);
    return known;
  }
}

async function readRun(path: string): Promise<Run> {
  const { solcLongVersion, input } = await parsed<{ solcLongVersion: string; input: StandardJsonInput }>(
    `${path}.json`,
  );
  const { output } = await parsed<{ output: { sources: Record<string, { ast: Ast }> } }>(`${path}.output.json`);
  const imports = Object.entries(output.sources).map(([name, { ast }]) => [name, importsOf(ast)] as const);
  return { compilerVersion: solcLongVersion, input, imports: new Map(imports) };
}

/** The imports of a syntax tree. */
interface Ast {
  /** `absolutePath` is the name of the imported file after remappings. */
  readonly nodes: readonly { readonly nodeType: string; readonly absolutePath?: string }[];
}

function importsOf({ nodes }: Ast): readonly string[] {
  return nodes.flatMap(({ nodeType, absolutePath }) =>
    nodeType === "ImportDirective" && absolutePath !== undefined ? [absolutePath] : [],
  );
}

/** A file and all its imports, direct and indirect. */
function withImports(file: string, imports: Run["imports"]): ReadonlySet<string> {
  // Iterating over a set also visits elements that are added meanwhile.
  const needed = new Set([file]);
  for (const name of needed) for (const imported of imports.get(name) ?? []) needed.add(imported);
  return needed;
}

async function parsed<T>(path: string): Promise<T> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as T;
  } catch (error) {
    throw new CompiledSourcesError(`${path} can't be read`, error);
  }
}
