/**
 * Builds what the package holds besides its Solidity sources, into `dist`: compiled JavaScript with types, the ABIs as
 * JSON, the address books. `dist` mirrors the repository, so that a relative path in `src` holds in it as well.
 */
import { globSync, readFileSync } from "node:fs";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { publishedAbis, type Artifact } from "./abis.ts";
import { compilePackage } from "./compile.ts";

const ROOT = join(import.meta.dirname, "../..");
const OUTPUT = join(ROOT, "dist");
/** Of a chain on one's own machine. */
const LOCAL_BOOK = "31337.json";

async function write(path: string, text: string): Promise<void> {
  const file = join(OUTPUT, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

function readArtifacts(): readonly Artifact[] {
  return globSync("artifacts/{contracts,@*}/**/*.json", { cwd: ROOT }).map(
    (file) => JSON.parse(readFileSync(join(ROOT, file), "utf8")) as Artifact,
  );
}

await rm(OUTPUT, { recursive: true, force: true });
const compiled = compilePackage(join(ROOT, "tsconfig.package.json"));
const abis = publishedAbis(readArtifacts());
const books = globSync("deployments/*", { cwd: ROOT }).filter((file) => !file.endsWith(LOCAL_BOOK));
for (const [path, text] of compiled) await write(path, text);
for (const [name, abi] of abis) await write(`abis/${name}.json`, `${JSON.stringify(abi, undefined, 2)}\n`);
for (const book of books) await cp(join(ROOT, book), join(OUTPUT, book));
process.stderr.write(`dist: ${compiled.size} modules, ${abis.size} ABIs, ${books.length} files of deployments\n`);
