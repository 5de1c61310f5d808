import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { JsonRpcProvider } from "ethers";

import { readDeployment } from "../../deploy/book.ts";
import { runCheck } from "../../deploy/check/command.ts";
import { runDeployment } from "../../deploy/command.ts";
import { runCreateMarket } from "../../deploy/create-market.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { timeLimit } from "../support/effort.ts";
import { startAnvil, type RunningNode } from "./support/anvil.ts";
import { bringBitcoin } from "./support/bitcoin.ts";
import { captured } from "./support/captured.ts";

const PAGE = join(import.meta.dirname, "../../docs/deployment.md");

/** A command of the page with its output. */
interface Shown {
  /** The words after `$ npm run`. */
  readonly words: readonly string[];
  readonly output: readonly string[];
}

/** The blocks of a page that begin with `$ npm run`. */
function shownIn(page: string): readonly Shown[] {
  return [...page.matchAll(/^```console\n\$ npm run ([^\n]*)\n(.*?)^```$/gmsu)].map(
    ([, command = "", output = ""]) => ({
      words: command.split(" ").filter((word) => word !== "--"),
      output: output.trimEnd().split("\n"),
    }),
  );
}

/** The constant part of a line: without addresses, hashes, and the numbers of gas and blocks. */
function same(line: string): string {
  return line
    .replaceAll(/0x[0-9a-f]+(?:…[0-9a-f]*)?/giu, "0x…")
    .replaceAll(/[0-9a-f]{7}(?:…|[0-9a-f]{33})(?:-dirty)?/gu, "commit")
    .replaceAll(/\/\S*\/(?=31337\.json)/gu, "deployments/")
    .replaceAll(
      /\b\d+ gas\b|block \d+|nonce \d+|\d+ seconds old|[\d.]+ gwei|(?<=Costs about |has )[\d.]+|"block":\s\d+/gu,
      "#",
    )
    .trimEnd();
}

/** The first line of the page that is missing in the output, in order. `…` stands for any lines. */
function missingLine(shown: readonly string[], output: string): string | undefined {
  let left = output.split("\n").map(same);
  for (const line of shown) {
    if (line.trim() === "…") continue;
    const place = left.indexOf(same(line));
    if (place < 0) return line;
    left = left.slice(place + 1);
  }
  return undefined;
}

describe("docs/deployment.md", function () {
  this.timeout(timeLimit(120_000));
  let anvil: RunningNode;
  let folder: string;
  before(async () => {
    anvil = await startAnvil();
    folder = await mkdtemp(join(tmpdir(), "cantilever-"));
  });
  after(async () => {
    await anvil.stop();
    await rm(folder, { recursive: true });
  });

  const commands: Readonly<Record<string, (words: readonly string[], terminal: Terminal) => Promise<number>>> = {
    deploy: runDeployment,
    "deploy:check": runCheck,
    "create-market": runCreateMarket,
  };

  /** The output of a command of the page, run here. */
  async function outputOf([command = "", ...words]: readonly string[]): Promise<string> {
    const run = commands[command];
    if (run === undefined) throw new Error(`The page shows ${command}, which nothing here runs.`);
    const { terminal, stdout } = captured();
    const here = words.map((word) => (word === "wbtc.yaml" ? join(folder, word) : word));
    await run([...here, "--rpc-url", anvil.url, "--deployments", folder], terminal);
    return stdout();
  }

  it("shows the real output of its commands, in order", async () => {
    const shown = shownIn(await readFile(PAGE, "utf8"));
    expect(shown.map(({ words }) => words[0])).to.include.members(Object.keys(commands));
    for (const { words, output } of shown) {
      if (words[0] === "create-market") await prepareMarket();
      if (words.includes("--json") && words[0] === "deploy:check") await makeStale();
      const said = await outputOf(words);
      expect(missingLine(output, said), `${words.join(" ")} said:\n${said}`).to.equal(undefined);
    }
  });

  it("shows the beginning of a real address book", async () => {
    const page = await readFile(PAGE, "utf8");
    const shown = /^```json\n(.*?)^```$/msu.exec(page)?.[1] ?? "";
    const book = await readFile(join(folder, "31337.json"), "utf8");
    expect(shown).to.contain('"format": 1');
    expect(missingLine(shown.trimEnd().split("\n"), book)).to.equal(undefined);
  });

  it("missingLine: finds a line that no command prints", () => {
    const said = "passed a\npassed b\npassed 0x12";
    expect(missingLine(["passed a", "…", "passed 0x1…2"], said)).to.equal(undefined);
    expect(missingLine(["passed b", "passed a"], said)).to.equal("passed a");
    expect(missingLine(["passed c"], said)).to.equal("passed c");
  });

  async function prepareMarket(): Promise<void> {
    const provider = new JsonRpcProvider(anvil.url, 31_337, { staticNetwork: true, cacheTimeout: -1 });
    provider.pollingInterval = 20;
    const deployment = await readDeployment(folder, 31_337n, "main");
    const { example } = await bringBitcoin(anvil.rpc, await provider.getSigner(0), deployment);
    await writeFile(join(folder, "wbtc.yaml"), example);
    provider.destroy();
  }

  async function makeStale(): Promise<void> {
    await anvil.rpc.send("evm_increaseTime", [76 * 60]);
    await anvil.rpc.send("evm_mine", []);
  }
});
