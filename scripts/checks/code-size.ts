/** Fails if the code of a contract exceeds the size limits of a chain. No contract is exempt. */
import { readFileSync, globSync } from "node:fs";
import { join } from "node:path";

/** Maximum runtime code by EIP-170, bytes. */
const MAX_RUNTIME = 24_576;
/** Maximum creation code by EIP-3860, without constructor arguments, bytes. */
const MAX_CREATION = 49_152;

interface Artifact {
  readonly contractName: string;
  readonly bytecode: string;
  readonly deployedBytecode: string;
}

interface Size {
  readonly name: string;
  readonly runtime: number;
  readonly creation: number;
}

const bytes = (hex: string): number => (hex.length - 2) / 2;

/** Code sizes of all contracts. Abstract contracts and interfaces have no code and are skipped. */
function sizesOf(artifactsFolder: string): Size[] {
  return globSync("{contracts,@*}/**/*.json", { cwd: artifactsFolder })
    .map((file) => JSON.parse(readFileSync(join(artifactsFolder, file), "utf8")) as Artifact)
    .filter(({ bytecode }) => bytecode !== "0x")
    .map((artifact) => ({
      name: artifact.contractName,
      runtime: bytes(artifact.deployedBytecode),
      creation: bytes(artifact.bytecode),
    }))
    .sort((a, b) => b.runtime - a.runtime);
}

const format = (n: number): string => n.toLocaleString("en-US").padStart(10);

const sizes = sizesOf(join(import.meta.dirname, "../../artifacts"));
if (sizes.length === 0) {
  console.error("No compiled contract found: run `npm run build` first.");
  process.exit(1);
}

const width = Math.max(...sizes.map(({ name }) => name.length));
console.log(`${"contract".padEnd(width)}${"runtime".padStart(10)}${"creation".padStart(10)}${"room".padStart(10)}`);
for (const { name, runtime, creation } of sizes) {
  console.log(`${name.padEnd(width)}${format(runtime)}${format(creation)}${format(MAX_RUNTIME - runtime)}`);
}

const tooLarge = sizes.filter(({ runtime, creation }) => runtime >= MAX_RUNTIME || creation > MAX_CREATION);
for (const { name, runtime, creation } of tooLarge) {
  console.error(
    `${name} can't be deployed: ${runtime} bytes of runtime code (below ${MAX_RUNTIME}), ` +
      `${creation} bytes of creation code (at most ${MAX_CREATION}).`,
  );
}
process.exitCode = tooLarge.length === 0 ? 0 : 1;
