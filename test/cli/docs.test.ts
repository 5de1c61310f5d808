import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { Interface, Wallet } from "ethers";

import { abi as accessManagerAbi } from "../../abis/AccessManager.ts";
import { EXIT_CODES, EXIT_MEANINGS } from "../../src/cli/exit-codes.ts";
import { ALICE_KEY, MARKET, TestChain } from "./support/chain.ts";
import { run } from "./support/cli.ts";

/**
 * `docs/cli.md` is a session: blocks of a command and its output, and comments that tell what
 * happens on the chain in between. Run with UPDATE_DOCS=1, this test writes the outputs into the
 * page; otherwise it compares them.
 */
const PAGE = join(import.meta.dirname, "../../docs/cli.md");
const STEP =
  /^```console\n\$ cantilever (?<command>[^\n]+)\n(?<output>[\s\S]*?)```$|^<!-- chain: (?<event>[^\n]+) -->$/gmu;

/** Milliseconds after which a command that has no end is interrupted. */
const WATCHED = 800;

/** Words of a command line; quotes keep blanks together. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/gu)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

/** Numbers as people read them: digits, grouped by blanks, with decimals. */
const NUMBER = /\d+(?: \d{3}(?!\d))*(?:\.\d+)?/gu;

/**
 * A text without what differs from run to run, and its other numbers, which may differ a little.
 */
function skeleton(text: string): { readonly words: string; readonly numbers: readonly number[] } {
  const stable = text
    .replaceAll(/0x[0-9a-f]{8,}/giu, "HEX")
    .replaceAll(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} UTC/gu, "TIME")
    .replaceAll(/\d+ (?:day|hour|minute|second)s?(?: \d+ (?:hour|minute|second)s?)?/gu, "SPAN")
    .replaceAll(/block \d+/gu, "block N")
    .replaceAll(/[\d.]+ ETH/gu, "FEE")
    .replaceAll(/\d+ gas/gu, "GAS")
    .replaceAll(/(?<=encrypted in )\S+/gu, "PATH")
    .replaceAll(/-{2,}/gu, "-");
  const numbers = [...stable.matchAll(NUMBER)].map(([number]) => Number(number.replaceAll(" ", "")));
  return { words: stable.replaceAll(NUMBER, "#").replaceAll(/\s+/gu, " ").trim(), numbers };
}

describe("docs/cli.md", function () {
  this.timeout(180_000);
  let chain: TestChain;
  /** Variables of the page's shell. */
  let variables: Readonly<Record<string, string>> = {};
  before(async () => {
    chain = await TestChain.start();
    await writeFile(join(chain.home, "password"), "for the page\n");
    await writeFile(join(chain.home, "keystore.json"), await new Wallet(ALICE_KEY).encrypt("for the page"));
    const { accessManager, market, primary } = chain.plan.addresses;
    const close = new Interface(accessManagerAbi).encodeFunctionData("setTargetClosed", [market, false]);
    variables = { MANAGER: accessManager, DATA: close, ORACLE: primary };
  });
  after(async () => {
    await chain.stop();
  });

  async function outputOf(command: string): Promise<string> {
    const words = wordsOf(command.replaceAll(/\$([A-Z]+)/gu, (_, variable: string) => variables[variable] ?? ""));
    const [name] = words;
    // The page's only key is never the one that acts: its account has nothing.
    const home = name === "keys" ? chain.home : join(chain.home, "nobody");
    const file = join(chain.home, "password");
    const environment = { ...chain.environment(), CANTILEVER_HOME: home, CANTILEVER_PASSWORD_FILE: file };
    const placed = words.map((word) => (word.endsWith(".json") ? join(chain.home, word) : word));
    const more = name === "keys" ? [] : chain.named;
    const ended = await run([...placed, ...more], environment, name === "watch" ? WATCHED : undefined);
    const said = `${ended.stdout}${ended.stderr}`.replaceAll(
      `${chain.home}/keystores`,
      "~/.config/cantilever/keystores",
    );
    return said.replaceAll(`${chain.home}/`, "");
  }

  /** What others do on the chain. */
  async function happen(event: string): Promise<void> {
    const [kind, ...words] = wordsOf(event);
    const [value = ""] = words;
    if (kind === "feed") await chain.setFeed(BigInt(value) * 10n ** 8n);
    else if (kind === "wait") await chain.wait(Number(value));
    else if (kind === "position") {
      const as = ["--yes", "--from", value, ...chain.named];
      const commands = [
        ["faucet", MARKET, ...as],
        ["open", MARKET, ...words.slice(1), ...as],
      ];
      for (const command of commands) expect((await run(command, chain.environment())).code).to.equal(0);
    } else throw new Error(`The page tells of ${event}, which is nothing that happens on a chain.`);
  }

  it("shows what the commands print", async () => {
    const page = await readFile(PAGE, "utf8");
    const updates = process.env.UPDATE_DOCS === "1";
    let updated = page;
    let commands = 0;
    for (const { 0: step, groups } of page.matchAll(STEP)) {
      const { command, output = "", event } = groups ?? {};
      if (event !== undefined) await happen(event);
      if (command === undefined) continue;
      commands++;
      const said = await outputOf(command);
      if (updates) {
        updated = updated.replace(step, () => `\`\`\`console\n$ cantilever ${command}\n${said.trimEnd()}\n\`\`\``);
        continue;
      }
      const [written, real] = [skeleton(output), skeleton(said)];
      expect(real.words, command).to.equal(written.words);
      for (const [index, number] of real.numbers.entries()) {
        const other = written.numbers[index] ?? Number.NaN;
        expect(Math.abs(number - other), `${command}: ${number}, and ${other} on the page`).to.be.at.most(
          0.02 * Math.max(Math.abs(number), 0.05),
        );
      }
    }
    expect(commands).to.be.greaterThan(35);
    if (updates) await writeFile(PAGE, updated);
  });

  it("lists the exit codes as they are", async () => {
    const rows = [...(await readFile(PAGE, "utf8")).matchAll(/^\| (\d+) +\| (.+?) +\|$/gmu)];
    const listed = rows.map(([, code, meaning]) => [Number(code), meaning]);
    const codes = Object.entries(EXIT_CODES).map(([name, code]) => [
      code,
      EXIT_MEANINGS[name as keyof typeof EXIT_CODES],
    ]);
    expect(listed).to.deep.equal(codes);
  });
});
