import { globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

import { expect } from "chai";
import { ESLint } from "eslint";
import { parser, plugin } from "typescript-eslint";

import { ROOMS, rooms } from "../../eslint.rooms.ts";

/** The complaints about a statement in a file of a room. */
async function complaints(room: string, statement: string): Promise<readonly string[]> {
  const eslint = new ESLint({
    overrideConfigFile: true,
    overrideConfig: [
      { files: ["**/*.ts"], languageOptions: { parser }, plugins: { "@typescript-eslint": plugin } },
      ...rooms,
    ],
  });
  const [result] = await eslint.lintText(`${statement}\n`, { filePath: `src/${room}/a/file.ts` });
  return (result?.messages ?? []).map(({ message }) => message);
}

describe("The rooms of src", () => {
  const allowed: readonly (readonly [string, string])[] = [
    ["protocol", "../../errors.ts"],
    ["protocol", "../units.ts"],
    ["events", "../../protocol/units.ts"],
    ["events", "ethers"],
    ["client", "../../../abis/LeverageMarket.ts"],
    ["client", "../../events/read.ts"],
    ["keeper", "../../events/apply.ts"],
    ["lab", "../../keeper/round.ts"],
    ["lab", "node:fs"],
    ["deployment", "../../client/units.ts"],
    ["deployment", "yaml"],
    ["report", "../../record.ts"],
    ["lab", "../../record.ts"],
    ["lab", "../../../types/index.ts"],
    ["cli", "../../client/send.ts"],
    ["cli", "node:fs"],
  ];
  for (const [room, imported] of allowed) {
    it(`let ${room} import ${imported}`, async () => {
      expect(await complaints(room, `import { x } from "${imported}";`)).to.be.empty;
    });
  }

  const forbidden: readonly (readonly [string, string])[] = [
    ["protocol", "../../client/units.ts"],
    ["protocol", "ethers"],
    ["protocol", "ethers/abi"],
    ["protocol", "vega"],
    ["protocol", "../../../abis/errors.ts"],
    ["protocol", "./../../client/units.ts"],
    ["protocol", "../market/../../client/units.ts"],
    ["protocol", "node:crypto"],
    ["events", "../../client/send.ts"],
    ["events", "node:fs"],
    ["client", "../../keeper/round.ts"],
    ["client", "hardhat"],
    ["client", "fs"],
    ["client", "@uniswap/v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json"],
    ["client", "../../../types/index.ts"],
    ["client", "../../../types/factories/contracts/LeverageMarket__factory.ts"],
    ["client", "../../../src/protocol/units.ts"],
    ["keeper", "../../lab/simulation/run.ts"],
    ["keeper", "../../client/index.ts"],
    ["client", "./index.ts"],
    ["lab", "../../report/format.ts"],
    ["lab", "../../../scripts/demo/options.ts"],
    ["lab", "../../../deploy/artifacts.ts"],
    ["deployment", "node:fs"],
    ["deployment", "hardhat"],
    ["deployment", "../../lab/market/chain.ts"],
    ["report", "../../lab/config.ts"],
    ["report", "../../client/send.ts"],
    ["client", "../../cli/keystore.ts"],
    ["cli", "../../deployment/node.ts"],
  ];
  for (const [room, imported] of forbidden) {
    it(`keep ${room} from importing ${imported}`, async () => {
      expect(await complaints(room, `import { x } from "${imported}";`)).to.have.length(1);
    });
  }
});

describe("The rule of the rooms", () => {
  it("lets a type of a contract through where its factory is kept out", async () => {
    const type = `import type { LeverageMarket } from "../../types/index.ts";`;
    const value = `import { LeverageMarket__factory } from "../../types/index.ts";`;
    expect(await complaints("client", type)).to.be.empty;
    expect(await complaints("client", value)).to.have.length(1);
  });

  it("knows exports and types from another room as imports of it, and takes no import inside the code", async () => {
    expect(await complaints("protocol", `export { x } from "../../client/units.ts";`)).to.have.length(1);
    expect(await complaints("protocol", `export * from "../units.ts";`)).to.have.length(1);
    expect(await complaints("protocol", `import type { X } from "../../client/units.ts";`)).to.have.length(1);
    expect(await complaints("protocol", `await import("../../client/units.ts");`)).to.have.length(1);
  });

  it("lets the command line load its own files late, and no others", async () => {
    expect(await complaints("cli", `await import("./open.ts");`)).to.be.empty;
    expect(await complaints("cli", `await import("../../client/units.ts");`)).to.have.length(1);
    expect(await complaints("cli", `await import("ethers");`)).to.have.length(1);
    expect(await complaints("cli", "await import(name);")).to.have.length(1);
  });

  it("keeps Node's globals out of a browser", async () => {
    expect(await complaints("client", "export const key = process.env.KEY;")).to.have.length(1);
    expect(await complaints("lab", "export const key = process.env.KEY;")).to.be.empty;
  });

  it("covers every folder of src", () => {
    const folders = readdirSync(join(ROOT, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name)).to.have.members(Object.keys(ROOMS));
  });

  it("is part of the project's configuration", async () => {
    const config = (await new ESLint({ cwd: ROOT }).calculateConfigForFile("src/protocol/units.ts")) as {
      rules: Readonly<Record<string, readonly [number, { readonly patterns?: readonly unknown[] }]>>;
    };
    const [severity, options] = config.rules["@typescript-eslint/no-restricted-imports"] ?? [0, {}];
    expect(severity).to.equal(2);
    expect(options.patterns).to.have.length.greaterThan(5);
  });
});

const ROOT = join(import.meta.dirname, "../..");

/**
 * Folders of files and the folders that they import from, by relative paths alone. A folder and one
 * within it count as one place: files next to it are what its parts share, or what they make up.
 */
function folderImports(pattern: string, importOf: RegExp): ReadonlyMap<string, ReadonlySet<string>> {
  const edges = new Map<string, Set<string>>();
  for (const file of globSync(pattern, { cwd: ROOT })) {
    const from = dirname(file);
    const targets = edges.get(from) ?? new Set();
    for (const [, path] of readFileSync(join(ROOT, file), "utf8").matchAll(importOf)) {
      const to = dirname(normalize(join(from, path ?? "")));
      if (!`${from}/`.startsWith(`${to}/`) && !`${to}/`.startsWith(`${from}/`)) targets.add(to);
    }
    edges.set(from, targets);
  }
  return edges;
}

/** The folders on a way that leads back to where it began; empty if there is none. */
function circle(edges: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const done = new Set<string>();
  const visit = (folder: string, way: readonly string[]): readonly string[] => {
    if (way.includes(folder)) return [...way.slice(way.indexOf(folder)), folder];
    if (done.has(folder)) return [];
    for (const next of edges.get(folder) ?? []) {
      const found = visit(next, [...way, folder]);
      if (found.length > 0) return found;
    }
    done.add(folder);
    return [];
  };
  for (const folder of edges.keys()) {
    const found = visit(folder, []);
    if (found.length > 0) return found;
  }
  return [];
}

const SOLIDITY_IMPORT = /^import [^;]*?"(\.[^"]*)";/gmu;
const TYPESCRIPT_IMPORT = /(?:from|import\() ?"(\.[^"]*)"/gu;

