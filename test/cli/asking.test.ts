import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { keystoreFolder } from "../../src/cli/folders.ts";
import { importKey } from "../../src/cli/keystore.ts";
import { ACCOUNTS, ALICE_KEY, MARKET, TestChain } from "./support/chain.ts";
import { commandOf, run, TerminalSession, type Ended } from "./support/cli.ts";

/** Of scrypt: tests need no strength. */
const WORK = 1 << 10;
const PASSWORD = "correct horse battery staple";

describe("cantilever asks before it signs", function () {
  this.timeout(120_000);
  let chain: TestChain;
  before(async () => {
    chain = await TestChain.start();
    await importKey(keystoreFolder(chain.environment()), "alice", ALICE_KEY, PASSWORD, WORK);
  });
  after(async () => {
    await chain.stop();
  });

  const inTerminal = (...words: readonly string[]): TerminalSession =>
    new TerminalSession([...words, ...chain.named], chain.environment());

  /** Runs a command in a terminal and expects that Alice has sent nothing when it has ended so. */
  async function expectNothingSent(session: TerminalSession, code: number, message: string): Promise<void> {
    const before = await chain.nonce(ACCOUNTS.alice);
    expect(await session.ended()).to.equal(code);
    expect(session.said).to.contain(message);
    expect(await chain.nonce(ACCOUNTS.alice)).to.equal(before);
  }

  it("shows all of it first, and sends nothing without a yes", async () => {
    const session = inTerminal("faucet", MARKET, "--from", "alice");
    await session.shows("Sign and send these 2 transactions? (yes/no)");
    expect(session.said).to.match(/mints +100 000 USDC/u);
    expect(session.said).to.contain("Simulated on the state of now. The fee is about");
    session.type("no\r");
    await expectNothingSent(session, 10, "Not confirmed: nothing was signed and nothing sent");
  });

  it("sends nothing when the person presses Ctrl-C", async () => {
    const session = inTerminal("faucet", MARKET, "--from", "alice");
    await session.shows("(yes/no)");
    session.type("\u0003");
    await expectNothingSent(session, 10, "Not confirmed");
  });

  it("sends nothing when the terminal is closed", async () => {
    const session = inTerminal("faucet", MARKET, "--from", "alice");
    await session.shows("(yes/no)");
    session.hangUp();
    await expectNothingSent(session, 11, "(yes/no)");
  });

  it("sends nothing when the input ends", async () => {
    const session = inTerminal("faucet", MARKET, "--from", "alice");
    await session.shows("(yes/no)");
    session.type("\u0004");
    await expectNothingSent(session, 11, "The terminal was closed before the answer");
  });

  it("takes no wrong password", async () => {
    const session = inTerminal("faucet", MARKET, "--from", "alice", "--yes");
    await session.shows("The password of alice: ");
    session.type("wrong\r");
    await expectNothingSent(session, 8, "The password does not open the keystore");
  });

  it("sends after a yes and a password that nobody sees", async () => {
    const before = await chain.nonce(ACCOUNTS.alice);
    const session = inTerminal("faucet", MARKET, "--from", "alice");
    await session.shows("(yes/no)");
    session.type("yes\r");
    await session.shows("The password of alice: ");
    session.type(`${PASSWORD}x\u007f\r`);
    expect(await session.ended(), session.said).to.equal(0);
    expect(session.said).to.match(/2\/2 in block \d+: Get 20 WETH from the faucet/u);
    expect(session.said).not.to.contain(PASSWORD);
    expect(session.said).not.to.contain("horse");
    expect(await chain.nonce(ACCOUNTS.alice)).to.equal(before + 2);
  });

  it("takes keys unseen, and no two passwords that differ", async () => {
    const importing = inTerminal("keys", "import", "second");
    await importing.shows("The private key: ");
    importing.type(`${ALICE_KEY}\r`);
    await importing.shows("A password for second: ");
    importing.type("one\r");
    await importing.shows("The same again: ");
    importing.type("one\r");
    expect(await importing.ended(), importing.said).to.equal(0);
    expect(importing.said).to.contain(`second is ${ACCOUNTS.alice}`);
    expect(importing.said).not.to.contain(ALICE_KEY.slice(2, 12));

    const creating = inTerminal("keys", "create", "third");
    await creating.shows("A password for third: ");
    creating.type("one\r");
    await creating.shows("The same again: ");
    creating.type("other\r");
    expect(await creating.ended()).to.equal(10);
    expect(creating.said).to.contain("The two passwords differ");

    const removing = inTerminal("keys", "remove", "second");
    await removing.shows("Delete the keystore second? (yes/no)");
    removing.type("yes\r");
    expect(await removing.ended()).to.equal(0);
    expect(await readdir(keystoreFolder(chain.environment()))).to.deep.equal(["alice.json"]);
  });

  it("keeps no secret in its files, but encrypted", async () => {
    const files = await readdir(chain.home, { recursive: true, withFileTypes: true });
    for (const file of files.filter((one) => one.isFile())) {
      const text = await readFile(join(file.parentPath, file.name), "utf8");
      expect(text, file.name).not.to.contain(ALICE_KEY.slice(2, 20));
      expect(text, file.name).not.to.contain(PASSWORD);
    }
  });

  it("ends quietly when nobody reads on", async () => {
    const [program, words] = commandOf(["--help"]);
    const child = spawn(program, words, { env: { PATH: process.env.PATH ?? "" }, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stdout.destroy();
    const [code] = (await once(child, "close")) as [number];
    expect(said).to.equal("");
    expect(code).to.equal(11);
  });

  describe("about the price impact", () => {
    let snapshot: unknown;
    beforeEach(async () => {
      snapshot = await chain.provider.send("evm_snapshot", []);
      const mint = ["faucet", MARKET, "--loan", "0", "--collateral", "5 000", "--yes", "--from", ACCOUNTS.bob];
      expect((await run([...mint, ...chain.named], chain.environment())).code).to.equal(0);
    });
    afterEach(async () => {
      await chain.provider.send("evm_revert", [snapshot]);
    });

    const open = (equity: string, ...more: readonly string[]): readonly string[] => [
      ...["open", MARKET, "--equity", equity, "--leverage", "4", "--from", ACCOUNTS.bob],
      ...more,
    ];
    const alone = async (...words: readonly string[]): Promise<Ended> =>
      run([...words, ...chain.named], chain.environment());

    it("warns above 5%", async () => {
      const { code, stdout, stderr } = await alone(...open("220", "--yes"));
      expect(code, stderr).to.equal(0);
      expect(stdout).to.match(/WARNING: the price impact is [56]\.\d+%/u);
      await chain.provider.send("evm_revert", [snapshot]);
      snapshot = await chain.provider.send("evm_snapshot", []);
      await alone("faucet", MARKET, "--loan", "0", "--collateral", "5 000", "--yes", "--from", ACCOUNTS.bob);
      const unsigned = await alone(...open("220", "--unsigned"));
      expect(unsigned.code, unsigned.stderr).to.equal(0);
      expect(unsigned.stderr).to.match(/WARNING: the price impact is [56]\.\d+%/u);
    });

    it("warns programs and other signers on the standard error", async () => {
      for (const others of [["--unsigned"], ["--safe", join(chain.home, "impact.json")]]) {
        const { code, stdout, stderr } = await alone(...open("220", ...others));
        expect(code, stderr).to.equal(0);
        expect(stderr).to.match(/^WARNING: the price impact is [56]\.\d+%/u);
        expect(stdout).not.to.contain("WARNING");
      }
    });

    it("asks for a word above 10%, and takes no other", async () => {
      const nonce = await chain.nonce(ACCOUNTS.bob);
      const session = inTerminal(...open("600", "--yes"));
      await session.shows("Type the word impact to go on: ");
      session.type("yes\r");
      expect(await session.ended()).to.equal(10);
      expect(await chain.nonce(ACCOUNTS.bob)).to.equal(nonce);
    });

    it("goes on after the word", async () => {
      const session = inTerminal(...open("600", "--yes"));
      await session.shows("Type the word impact to go on: ");
      session.type("impact\r");
      expect(await session.ended(), session.said).to.equal(0);
    });

    it("needs an option of its own instead of the word, beside --yes", async () => {
      const nonce = await chain.nonce(ACCOUNTS.bob);
      const refused = await alone(...open("600", "--yes"));
      expect(refused.code).to.equal(11);
      expect(refused.stderr).to.contain("Give --accept-price-impact");
      expect(await chain.nonce(ACCOUNTS.bob)).to.equal(nonce);
      expect((await alone(...open("600", "--yes", "--accept-price-impact"))).code).to.equal(0);
    });

    it("refuses above 25%, whatever is accepted", async () => {
      const nonce = await chain.nonce(ACCOUNTS.bob);
      const { code, stderr } = await alone(...open("2800", "--yes", "--accept-price-impact"));
      expect(code, stderr).to.equal(14);
      expect(stderr).to.match(/The price impact would be \d+\.\d+%, more than the 25% that are allowed/u);
      expect(await chain.nonce(ACCOUNTS.bob)).to.equal(nonce);
    });
  });

  describe("and tells what became of a transaction", () => {
    beforeEach(async () => {
      await chain.provider.send("evm_setAutomine", [false]);
    });
    afterEach(async () => {
      await chain.provider.send("evm_setAutomine", [true]);
      await chain.provider.send("evm_mine", []);
    });

    const waiting = async (account: string): Promise<void> => {
      const mined = await chain.provider.getTransactionCount(account, "latest");
      while ((await chain.nonce(account)) === mined) await new Promise((resolve) => setTimeout(resolve, 50));
    };
    const mint = ["faucet", MARKET, "--loan", "0", "--collateral", "100", "--yes"];

    it("that is not mined in time (13)", async () => {
      const words = [...mint, "--timeout", "1", "--from", ACCOUNTS.keeper, ...chain.named];
      const { code, stderr } = await run(words, chain.environment());
      expect(stderr).to.match(/0x[0-9a-f]{64}/u);
      expect(code).to.equal(13);
    });

    it("whose hash it has told, when the person does not wait (130)", async () => {
      const session = inTerminal(...mint, "--from", ACCOUNTS.guardian);
      await session.shows(/sent 0x[0-9a-f]{64}/u);
      session.type("\u0003");
      expect(await session.ended()).to.equal(130);
    });

    it("that another one takes the place of (13)", async () => {
      const running = run([...mint, "--from", ACCOUNTS.carol, ...chain.named], chain.environment());
      await waiting(ACCOUNTS.carol);
      const carol = await chain.provider.getSigner(ACCOUNTS.carol);
      const nonce = await chain.provider.getTransactionCount(ACCOUNTS.carol, "latest");
      const fees = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 11n };
      await carol.sendUncheckedTransaction({ to: ACCOUNTS.carol, nonce, ...fees });
      await chain.provider.send("evm_mine", []);
      const { code, stderr } = await running;
      expect(stderr).to.match(/was cancelled: 0x[0-9a-f]{64} took its place/u);
      expect(code).to.equal(13);
    });

    it("that a contract refuses in its block (9), with the reason", async () => {
      await chain.provider.send("evm_setAutomine", [true]);
      expect((await run([...mint, "--from", ACCOUNTS.bob, ...chain.named], chain.environment())).code).to.equal(0);
      const approve = ["add", MARKET, "10", "--yes", "--approve-unlimited", "--from", ACCOUNTS.bob];
      expect((await run([...approve, ...chain.named], chain.environment())).code).to.equal(0);
      await chain.provider.send("evm_setAutomine", [false]);
      const open = ["open", MARKET, "--equity", "5", "--leverage", "2", "--valid-for", "30s", "--yes"];
      const running = run([...open, "--from", ACCOUNTS.bob, ...chain.named], chain.environment());
      await waiting(ACCOUNTS.bob);
      await chain.wait(120);
      const { code, stderr } = await running;
      expect(stderr).to.match(/was refused in its block.*DeadlinePassed.*sign again, with fresh prices/u);
      expect(code).to.equal(9);
    });
  });
});
