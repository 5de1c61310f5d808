import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { EIP1193Provider } from "@nomicfoundation/ignition-core";
import { expect } from "chai";
import { network } from "hardhat";

import Factory from "../../deploy/modules/factory.ts";
import Local from "../../deploy/modules/local.ts";
import { deployJournaled } from "./support/deploy-journaled.ts";
import { startNode } from "./support/node.ts";
import { parametersOf } from "./support/parameters.ts";

/** Block number, and the number of transactions that the deployer has sent. */
async function stateOf(provider: EIP1193Provider): Promise<readonly unknown[]> {
  const [deployer] = (await provider.request({ method: "eth_accounts" })) as string[];
  return Promise.all([
    provider.request({ method: "eth_blockNumber" }),
    provider.request({ method: "eth_getTransactionCount", params: [deployer, "latest"] }),
  ]);
}

interface TestChain {
  readonly provider: EIP1193Provider;
  stop(): Promise<void>;
}

/** The same on a chain of any kind. */
function behavesRepeatably(start: () => Promise<TestChain>): void {
  let journal: string;
  let chain: TestChain;
  let provider: EIP1193Provider;
  beforeEach(async () => {
    journal = await mkdtemp(join(tmpdir(), "cantilever-deployment-"));
    chain = await start();
    provider = chain.provider;
  });
  afterEach(async () => {
    await chain.stop();
    await rm(journal, { recursive: true });
  });

  it("changes nothing the second time", async () => {
    const parameters = await parametersOf("local");
    const first = await deployJournaled(provider, journal, Local, parameters);
    const state = await stateOf(provider);
    expect(await deployJournaled(provider, journal, Local, parameters)).to.deep.equal(first);
    expect(await stateOf(provider)).to.deep.equal(state);
  });

  it("keeps a journal in the format that a repetition from the command line asks for", async () => {
    await deployJournaled(provider, journal, Local, await parametersOf("local"));
    const folder = join(journal, "artifacts");
    const files = (await readdir(folder)).filter((file) => !file.endsWith(".dbg.json"));
    expect(files).to.include("Uniswap#UniswapV3Factory.json");
    for (const file of files) expect(await readFile(join(folder, file), "utf8")).not.to.contain("hh-sol-artifact-1");
  });

  it("continues where a shorter deployment ended", async () => {
    const parameters = await parametersOf("local");
    const first = await deployJournaled(provider, journal, Factory, parameters);
    const all = await deployJournaled(provider, journal, Local, parameters);
    expect(Object.keys(first)).to.include("Factory#MarketFactory");
    expect(all).to.include(first);
    expect(Object.keys(all)).to.include("Market#LeverageMarket");
  });

  it("refuses parameters that differ from those of what is deployed", async () => {
    await deployJournaled(provider, journal, Local, await parametersOf("local"));
    const state = await stateOf(provider);
    const changed = await parametersOf("local", { Market: { maxLeverage: 40_000 } });
    let message = "";
    try {
      await deployJournaled(provider, journal, Local, changed);
    } catch (error) {
      message = String(error);
    }
    expect(message).to.contain("Market#");
    expect(await stateOf(provider)).to.deep.equal(state);
  });
}

describe("a repeated deployment", () => {
  describe("on a chain in this process", () => {
    behavesRepeatably(async () => {
      const connection = await network.create();
      return { provider: connection.provider, stop: () => connection.close() };
    });
  });

  describe("on a node in another process", () => {
    behavesRepeatably(async () => {
      const node = await startNode();
      const connection = await network.create({ network: "localhost", override: { url: node.url } });
      return {
        provider: connection.provider,
        async stop() {
          await connection.close();
          await node.stop();
        },
      };
    });
  });
});