describe("Folders", () => {
  it("of contracts import one another one way only", () => {
    const edges = folderImports("contracts/**/*.sol", SOLIDITY_IMPORT);
    expect([...edges.keys()]).to.include.members(["contracts/market", "contracts/types", "contracts/oracles"]);
    expect(circle(edges)).to.deep.equal([]);
  });

  it("of src import one another one way only", () => {
    const edges = folderImports("src/**/*.ts", TYPESCRIPT_IMPORT);
    expect([...edges.keys()]).to.include.members(["src/protocol/market", "src/lab/agents", "src/report/charts"]);
    expect(circle(edges)).to.deep.equal([]);
  });

  it("that import each other are found", () => {
    const edges = new Map([
      ["a", new Set(["b"])],
      ["b", new Set(["c"])],
      ["c", new Set(["d", "b"])],
    ]);
    expect(circle(edges)).to.deep.equal(["b", "c", "b"]);
  });

  it("of contracts, but types and mocks, define no struct and no enum", () => {
    const files = globSync("contracts/**/*.sol", { cwd: ROOT }).filter((file) => !/\/(?:types|mocks)\//u.test(file));
    expect(files.length).to.be.greaterThan(40);
    const found = files.filter((file) => /^\s*(?:struct|enum) /mu.test(readFileSync(join(ROOT, file), "utf8")));
    expect(found).to.deep.equal([]);
  });
});
