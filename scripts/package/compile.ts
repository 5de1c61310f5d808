import { dirname, posix, relative } from "node:path";

import ts from "typescript";

/** Compiled files by their path below the output folder, with slashes. */
export type CompiledFiles = ReadonlyMap<string, string>;

/** The index of TypeChain's output: types of contracts, and factories that carry bytecode. */
const TYPE_INDEX = "types/index.d.ts";
/** A line of it that exports the type of one contract. */
const CONTRACT_TYPE = /^export type \{ (?<name>\w+) \} from '(?<path>[^']+)';$/u;
/** `from "./x.ts"`, `import("./x.ts")`, and `import "./x.ts"`. */
const RELATIVE_IMPORT = /(?<before>\b(?:from|import)\s*\(?\s*)(?<quote>["'])(?<path>\.{1,2}\/[^"']+)\k<quote>/gu;

/**
 * Compiles the entry files that a TypeScript configuration includes, and keeps what they reach:
 * JavaScript, and declarations whose imports name the JavaScript next to them. Of the generated
 * types that leaves those of the contracts; TypeChain's factories, whose bytecode nobody imports,
 * stay out.
 * @param configFile a `tsconfig.json` with an `outDir`.
 * @throws Error with the compiler's messages, if there are any.
 */
export function compilePackage(configFile: string): CompiledFiles {
  const { fileNames, options } = readConfig(configFile);
  const { rootDir = dirname(configFile), outDir = "dist" } = options;
  const emitted = new Map<string, string>();
  const program = ts.createProgram(fileNames, options);
  const { diagnostics } = program.emit(undefined, (file, text) => {
    const path = relative(outDir, file).replaceAll("\\", "/");
    emitted.set(path, path.endsWith(".d.ts") ? withJavaScriptImports(text) : text);
  });
  refuse([...ts.getPreEmitDiagnostics(program), ...diagnostics]);
  emitted.set(TYPE_INDEX, usedTypes(emitted));
  const entries = fileNames.map((file) => relative(rootDir, file).replaceAll("\\", "/").replace(/\.ts$/u, ""));
  return reachedFrom(
    entries.flatMap((entry) => [`${entry}.js`, `${entry}.d.ts`]),
    emitted,
  );
}

function readConfig(configFile: string): ts.ParsedCommandLine {
  const read = ts.readConfigFile(configFile, (path) => ts.sys.readFile(path));
  refuse(read.error === undefined ? [] : [read.error]);
  const parsed = ts.parseJsonConfigFileContent(read.config, ts.sys, dirname(configFile));
  refuse(parsed.errors);
  return parsed;
}

function refuse(problems: readonly ts.Diagnostic[]): void {
  if (problems.length === 0) return;
  throw new Error(
    ts.formatDiagnostics(problems, {
      getCurrentDirectory: () => ts.sys.getCurrentDirectory(),
      getCanonicalFileName: (file) => file,
      getNewLine: () => "\n",
    }),
  );
}

/**
 * A declaration that imports from the JavaScript which the package has: the compiler leaves `.ts`
 * there.
 */
function withJavaScriptImports(declaration: string): string {
  return declaration.replace(RELATIVE_IMPORT, (_, before: string, quote: string, path: string) => {
    return `${before}${quote}${path.replace(/(?<!\.d)\.ts$/u, ".js")}${quote}`;
  });
}

/** The lines of the index for contracts that a declaration names which imports from it. */
function usedTypes(emitted: CompiledFiles): string {
  const users = [...emitted.values()].filter((text) => text.includes("/types/index.js"));
  const words = new Set(users.flatMap((text) => text.match(/\w+/gu) ?? []));
  const lines = (emitted.get(TYPE_INDEX) ?? "").split("\n");
  const used = lines.filter((line) => words.has(CONTRACT_TYPE.exec(line)?.groups?.name ?? ""));
  return `${used.join("\n")}\n`;
}

/**
 * The files that some of them reach by relative imports: a declaration reaches declarations,
 * JavaScript reaches code.
 */
function reachedFrom(entries: readonly string[], files: CompiledFiles): CompiledFiles {
  const reached = new Map<string, string>();
  const visit = (path: string): void => {
    const text = files.get(path);
    if (text === undefined || reached.has(path)) return;
    reached.set(path, text);
    for (const { groups } of text.matchAll(RELATIVE_IMPORT)) {
      const target = posix.join(posix.dirname(path), groups?.path ?? "");
      visit(path.endsWith(".d.ts") ? target.replace(/\.js$/u, ".d.ts") : target);
    }
  };
  entries.forEach(visit);
  return reached;
}
