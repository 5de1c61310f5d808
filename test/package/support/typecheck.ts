import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ROOT, type Project } from "./packed.ts";
import { run } from "./run.ts";

/** The compiler's complaints about files of a project, checked strictly. */
export async function typecheck(
  { folder }: Project,
  files: readonly string[],
  resolution: "nodenext" | "bundler",
): Promise<string> {
  const settings =
    resolution === "nodenext" ? { module: "nodenext" } : { module: "esnext", moduleResolution: "bundler" };
  const compilerOptions = {
    ...settings,
    target: "es2024",
    lib: ["es2024", "dom"],
    types: ["node"],
    typeRoots: [join(ROOT, "node_modules/@types")],
    strict: true,
    // With one of them, declarations of packages are checked too: that takes as long again.
    skipLibCheck: resolution === "bundler",
    exactOptionalPropertyTypes: true,
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  };
  const config = join(folder, "tsconfig.json");
  await writeFile(config, JSON.stringify({ compilerOptions, files }));
  return (await run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", config], folder)).stdout;
}
