import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect } from "chai";

import { compilePackage, type CompiledFiles } from "../../../scripts/package/compile.ts";

const CONFIG = JSON.stringify({
  compilerOptions: {
    target: "es2024",
    module: "nodenext",
    types: [],
    strict: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: true,
    declaration: true,
    rootDir: ".",
    outDir: "dist",
  },
  include: ["src/room/index.ts"],
});
/** A room that names a contract's type, beside the whole of what TypeChain generates. */
const FILES = {
  "package.json": `{ "type": "module" }`,
  "tsconfig.json": CONFIG,
  "src/room/index.ts": `export { price, type Market } from "./price.ts";`,
  "src/room/price.ts": `import type { Market } from "../../types/index.ts";
    export type { Market };
    export const price = async (market: Market): Promise<bigint> => (await import("./scale.ts")).scaled(market.price);`,
  "src/room/scale.ts": "export const scaled = (price: bigint): bigint => price * 10n;",
  "src/room/unused.ts": "export const unused = true;",
  "types/index.ts": `export type { Market } from './contracts/Market.js';
export { Market__factory } from './factories/Market__factory.js';
export type { Other } from './contracts/Other.js';`,
  "types/contracts/Market.ts": "export interface Market { readonly price: bigint }",
  "types/contracts/Other.ts": "export interface Other { readonly other: bigint }",
  "types/factories/Market__factory.ts": `export class Market__factory { static readonly bytecode = "0x6080"; }`,
};

describe("compilePackage", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "cantilever-compile-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function compile(changed: Readonly<Record<string, string>> = {}): Promise<CompiledFiles> {
    for (const [path, text] of Object.entries({ ...FILES, ...changed })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return compilePackage(join(folder, "tsconfig.json"));
  }

  it("keeps what the entry reaches, and of the generated types those that are named", async () => {
    expect([...(await compile()).keys()].sort()).to.deep.equal([
      "src/room/index.d.ts",
      "src/room/index.js",
      "src/room/price.d.ts",
      "src/room/price.js",
      "src/room/scale.js",
      "types/contracts/Market.d.ts",
      "types/index.d.ts",
    ]);
  });

  it("makes code and declarations import JavaScript", async () => {
    const files = await compile();
    expect(files.get("src/room/price.js")).to.contain(`import("./scale.js")`);
    expect(files.get("src/room/price.d.ts")).to.contain(`from "../../types/index.js"`);
    expect(files.get("types/index.d.ts")).to.equal("export type { Market } from './contracts/Market.js';\n");
    for (const [path, text] of files) expect(text, path).not.to.match(/\.ts"/u);
  });

  it("fails by the compiler's message for a mistake in types", async () => {
    let message = "";
    try {
      await compile({ "src/room/scale.ts": "export const scaled = (price: bigint): string => price;" });
    } catch (error) {
      message = String(error);
    }
    expect(message).to.match(/scale\.ts\(1,\d+\): error TS2322/u);
  });
});
