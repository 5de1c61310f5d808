import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { output } from "./run.ts";

export const ROOT = join(import.meta.dirname, "../../..");

/** The parts of a package.json that the tests look at. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
}

/** The version of a package that this repository has. */
export async function versionOf(name: string): Promise<string> {
  return (await manifestOf(join(ROOT, "node_modules", name))).version;
}

/** An archive as `npm pack` makes it. */
export interface Packed {
  readonly archive: string;
  /** Paths in the archive. */
  readonly files: readonly string[];
}

/** A project that has installed the archive, and what its sources import beside it. */
export interface Project {
  readonly folder: string;
  /** Where npm has put the package. */
  readonly installed: string;
}

/** A folder that is removed when the tests end. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cantilever-package-"));
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** The result of the first call: packing takes seconds, and all files of tests ask for it. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** Packs the repository by `npm pack` alone. */
export const packed = once(async (): Promise<Packed> => {
  const folder = temporaryFolder();
  const answer = await output("npm", ["pack", "--json", "--pack-destination", folder], ROOT);
  const [pack] = JSON.parse(answer) as readonly {
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
  }[];
  if (pack === undefined) throw new Error(`npm pack answered: ${answer}`);
  return { archive: join(folder, pack.filename), files: pack.files.map(({ path }) => path) };
});

/** Installs the archive into an empty project, as docs/integrating.md says. */
export const project = once(async (): Promise<Project> => {
  const [{ archive }, folder] = [await packed(), temporaryFolder()];
  await writeFile(join(folder, "package.json"), `{ "private": true, "type": "module" }\n`);
  const beside = ["ethers", "@openzeppelin/contracts", "@uniswap/v3-core"];
  const versions = await Promise.all(beside.map(async (name) => `${name}@${await versionOf(name)}`));
  const options = ["--prefer-offline", "--no-audit", "--no-fund", "--prefix", folder];
  await output("npm", ["install", ...options, archive, ...versions], folder);
  return { folder, installed: join(folder, "node_modules/cantilever") };
});
