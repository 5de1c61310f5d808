import { rm } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { startChain } from "./support/chain.ts";
import { project, type Project } from "./support/packed.ts";
import { output } from "./support/run.ts";

describe("the command cantilever, in a project that has installed the package", () => {
  let installed: Project;
  let program: string;

  before(async () => {
    installed = await project();
    program = join(installed.folder, "node_modules/.bin/cantilever");
  });

  it("explains itself at most 300 ms later than bare Node ends", async () => {
    expect(await output(program, ["--help"], installed.folder)).to.match(/^Usage: cantilever/u);
    const bare = await median(process.execPath, "--eval", "0");
    expect((await median(program, "--help")) - bare).to.be.at.most(300);
  });

  it("reads the markets of an address book that lies in the project", async () => {
    const chain = await startChain(installed);
    try {
      const said = await output(program, ["markets", "--json", "--rpc-url", chain.url], installed.folder);
      expect(said).to.contain("clUSDC-WETH");
    } finally {
      await chain.stop();
      await rm(join(installed.folder, "deployments"), { recursive: true });
    }
  });

  /** Of five runs, milliseconds. */
  async function median(...[command, ...args]: readonly [string, ...string[]]): Promise<number> {
    const times: number[] = [];
    for (let run = 0; run < 5; ++run) {
      const start = performance.now();
      await output(command, args, installed.folder);
      times.push(performance.now() - start);
    }
    return times.sort((one, other) => one - other)[2] ?? Infinity;
  }
});
