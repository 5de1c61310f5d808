import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";

import { expect } from "chai";
import { build } from "esbuild";

import { packed, project, ROOT, type Project } from "./support/packed.ts";
import { output, run } from "./support/run.ts";
import { compileSolidity } from "./support/solidity.ts";
import { typecheck } from "./support/typecheck.ts";

/** A consumer of each entry, of an ABI and of a type of a contract. */
const CONSUMER = `
import type { Provider } from "ethers";
import errors from "cantilever/abis/errors.json" with { type: "json" };
import { lensAt, marketAt, parseAmount, CantileverError, type AddressBook } from "cantilever/client";
import { decodeMarketLog, newRebuiltMarket, type MarketEvent } from "cantilever/events";
import { leverageOf, ETHER_5X, toAddress, type Address, type MarketParameters } from "cantilever/protocol";

export const parameters: MarketParameters = ETHER_5X;
export const names: string[] = errors.map(({ name }) => name);
export const market: Address = toAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
export const event: MarketEvent | undefined = decodeMarketLog(market, { address: market, topics: [], data: "0x" });
export const bookOf = (book: AddressBook): bigint => book.chainId;
export const isOurs = (error: unknown): error is CantileverError => error instanceof CantileverError;
export async function debt(provider: Provider): Promise<bigint> {
  const { openPrice } = await lensAt(market, provider).marketView(market);
  const position = await marketAt(market, provider).position(market);
  return openPrice + position.debtShares;
}
export { leverageOf, newRebuiltMarket, parseAmount };
`;
/** Two mistakes, which would pass if the types did not resolve. */
const MISTAKEN = `
export const wrongResult: string = parseAmount("1", 18);
export const wrongArgument = toAddress(1n);
`;

describe("a project that has installed the package", () => {
  let installed: Project;

  before(async () => {
    installed = await project();
  });

  for (const resolution of ["nodenext", "bundler"] as const) {
    it(`type-checks what uses it, as ${resolution} resolves it`, async () => {
      await writeFile(join(installed.folder, "consumer.ts"), CONSUMER + MISTAKEN);
      const complaints = (await typecheck(installed, ["consumer.ts"], resolution)).match(/error TS\d+/gu);
      expect(complaints).to.deep.equal(["error TS2322", "error TS2345"]);
    });
  }

  it("imports each entry in Node", async () => {
    const script = `
      const [client, events, protocol] = await Promise.all(
        ["client", "events", "protocol"].map((room) => import("cantilever/" + room)));
      if (client.CantileverError !== events.CantileverError) throw new Error("two bases of errors");
      console.log(protocol.leverageOf.name, client.send.name, events.applyEvent.name);`;
    const said = await output(process.execPath, ["--input-type=module", "--eval", script], installed.folder);
    expect(said).to.equal("leverageOf send applyEvent\n");
  });

  it("can't import what isn't named as public", async () => {
    const script = `await import("cantilever/dist/src/client/send.js")`;
    const { stderr } = await run(process.execPath, ["--input-type=module", "--eval", script], installed.folder);
    expect(stderr).to.contain("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });

  it("compiles every Solidity source of the package", async () => {
    const { files } = await packed();
    const sources = files.filter((file) => file.endsWith(".sol"));
    const imports = sources.map((file, index) => `import * as Source${index} from "cantilever/${file}";`);
    expect(imports.length).to.be.greaterThan(50);
    const all = `// SPDX-License-Identifier: MIT\npragma solidity ^0.8.30;\n${imports.join("\n")}\ncontract All {}\n`;
    expect(compileSolidity(installed.folder, { "All.sol": all }, ["abi"])).to.have.key("All");
  });

  it("gets the ABIs that its compiler makes of the interfaces", async () => {
    const name = "IPriceOracle";
    const source = `pragma solidity ^0.8.30; import {${name}} from "cantilever/contracts/interfaces/${name}.sol";
      // SPDX-License-Identifier: MIT
      abstract contract Own is ${name} {}`;
    const abi: unknown = JSON.parse(await readFile(join(installed.installed, `dist/abis/${name}.json`), "utf8"));
    expect(compileSolidity(installed.folder, { "Own.sol": source }, ["abi"]).Own?.abi).to.deep.equal(abi);
    expect((await readdir(join(installed.installed, "dist/abis"))).length).to.be.greaterThan(20);
  });

  describe("for a browser", () => {
    /** What a page loads that uses all of `cantilever/client`. */
    async function bundle(format: "esm" | "iife"): Promise<Uint8Array> {
      const result = await build({
        stdin: { contents: `export * from "cantilever/client";`, resolveDir: installed.folder },
        bundle: true,
        write: false,
        minify: true,
        format,
        globalName: "client",
        platform: "browser",
        target: "es2024",
        logLevel: "silent",
      });
      expect(result.warnings).to.deep.equal([]);
      return result.outputFiles[0]?.contents ?? new Uint8Array();
    }

    it("bundles the client in the size that docs/integrating.md names", async () => {
      const page = await readFile(join(ROOT, "docs/integrating.md"), "utf8");
      const named = Number(/takes (?<size>\d+)\s+kB/u.exec(page)?.groups?.size);
      expect(gzipSync(await bundle("esm")).length / 1_000).to.be.within(named * 0.9, named * 1.1);
    });

    it("loads the client without a global of Node", async () => {
      const code = new TextDecoder().decode(await bundle("iife"));
      const page = { TextDecoder, TextEncoder, URL, crypto, fetch, setTimeout, clearTimeout };
      expect(runInNewContext(`${code};client.parseAmount("1 250.75", 6)`, page)).to.equal(1_250_750_000n);
    });
  });
});
