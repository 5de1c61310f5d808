/**
 * Builds what the package holds besides its Solidity sources and address books, into `dist`:
 * compiled JavaScript with types, and the ABIs as JSON.
 */
import { globSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Artifact } from "../build/abis.ts";
import { publishedAbis } from "./abis.ts";
import { compilePackage } from "./compile.ts";

const ROOT = join(import.meta.dirname, "../..");
const OUTPUT = join(ROOT, "dist");

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
for (const [path, text] of compiled) await write(path, text);
for (const [name, abi] of abis) await write(`abis/${name}.json`, `${JSON.stringify(abi, undefined, 2)}\n`);
process.stderr.write(`dist: ${compiled.size} modules, ${abis.size} ABIs\n`);
