/** Fails if an external function has no documentation. */
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

interface Documented {
  readonly abi: readonly { readonly type: string }[];
  readonly userdoc: { readonly methods?: Readonly<Record<string, { readonly notice?: string }>> };
  readonly devdoc: {
    readonly methods?: Readonly<Record<string, { readonly details?: string }>>;
    readonly stateVariables?: Readonly<Record<string, { readonly details?: string; readonly return?: string }>>;
  };
  readonly evm: { readonly methodIdentifiers: Readonly<Record<string, string>> };
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Readonly<Record<string, Readonly<Record<string, Documented>>>>;
}

interface Compiler {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } }): string;
}

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, "../..");
/** What people call: mocks are for tests, and modules are called as the market that they make up. */
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
    settings: { outputSelection: { "*": { "*": ["abi", "userdoc", "devdoc", "evm.methodIdentifiers"] } } },
  };
  return JSON.parse(solc.compile(JSON.stringify(input), { import: read })) as Output;
}

/** External functions without a word of documentation, inherited words included. */
function undocumented(output: Output): { checked: number; missing: string[] } {
  const missing: string[] = [];
  let checked = 0;
  for (const file of OWN) {
    for (const [name, { userdoc, devdoc, evm }] of Object.entries(output.contracts[file] ?? {})) {
      for (const signature of Object.keys(evm.methodIdentifiers)) {
        ++checked;
        const variable = devdoc.stateVariables?.[signature.slice(0, signature.indexOf("("))];
        const words =
          userdoc.methods?.[signature]?.notice ??
          devdoc.methods?.[signature]?.details ??
          variable?.details ??
          variable?.return;
        if (words === undefined) missing.push(`${file}: ${name}.${signature}`);
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
  console.error("Write what the function does, its units and rounding, its errors and who may call it.");
  process.exitCode = 1;
} else {
  console.log(`${checked} external functions are documented.`);
}
