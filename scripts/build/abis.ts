import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { HardhatPlugin } from "hardhat/types/plugins";

interface AbiEntry {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly { readonly type: string }[];
}

export interface Artifact {
  readonly contractName: string;
  readonly sourceName: string;
  readonly abi: readonly AbiEntry[];
  /** Creation code in hexadecimal digits. */
  readonly bytecode?: string;
}

/** The only contract of OpenZeppelin that is deployed unchanged. */
const ACCESS_MANAGER = "@openzeppelin/contracts/access/manager/AccessManager.sol";

/**
 * The contracts whose creation code is published. The client sends the code of StateReader in
 * calls, so nobody deploys it. The command line creates PoolOperator on chains without it.
 */
const WITH_CODE = ["contracts/periphery/StateReader.sol", "contracts/testnet/PoolOperator.sol"];

/**
 * Whether the ABI of a contract is published. Mocks are only for tests, which use TypeChain's
 * factories.
 */
export function isPublished({ sourceName }: Artifact): boolean {
  if (sourceName.startsWith("contracts/")) return !sourceName.startsWith("contracts/mocks/");
  return sourceName === ACCESS_MANAGER;
}

/** The distinct errors of the contracts, sorted by name. */
export function errorsOf(artifacts: readonly Artifact[]): readonly AbiEntry[] {
  const errors = new Map<string, AbiEntry>();
  for (const entry of artifacts.flatMap(({ abi }) => abi)) {
    if (entry.type !== "error") continue;
    errors.set(`${entry.name ?? ""}(${(entry.inputs ?? []).map(({ type }) => type).join()})`, entry);
  }
  return [...errors].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, entry]) => entry);
}

/**
 * The modules to write, by file name.
 * @throws Error for two contracts with the same name, which would be the same file.
 */
export function abiModules(artifacts: readonly Artifact[]): ReadonlyMap<string, string> {
  const published = artifacts.filter(isPublished);
  const modules = new Map<string, string>();
  const add = (name: string, from: string, abi: readonly AbiEntry[], code?: string): void => {
    const file = `${name}.ts`;
    if (modules.has(file))
      throw new Error(`Two contracts are called ${name}, so their ABIs would be the same file. Rename one.`);
    const constants = [`export const abi = ${JSON.stringify(abi, null, 2)} as const;\n`];
    if (code !== undefined) constants.push(`export const creationCode = ${JSON.stringify(code)};\n`);
    modules.set(file, `/** Generated from ${from}. */\n${constants.join("\n")}`);
  };
  for (const { contractName, sourceName, abi, bytecode } of published) {
    add(contractName, sourceName, abi, WITH_CODE.includes(sourceName) ? bytecode : undefined);
  }
  add("errors", "all contracts: their errors, each once", errorsOf(published));
  return modules;
}

async function readOrNone(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * Writes the ABI of each published contract to its own module, `abis/Name.ts`, as a constant with
 * literal types. The modules have no bytecode (except those of `WITH_CODE`), whereas TypeChain's
 * factories include the bytecode with every ABI. Runs after each build of the contracts with all
 * artifacts, and removes the modules of removed contracts.
 */
export const writeAbis: HardhatPlugin = {
  id: "write-abis",
  hookHandlers: {
    solidity: () =>
      Promise.resolve({
        default: () =>
          Promise.resolve({
            processArtifactsAfterSuccessfulBuild: async (context, artifactPaths) => {
              const artifacts = await Promise.all(
                artifactPaths.map(async (path) => JSON.parse(await readFile(path, "utf8")) as Artifact),
              );
              const folder = join(context.config.paths.root, "abis");
              await mkdir(folder, { recursive: true });
              const modules = abiModules(artifacts);
              for (const [name, text] of modules) {
                const file = join(folder, name);
                if ((await readOrNone(file)) !== text) await writeFile(file, text);
              }
              const stale = (await readdir(folder)).filter((name) => !modules.has(name));
              await Promise.all(stale.map((name) => rm(join(folder, name), { recursive: true })));
            },
          }),
      }),
  },
};
