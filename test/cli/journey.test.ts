import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { marketAt } from "../../src/client/contracts.ts";
import { FaucetToken__factory } from "../../types/index.ts";
import { ACCOUNTS, ALICE_KEY, MARKET, TestChain } from "./support/chain.ts";
import { jsonOf, run, spawnCli, TerminalSession, type Ended } from "./support/cli.ts";
import { startProxy } from "./support/proxy.ts";

/** Sections of what a command prints in JSON that these tests look at. */
interface Acted {
  readonly from: string;
  readonly expected: { readonly after: Figures };
  readonly transactions: readonly { readonly hash: string }[];
  readonly happened: { readonly position: Figures };
}
interface Figures {
  readonly debt: string;
  readonly collateral: string;
  readonly leverage?: string;
  readonly liquidatable: boolean;
}

describe("A person with a terminal", function () {
  this.timeout(240_000);
  let chain: TestChain;
  before(async () => {
    chain = await TestChain.start();
  });
  after(async () => {
    await chain.stop();
  });

  async function look(...words: readonly string[]): Promise<Record<string, unknown>> {
    return jsonOf(await run([...words, "--json", ...chain.named], chain.environment()));
  }
  async function act(who: keyof typeof ACCOUNTS, ...words: readonly string[]): Promise<Acted> {
    return (await look(...words, "--yes", "--from", ACCOUNTS[who])) as unknown as Acted;
  }
  const position = async (who: keyof typeof ACCOUNTS): Promise<Figures> =>
    ((await look("position", MARKET, ACCOUNTS[who])) as unknown as { position: Figures }[])[0]?.position ?? fail();
  const fail = (): never => {
    throw new Error("There is no such position.");
  };
  const allowance = async (who: keyof typeof ACCOUNTS, side: "loanToken" | "collateralToken"): Promise<bigint> =>
    FaucetToken__factory.connect(chain.plan.addresses[side], chain.provider).allowance(
      ACCOUNTS[who],
      chain.plan.addresses.market,
    );

  it("gets test money, and lends", async () => {
    await act("alice", "faucet", MARKET);
    await act("bob", "faucet", MARKET);
    const { transactions } = await act("bob", "lend", MARKET, "100 000");
    expect(transactions).to.have.length(2);
    expect(await allowance("bob", "loanToken")).to.equal(0n);
  });

  it("is told what a position at 5x costs, and what bounds it", async () => {
    const quote = await look("quote", MARKET, "--equity", "10", "--leverage", "4");
    expect(Number((quote.after as Figures).leverage)).to.be.within(39_990, 40_001);
    const { bounds } = quote as unknown as { bounds: { name: string }[] };
    expect(bounds.map(({ name }) => name)).to.include.members(["position limit", "system cap", "debt allowance"]);
  });

  it("opens at 5x with a process of its own and a key in the environment", async () => {
    const environment = { ...chain.environment(), CANTILEVER_PRIVATE_KEY: ALICE_KEY };
    const words = ["open", MARKET, "--equity", "10", "--leverage", "5", "--yes", ...chain.named];
    const { code, stdout, stderr } = await spawnCli(words, environment);
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/leverage +- +5x/u);
    expect(stdout).to.match(/sent 0x[0-9a-f]{64}/u);
    expect(stdout).to.match(/paid +10 WETH/u);
    expect(`${stdout}${stderr}`).not.to.contain(ALICE_KEY.slice(2, 20));
    expect(Number((await position("alice")).leverage)).to.be.within(49_990, 50_000);
  });

  it("watches it, redrawn with each block, until Ctrl-C", async () => {
    const words = ["watch", MARKET, ACCOUNTS.alice, "--every", "0.2", ...chain.named];
    const columns = 60;
    const session = new TerminalSession(words, chain.environment(), columns);
    await session.shows("Ctrl-C ends.\r\n");
    expect(session.said).to.match(/leverage +5x/u);
    // Long lines take two rows of a narrow terminal.
    const lines = session.said.replace("\u001b[?25l\u001b[J", "").split("\r\n").slice(0, -1);
    const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);
    const drawn = session.said.length;
    await chain.wait(60);
    await session.shows(`\u001b[${rows}A\u001b[J`, drawn);
    session.type("\u0003");
    expect(await session.ended()).to.equal(0);
    // The cursor is shown again.
    expect(session.said).to.contain("\u001b[?25h");
  });

  it("watches on when the node fails for a moment", async () => {
    let asked = 0;
    const proxy = await startProxy(chain.node.url, ({ method }) => {
      if (method !== "eth_blockNumber") return undefined;
      return ++asked % 2 === 0 ? { text: "<html>Bad gateway</html>" } : undefined;
    });
    const words = ["watch", MARKET, ACCOUNTS.alice, "--every", "0.05", "--json", ...chain.named];
    const watching = run(words, chain.environment(proxy.url), 1_500);
    while (asked < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    await chain.wait(1);
    const { code, stdout, stderr } = await watching;
    await proxy.stop();
    expect(code, stderr).to.equal(0);
    const blocks = stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { block: { number: number } }).block.number);
    expect(blocks).to.have.length(2);
    expect(blocks[1]).to.equal((blocks[0] ?? 0) + 1);
  });

  it("never pays more per gas than --max-fee", async () => {
    await chain.provider.send("anvil_setNextBlockBaseFeePerGas", ["0x2540be400"]);
    await chain.provider.send("evm_mine", []);
    const { transactions } = await act("carol", "faucet", MARKET, "--loan", "1", "--max-fee", "15");
    const sent = await chain.provider.getTransaction(transactions[0]?.hash ?? "");
    expect(sent?.maxFeePerGas).to.equal(15n * 10n ** 9n);
  });

  it("moves it to 3x", async () => {
    const { happened, expected } = await act("alice", "leverage", MARKET, "3");
    expect(Number(happened.position.leverage)).to.be.within(29_990, 30_001);
    expect(happened.position.collateral).to.equal(expected.after.collateral);
  });

  it("sees the health fall with the price, and adds collateral", async () => {
    const before = (await look("position", MARKET, ACCOUNTS.alice)) as unknown as {
      position: { healthFactor: string };
    }[];
    await chain.setFeed(1_990n * 10n ** 8n);
    await chain.poke();
    const after = (await look("position", MARKET, ACCOUNTS.alice)) as unknown as {
      position: { healthFactor: string };
    }[];
    expect(BigInt(after[0]?.position.healthFactor ?? 0) < BigInt(before[0]?.position.healthFactor ?? 0)).to.be.true;
    const { happened } = await act("alice", "add", MARKET, "1");
    expect(Number(happened.position.leverage)).to.be.lessThan(29_500);
    await chain.setFeed(2_000n * 10n ** 8n);
    await chain.poke();
  });

  it("withdraws and borrows within the limits, and repays", async () => {
    await act("alice", "withdraw", MARKET, "0.5");
    const borrowed = await act("alice", "borrow", MARKET, "1000");
    const repaid = await act("alice", "repay", MARKET, "1000");
    const less = BigInt(borrowed.happened.position.debt) - BigInt(repaid.happened.position.debt);
    // What is repaid is what the burned shares are worth, up to a unit or so less.
    expect(Number(less)).to.be.within(999_999_000, 1_000_000_000);
  });

  it("sees its history, and its loss by the trades", async () => {
    const { entries, profitAndLoss } = (await look("history", MARKET, ACCOUNTS.alice)) as unknown as {
      entries: unknown[];
      profitAndLoss: { profit: string };
    };
    expect(entries).to.have.length(6);
    expect(Number(profitAndLoss.profit)).to.be.lessThan(0);
    const text = await run(["history", MARKET, ACCOUNTS.alice, ...chain.named], chain.environment());
    expect(text.stdout).to.match(/profit against keeping the tokens +-[\d ]+/u);
  });

  it("is among the riskiest positions", async () => {
    const { stdout } = await run(["positions", MARKET, "--riskiest", "5", ...chain.named], chain.environment());
    expect(stdout).to.contain(ACCOUNTS.alice);
    expect(stdout.trim().split("\n")).to.have.length(3);
  });

  it("closes, and exactly nothing is left, after an hour of interest", async () => {
    await chain.wait(3_600);
    await chain.setFeed(2_000n * 10n ** 8n);
    await act("alice", "close", MARKET);
    const left = await position("alice");
    expect([left.debt, left.collateral]).to.deep.equal(["0", "0"]);
  });

  it("repays all after an hour of interest, withdraws all, and exactly nothing is left", async () => {
    await act("alice", "open", MARKET, "--equity", "5", "--leverage", "2");
    await chain.wait(3_600);
    await chain.setFeed(2_000n * 10n ** 8n);
    const repaid = await act("alice", "repay", MARKET, "all");
    expect(repaid.happened.position.debt).to.equal("0");
    const { happened } = await act("alice", "withdraw", MARKET, "all");
    expect([happened.position.debt, happened.position.collateral]).to.deep.equal(["0", "0"]);
    expect((await position("alice")).collateral).to.equal("0");
  });

  it("redeems all with interest, and exactly no share is left", async () => {
    await act("bob", "redeem", MARKET, "1000");
    await chain.wait(3_600);
    await act("bob", "redeem", MARKET, "all");
    const market = marketAt(chain.plan.addresses.market, chain.provider);
    expect(await market.balanceOf(ACCOUNTS.bob)).to.equal(0n);
    const { lending } = (await look("history", MARKET, ACCOUNTS.bob)) as unknown as { lending: { profit: string } };
    expect(Number(lending.profit)).to.be.greaterThan(0);
  });

  it("lets an operator act, and no longer", async () => {
    const market = marketAt(chain.plan.addresses.market, chain.provider);
    await act("alice", "operator", MARKET, ACCOUNTS.carol);
    expect(await market.isOperator(ACCOUNTS.alice, ACCOUNTS.carol)).to.be.true;
    await act("alice", "operator", MARKET, ACCOUNTS.carol, "--revoke");
    expect(await market.isOperator(ACCOUNTS.alice, ACCOUNTS.carol)).to.be.false;
  });

  it("approves exactly what is needed, and without a bound if asked", async () => {
    await act("carol", "faucet", MARKET);
    await act("carol", "add", MARKET, "1");
    expect(await allowance("carol", "collateralToken")).to.equal(0n);
    await act("carol", "add", MARKET, "1", "--approve-unlimited");
    expect((await allowance("carol", "collateralToken")) > 10n ** 60n).to.be.true;
    await act("carol", "withdraw", MARKET, "all");
  });

  it("hands transactions to another signer, whose address alone is known", async () => {
    const stranger = "0x000000000000000000000000000000000000bEEF";
    const nonce = await chain.nonce(ACCOUNTS.alice);
    const { transactions } = (await look("faucet", MARKET, "--unsigned", "--from", stranger)) as unknown as {
      transactions: { from: string; to: string; data: string; chainId: string; value: string }[];
    };
    expect(transactions.map(({ from }) => from)).to.deep.equal([stranger.toLowerCase(), stranger.toLowerCase()]);
    expect(transactions.map(({ to }) => to)).to.deep.equal([
      chain.plan.addresses.loanToken,
      chain.plan.addresses.collateralToken,
    ]);
    expect(transactions[0]?.chainId).to.equal("31337");
    expect(await chain.nonce(ACCOUNTS.alice)).to.equal(nonce);
  });

  it("writes a batch for a Safe, approval included", async () => {
    const file = join(chain.home, "batch.json");
    const words = ["add", MARKET, "1", "--safe", file, "--from", ACCOUNTS.carol, ...chain.named];
    await act("carol", "faucet", MARKET, "--loan", "0", "--collateral", "1");
    const token = FaucetToken__factory.connect(
      chain.plan.addresses.collateralToken,
      await chain.provider.getSigner(ACCOUNTS.carol),
    );
    await (await token.approve(chain.plan.addresses.market, 0n)).wait();
    const nonce = await chain.nonce(ACCOUNTS.carol);
    const { code, stdout } = await run(words, chain.environment());
    expect(code).to.equal(0);
    expect(stdout).to.contain(`Wrote 2 calls to ${file}`);
    const forPrograms = jsonOf(await run([...words, "--json"], chain.environment()));
    expect(forPrograms).to.deep.include({ file, safe: ACCOUNTS.carol, calls: 2 });
    const batch = JSON.parse(await readFile(file, "utf8")) as { transactions: { to: string; data: string }[] };
    expect(batch.transactions.map(({ to }) => to)).to.deep.equal([
      chain.plan.addresses.collateralToken,
      chain.plan.addresses.market,
    ]);
    expect(await chain.nonce(ACCOUNTS.carol)).to.equal(nonce);
  });

  const liquidated = async (who: keyof typeof ACCOUNTS, ...more: readonly string[]) =>
    (await look("liquidate", MARKET, "--yes", "--from", ACCOUNTS[who], ...more)) as unknown as {
      readonly happened: {
        readonly liquidated: readonly unknown[];
        readonly loanReceived: string;
        readonly collateralReceived: string;
      };
    };

  it("leaves other signers days for a trade, unless told otherwise", async () => {
    await act("carol", "faucet", MARKET, "--loan", "0", "--collateral", "20");
    const secondsOf = async (...words: readonly string[]): Promise<bigint> => {
      const open = ["open", MARKET, "--equity", "5", "--leverage", "3", "--unsigned", "--from", ACCOUNTS.carol];
      const { expected } = (await look(...open, ...words)) as unknown as {
        expected: { now: string; deadline: string };
      };
      return BigInt(expected.deadline) - BigInt(expected.now);
    };
    expect(await secondsOf()).to.equal(3n * 86_400n);
    expect(await secondsOf("--valid-for", "1 hour")).to.equal(3_600n);
  });

  it("feed: opens again after the feed grew old, by the command that the refusal names", async () => {
    await chain.wait(80 * 60);
    const asked = ["quote", MARKET, "--equity", "10", "--leverage", "2", ...chain.named];
    const refused = await run(asked, chain.environment());
    expect(refused.code).to.equal(9);
    expect(refused.stderr).to.contain("of its guard's sources: primary unavailable");
    expect(refused.stderr).to.contain(`\`cantilever feed ${MARKET} PRICE\``);
    const set = async (price: string, who: keyof typeof ACCOUNTS): Promise<Ended> =>
      run(["feed", MARKET, price, "--yes", "--from", ACCOUNTS[who], ...chain.named], chain.environment());
    const stranger = await set("1900", "bob");
    expect(stranger.code).to.equal(9);
    expect(stranger.stderr).to.contain("OwnableUnauthorizedAccount");
    const nothing = await set("0", "deployer");
    expect(nothing.code).to.equal(2);
    const { transactions } = await act("deployer", "feed", MARKET, "2000");
    expect(transactions).to.have.length(2);
    expect((await run(asked, chain.environment())).code).to.equal(0);
  });

  it("liquidates with its own tokens after a crash, and says what it paid and seized", async () => {
    await act("alice", "open", MARKET, "--equity", "5", "--leverage", "4.9");
    await act("bob", "faucet", MARKET, "--loan", "200 000", "--collateral", "0");
    // The feed and the pool both fall: what both say acts at once.
    await chain.setFeed(1_850n * 10n ** 8n);
    const aligned = await act("carol", "faucet", MARKET, "--loan", "0", "--collateral", "2 000").then(async () =>
      act("carol", "align", MARKET),
    );
    expect(aligned.transactions.length).to.be.greaterThan(2);
    await chain.wait(120);
    await act("carol", "poke", MARKET);
    expect((await position("alice")).liquidatable).to.be.true;
    const { happened } = await liquidated("bob");
    expect(happened.liquidated).to.have.length(1);
    expect(Number(happened.collateralReceived)).to.be.greaterThan(0);
    expect(Number(happened.loanReceived)).to.be.lessThan(0);
    expect((await position("alice")).liquidatable).to.be.false;
  });

  it("liquidates without tokens of its own as the owner of the flash liquidator, and nobody else does", async () => {
    await chain.setFeed(1_700n * 10n ** 8n);
    await act("carol", "align", MARKET);
    await chain.wait(120);
    await act("carol", "poke", MARKET);
    expect((await position("alice")).liquidatable).to.be.true;
    const words = ["liquidate", MARKET, "--flash", "--yes", "--from", ACCOUNTS.bob, ...chain.named];
    const refused = await run(words, chain.environment());
    expect(refused.stderr).to.contain("OwnableUnauthorizedAccount");
    expect(refused.code).to.equal(9);
    const { happened } = await liquidated("keeper", "--flash");
    expect(happened.liquidated).to.have.length(1);
    expect(Number(happened.loanReceived)).to.be.greaterThan(0);
    const none = await run(words, chain.environment());
    expect(none.stderr).to.contain("None of these positions can be liquidated now");
    expect(none.code).to.equal(9);
  });

  it("tells of a position without equity, and of what became of its debt", async () => {
    await act("bob", "faucet", MARKET, "--loan", "200 000", "--collateral", "20");
    await act("carol", "faucet", MARKET, "--loan", "3 000 000", "--collateral", "4 000");
    const agree = async (): Promise<void> => {
      await act("carol", "align", MARKET);
      await chain.wait(120);
      await act("carol", "poke", MARKET);
    };
    await agree();
    await act("bob", "open", MARKET, "--equity", "10", "--leverage", "4.9");
    await chain.setFeed(1_300n * 10n ** 8n);
    await agree();
    const told = async (...words: readonly string[]): Promise<Ended> =>
      run([...words, "--from", ACCOUNTS.bob, ...chain.named], chain.environment());
    expect((await told("position", MARKET)).stdout).to.match(/leverage +no equity$/mu);
    const lowering = await told("leverage", MARKET, "2", "--yes");
    expect(lowering.code, lowering.stderr).to.equal(9);
    expect(lowering.stderr).to.contain("The position has no equity");
    const closing = await told("close", MARKET, "--yes");
    expect(closing.stderr, closing.stderr).to.match(/paying it takes 5\d\.\d+ WETH, and the position has 4\d\./u);
    const { happened } = (await look("liquidate", MARKET, "--yes", "--from", ACCOUNTS.carol)) as unknown as {
      happened: { paid: string; liquidated: { loss: string }[] };
    };
    const loss = happened.liquidated.reduce((sum, one) => sum + Number(one.loss), 0);
    expect(loss).to.be.greaterThan(0);
    expect((await told("history", MARKET)).stdout).to.match(
      /liquidators took +4\d\.\d+ WETH, and 6\d \d{3}\.\d+ USDC of debt went$/mu,
    );
  });
});
