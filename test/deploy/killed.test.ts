import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { Node } from "../../src/deployment/node.ts";
import { timeLimit } from "../support/effort.ts";
import { startAnvil, type RunningNode } from "./support/anvil.ts";
import { runProgram } from "./support/command.ts";
import { DEPLOYER, planOf } from "./support/deploy.ts";
import { expectWhole } from "./support/history.ts";

/**
 * Number of broadcasts of the deployment, including the deterministic deployer and the funds of its
 * sender.
 */
const BROADCASTS = 23;

/**
 * Runs the deployment command in its own process.
 * @param killAfter kills the process by SIGKILL as soon as it has reported this many broadcasts.
 */
async function run(books: string, url: string, killAfter = Infinity, ...args: readonly string[]) {
  return runProgram("deploy/main.ts", ["--rpc-url", url, "--deployments", books, "--yes", ...args], {
    killWhen: (said) => (said.match(/^sent /gmu) ?? []).length >= killAfter,
  });
}

describe("npm run deploy, killed and repeated", function () {
  this.timeout(timeLimit(120_000));
  let anvil: RunningNode;
  let books: string;
  beforeEach(async () => {
    books = await mkdtemp(join(tmpdir(), "cantilever-"));
    anvil = await startAnvil("--disable-default-create2-deployer", "--block-time", "1");
  });
  afterEach(async () => {
    await anvil.stop();
    await rm(books, { recursive: true });
  });

  /** Expects that everything exists once and that the command finds nothing to do. */
  async function expectFinished(): Promise<void> {
    await expectWhole(anvil.rpc, await planOf(undefined, "main"), { foreign: true });
    const node = new Node(anvil.rpc);
    const count = await node.transactionCount(DEPLOYER, "pending");
    const { code, said } = await run(books, anvil.url);
    expect(code, said).to.equal(0);
    expect(said).to.contain("Everything exists already: nothing was sent.");
    expect(await node.transactionCount(DEPLOYER, "pending")).to.equal(count);
    // The deployer has funded the sender of the deterministic deployer once.
    expect(count).to.equal(BROADCASTS - 1);
  }

  it("completes earlier runs that were killed after some broadcasts", async () => {
    const killed = [];
    for (let tries = 0; tries < BROADCASTS; tries++) {
      const { code, signal, said } = await run(books, anvil.url, 6);
      killed.push(signal);
      if (signal === "SIGKILL") continue;
      expect(code, said).to.equal(0);
      break;
    }
    expect(killed.slice(0, -1)).to.have.length.greaterThan(1);
    expect(killed.at(-1)).to.be.null;
    await expectFinished();
  });

  if (process.env.FUZZ === "deep") {
    for (let broadcasts = 1; broadcasts <= BROADCASTS; broadcasts++) {
      it(`completes a run that was killed after broadcast ${broadcasts}`, async () => {
        expect((await run(books, anvil.url, broadcasts)).signal).to.equal("SIGKILL");
        const { code, said } = await run(books, anvil.url);
        expect(code, said).to.equal(0);
        await expectFinished();
      });
    }

    it("completes after a kill at every broadcast", async () => {
      for (let tries = 0; tries < 2 * BROADCASTS; tries++) {
        const { code, signal, said } = await run(books, anvil.url, 1);
        if (signal === "SIGKILL") continue;
        expect(code, said).to.equal(0);
        break;
      }
      await expectFinished();
    });
  }

  it("--dry-run: shows the steps and sends nothing", async () => {
    const { code, said } = await run(books, anvil.url, Infinity, "--dry-run");
    expect(code, said).to.equal(0);
    expect(said).to.contain("market.maxLeverage: 5x");
    expect(said).to.match(/to do {2}MarketFactory: the factory of markets at 0x[0-9a-f]{40} \(about \d+ gas\)/u);
    expect(said).to.match(/Costs about 0\.\d+ ether/u);
    expect(said).to.contain("set any answer of the feed ETH / USD");
    expect(await new Node(anvil.rpc).transactionCount(DEPLOYER, "pending")).to.equal(0);
  });

  it("rejects a missing confirmation, an unknown option, and a network without parameters", async () => {
    const refusals: readonly (readonly [readonly string[], string])[] = [
      [["--networks", "local"], "--networks"],
      [["--network", "nowhere"], "deploy/parameters/nowhere.yaml: the file can't be read"],
      [["--network", "../local"], "--network is"],
      [["--max-fee", "much"], '--max-fee is "much"'],
      [["--from", "0x0000000000000000000000000000000000000001"], "is not unlocked at the node"],
    ];
    for (const [args, message] of refusals) {
      const { code, said } = await run(books, anvil.url, Infinity, ...args);
      expect(code, said).to.equal(args[0] === "--from" ? EXIT_CODES.key : EXIT_CODES.usage);
      expect(said).to.contain(message);
    }
    expect(await new Node(anvil.rpc).transactionCount(DEPLOYER, "pending")).to.equal(0);
  });
});
