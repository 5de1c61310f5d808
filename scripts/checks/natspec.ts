/**
 * Fails if a public function, event or error lacks documentation, or one of its parameters does.
 */
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly components?: readonly Parameter[];
}

interface AbiEntry {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly Parameter[];
}

interface Words {
  readonly notice?: string;
  readonly details?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly return?: string;
}

type BySignature<T> = Readonly<Record<string, T>>;

interface Documentation {
  readonly methods?: BySignature<Words>;
  readonly events?: BySignature<Words>;
  /** Errors with the same signature may be declared in several places. */
  readonly errors?: BySignature<readonly Words[]>;
  readonly stateVariables?: BySignature<Words>;
}

interface Documented {
  readonly abi: readonly AbiEntry[];
  readonly userdoc: Documentation;
  readonly devdoc: Documentation;
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: BySignature<BySignature<Documented>>;
}

interface Compiler {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } }): string;
}

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, "../..");
/**
 * The checked contracts. Mocks are only for tests and benchmarks, and modules are called through
 * the market.
 */
const OWN = globSync("contracts/**/*.sol", { cwd: root }).filter(
  (file) => !/^contracts\/(?:mocks|market)\//.test(file),
);

function documentation(): Output {
  const solc = require("solc") as Compiler;
  const read = (path: string): { contents: string } => ({
    contents: readFileSync(path.startsWith("contracts/") ? join(root, path) : require.resolve(path), "utf8"),
  });
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(OWN.map((file) => [file, { content: read(file).contents }])),
    settings: { outputSelection: { "*": { "*": ["abi", "userdoc", "devdoc"] } } },
  };
  return JSON.parse(solc.compile(JSON.stringify(input), { import: read })) as Output;
}

function signatureOf({ name, inputs }: AbiEntry): string {
  const typeOf = ({ type, components }: Parameter): string =>
    components === undefined ? type : type.replace("tuple", `(${components.map(typeOf).join(",")})`);
  return `${name ?? "constructor"}${name === undefined ? "" : `(${(inputs ?? []).map(typeOf).join(",")})`}`;
}

/**
 * The documentation of an ABI entry: user and developer documentation together, including inherited
 * texts.
 */
function wordsOn(entry: AbiEntry, { userdoc, devdoc }: Documented): Words | undefined {
  const signature = signatureOf(entry);
  const join = (user: Words | undefined, developer: Words | undefined): Words | undefined =>
    user === undefined && developer === undefined ? undefined : { ...developer, ...user };
  switch (entry.type) {
    case "event":
      return join(userdoc.events?.[signature], devdoc.events?.[signature]);
    case "error":
      return join(userdoc.errors?.[signature]?.[0], devdoc.errors?.[signature]?.[0]);
    case "function":
      return (
        join(userdoc.methods?.[signature], devdoc.methods?.[signature]) ?? devdoc.stateVariables?.[entry.name ?? ""]
      );
    default:
      return join(userdoc.methods?.[signature], devdoc.methods?.[signature]);
  }
}

const CHECKED = new Set(["function", "event", "error", "constructor"]);

function keyOf(entry: AbiEntry): string {
  return `${entry.type} ${signatureOf(entry)}`;
}

/** Entries declared by imported packages, which document them themselves. */
function foreignEntries(output: Output): ReadonlySet<string> {
  const imported = Object.entries(output.contracts).filter(([file]) => !file.startsWith("contracts/"));
  const abis = imported.flatMap(([, contracts]) => Object.values(contracts).map(({ abi }) => abi));
  return new Set(
    abis
      .flat()
      .filter(({ type }) => type !== "constructor")
      .map(keyOf),
  );
}

/**
 * Function parameters that are documented anywhere. The parameters of a getter are documented in
 * the interface that declares it, and the compiler does not repeat them.
 */
function documentedIn(output: Output): string[] {
  const contracts = OWN.flatMap((file) => Object.values(output.contracts[file] ?? {}));
  return contracts.flatMap(({ devdoc }) =>
    Object.entries(devdoc.methods ?? {}).flatMap(([signature, { params }]) =>
      Object.keys(params ?? {}).map((name) => `function ${signature} ${name}`),
    ),
  );
}

/** The undocumented entries and parameters, and the number of checked entries. */
function undocumented(output: Output): { checked: number; missing: string[] } {
  const missing: string[] = [];
  const foreign = foreignEntries(output);
  const documentedParameters = new Set(documentedIn(output));
  let checked = 0;
  for (const file of OWN) {
    for (const [name, documented] of Object.entries(output.contracts[file] ?? {})) {
      const entries = documented.abi.filter((entry) => CHECKED.has(entry.type) && !foreign.has(keyOf(entry)));
      for (const entry of entries) {
        ++checked;
        if (entry.type === "constructor" && (entry.inputs ?? []).length === 0) continue;
        const label = `${file}: ${name}.${signatureOf(entry)} (${entry.type})`;
        const words = wordsOn(entry, documented);
        if (words === undefined) missing.push(label);
        const names = (entry.inputs ?? []).map(({ name }) => name).filter((name) => name !== "");
        const silent = names.filter(
          (name) => words?.params?.[name] === undefined && !documentedParameters.has(`${keyOf(entry)} ${name}`),
        );
        missing.push(...silent.map((parameter) => `${label}: @param ${parameter}`));
      }
    }
  }
  return { checked, missing };
}

const output = documentation();
const failures = (output.errors ?? []).filter(({ severity }) => severity === "error");
for (const { formattedMessage } of failures) console.error(formattedMessage);
const { checked, missing } = undocumented(output);
for (const line of missing) console.error(`no documentation: ${line}`);
if (failures.length > 0 || missing.length > 0 || checked === 0) {
  console.error("Document its purpose, units and rounding, errors, who may call it, and each parameter.");
  process.exitCode = 1;
} else {
  console.log(`${checked} functions, events and errors are documented.`);
}
