import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import type { HardhatPlugin } from "hardhat/types/plugins";

interface Artifact {
  readonly contractName: string;
  readonly sourceName: string;
  readonly abi: readonly unknown[];
}

/** Mocks and tests have no users outside the tests, which take TypeChain's factories. */
const LEFT_OUT = /\/(?:mocks|test)\//u;
/** Of OpenZeppelin, the one contract that is deployed as it is. */
const OPENZEPPELIN = "/AccessManager.json";

function isPublished(path: string): boolean {
  if (LEFT_OUT.test(path)) return false;
  return path.includes("/artifacts/contracts/") || path.endsWith(OPENZEPPELIN);
}

async function isUnchanged(file: string, text: string): Promise<boolean> {
  try {
    return (await readFile(file, "utf8")) === text;
  } catch {
    return false;
  }
}

/**
 * Writes the ABI of each published contract into a module of its own, `abis/Name.ts`, as a constant with literal types
 * and without bytecode: TypeChain's factories carry the bytecode of a contract wherever its ABI is wanted.
 */
export const writeAbis: HardhatPlugin = {
  id: "write-abis",
  hookHandlers: {
    solidity: () =>
      Promise.resolve({
        default: () =>
          Promise.resolve({
            processArtifactsAfterSuccessfulBuild: async (context, artifactPaths) => {
              const folder = join(context.config.paths.root, "abis");
              await mkdir(folder, { recursive: true });
              const stale = new Set(await readdir(folder));
              for (const path of artifactPaths.map((one) => one.replaceAll("\\", "/")).filter(isPublished)) {
                const { abi, sourceName } = JSON.parse(await readFile(path, "utf8")) as Artifact;
                const text = `/** Generated from ${sourceName}. */\nexport const abi = ${JSON.stringify(abi, null, 2)} as const;\n`;
                const name = `${basename(path, ".json")}.ts`;
                const file = join(folder, name);
                stale.delete(name);
                if (!(await isUnchanged(file, text))) await writeFile(file, text);
              }
              for (const name of stale) await rm(join(folder, name));
            },
          }),
      }),
  },
};
