import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { JsonRpcProvider, type JsonRpcSigner } from "ethers";

import { readDeployment } from "../../deploy/book.ts";
import { runCheck } from "../../deploy/check/command.ts";
import { runCreateMarket } from "../../deploy/create-market.ts";
import { formatAddressBook, type BookedDeployment } from "../../src/client/address-book.ts";
import { toAddress, type Address } from "../../src/protocol/address.ts";
import { AccessManager__factory, LeverageMarket__factory, SettableFeed__factory } from "../../types/index.ts";
import { timeLimit } from "../support/effort.ts";
import { startAnvil, type RunningNode } from "./support/anvil.ts";
import { bringBitcoin, EXAMPLE } from "./support/bitcoin.ts";
import { captured } from "./support/captured.ts";
import { runProgram } from "./support/command.ts";

const CHAIN = 31_337n;
describe("npm run create-market", function () {
  this.timeout(timeLimit(180_000));
  let anvil: RunningNode;
  let provider: JsonRpcProvider;
  let folder: string;
  let deployment: BookedDeployment;
  let deployer: JsonRpcSigner;
  let admin: JsonRpcSigner;
  /** The market creator of local.yaml. */
  let creator: string;
  /** The example file with the addresses of a token and feeds of this chain. */
  let example: string;
  let wbtc: Address;
  let btcFeed: Address;
  let snapshot: unknown;

  before(async () => {
    anvil = await startAnvil();
    folder = await mkdtemp(join(tmpdir(), "cantilever-"));
    const { code, said } = await runProgram("deploy/main.ts", [
      "--rpc-url",
      anvil.url,
      "--deployments",
      folder,
      "--yes",
    ]);
    expect(code, said).to.equal(0);
    provider = new JsonRpcProvider(anvil.url, Number(CHAIN), { staticNetwork: true, cacheTimeout: -1 });
    provider.pollingInterval = 20;
    deployer = await provider.getSigner(0);
    admin = await provider.getSigner(1);
    creator = (await provider.getSigner(3)).address;
    deployment = await readDeployment(folder, CHAIN, "main");
    ({ example, token: wbtc, feed: btcFeed } = await bringBitcoin(anvil.rpc, deployer, deployment));
  });
  beforeEach(async () => {
    snapshot = await anvil.rpc.send("evm_snapshot", []);
    const [first] = deployment.markets;
    await writeBook(first === undefined ? [] : [first]);
  });
  afterEach(async () => {
    await anvil.rpc.send("evm_revert", [snapshot]);
  });
  after(async () => {
    provider.destroy();
    await anvil.stop();
    await rm(folder, { recursive: true });
  });

  async function writeBook(markets: BookedDeployment["markets"]): Promise<void> {
    const book = { chainId: CHAIN, deployments: [{ ...deployment, markets }] };
    await writeFile(join(folder, `${CHAIN}.json`), formatAddressBook(book));
  }

  async function pass(seconds: number): Promise<void> {
    await anvil.rpc.send("evm_increaseTime", [seconds]);
    await anvil.rpc.send("evm_mine", []);
  }

  /** Arguments of the command for a file with this text. */
  async function words(text: string, ...others: readonly string[]): Promise<readonly string[]> {
    const file = join(folder, "market.yaml");
    await writeFile(file, text);
    const from = others.includes("--from") ? [] : ["--from", creator];
    return [file, "--rpc-url", anvil.url, "--deployments", folder, ...from, ...others];
  }

  async function create(text: string, ...others: readonly string[]) {
    const { terminal, stdout, stderr } = captured();
    const code = await runCreateMarket(await words(text, ...others), terminal);
    return { code, stdout: stdout(), stderr: stderr() };
  }

  const sent = async (): Promise<number> => provider.getTransactionCount(creator, "pending");

  it("creates a market with a guard and adds it to the address book", async () => {
    const { code, stdout, stderr } = await create(example, "--yes");
    expect(code, stderr).to.equal(0);
    expect(stdout).to.contain("market.maxLeverage: 5x").and.to.contain("Created clUSDC-WBTC.");
    const { markets } = await readDeployment(folder, CHAIN, "main");
    expect(markets.map(({ symbol }) => symbol)).to.deep.equal(["clUSDC-WETH", "clUSDC-WBTC"]);
    const booked = markets[1];
    expect(booked?.collateralToken).to.deep.equal({ address: wbtc, symbol: "WBTC", decimals: 8, faucet: true });
    expect(booked?.feeds?.base.settable).to.be.true;
    expect(booked?.parameters["market.debtCap"]).to.equal("10 000 000 USDC");
    const market = LeverageMarket__factory.connect(booked?.address ?? "", provider);
    expect(await market.symbol()).to.equal("clUSDC-WBTC");
    expect(toAddress(await market.oracle())).to.equal(booked?.guard?.address);
    expect((await market.limits()).debtCap).to.equal(10_000_000n * 10n ** 6n);
    expect(await provider.getCode(market, (booked?.block ?? 0) - 1)).to.equal("0x");
  });

  it("sends nothing the second time, and completes a killed run", async () => {
    const args = [...(await words(example)), "--yes"];
    const killed = await runProgram("deploy/create-market-main.ts", args, {
      killWhen: (said) => said.includes("sent "),
    });
    expect(killed.signal).to.equal("SIGKILL");
    expect((await create(example, "--yes")).code).to.equal(0);
    const count = await sent();
    const again = await create(example, "--yes");
    expect(again.code).to.equal(0);
    expect(again.stdout).to.contain("Everything exists already: nothing was sent.");
    expect(await sent()).to.equal(count);
    expect((await readDeployment(folder, CHAIN, "main")).markets).to.have.length(2);
  });

  it("creates a market that deploy:check checks, including the admin's calls for its guard", async () => {
    const { stdout } = await create(example, "--yes", "--json");
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const { adminCalls, event } = events.at(-1) as { event: string; adminCalls: { to: string; data: string }[] };
    expect(event).to.equal("created");
    const check = async () => {
      const { terminal, stdout: said } = captured();
      const code = await runCheck(["--rpc-url", anvil.url, "--deployments", folder], terminal);
      return {
        code,
        wrong: said()
          .split("\n")
          .filter((line) => line.startsWith("  wrong")),
        said: said(),
      };
    };
    const before = await check();
    expect(before.code).to.equal(1);
    expect(before.wrong).to.deep.equal([
      "  wrong    cancelSource of the guard of clUSDC-WBTC: only the admin may call it, not yet the guardian",
      "  wrong    scheduleSource of the guard of clUSDC-WBTC: only the admin may call it, not yet the risk manager",
    ]);
    expect(before.said).to.contain("opening 10 WBTC at 4x, which buys 30 WBTC, moves its price by 0.5");

    const manager = AccessManager__factory.connect(deployment.contracts.accessManager.address, admin);
    for (const { to, data } of adminCalls) await (await manager.schedule(to, data, 0)).wait();
    await pass(2 * 86_400);
    for (const { to, data } of adminCalls) await (await manager.execute(to, data)).wait();
    expect((await check()).wrong.filter((line) => line.includes("guard of"))).to.deep.equal([]);
  });

  it("--dry-run: shows the steps and sends nothing", async () => {
    const count = await sent();
    const { code, stdout } = await create(example, "--dry-run");
    expect(code).to.equal(0);
    expect(stdout).to.match(/to do {2}Market: the market Cantilever USDC\/WBTC at 0x[0-9a-f]{40}/u);
    expect(await sent()).to.equal(count);
    expect((await readDeployment(folder, CHAIN, "main")).markets).to.have.length(1);
  });

  it("rejects an invalid file, with the line of the error", async () => {
    const line = (text: string): number => example.slice(0, example.indexOf(text)).split("\n").length;
    const cases: readonly (readonly [string, string, string])[] = [
      ["maxLeverage: 5x", "maxLeverage: 5", `line ${line("maxLeverage: 5x")}: market.maxLeverage is "5"`],
      ["maxLeverage: 5x", "maxLeverage: 6x", `line ${line("maxLeverage: 5x")}: market.maxLeverage must be above 1x`],
      ["maxDeviation: 1.5%", "maxDeviation: 6%", "guard.maxDeviation is not below market.entryGap"],
      ["symbol: WBTC", "symbol: USDC", "collateralToken.symbol is also the loan token's"],
      ["raiseDelay: 2 days", "raiseDelay: 2 days\n  lendersStock: 1 USDC", "market.lendersStock is not a parameter"],
      [`"${wbtc}"`, "soon", "collateralToken.address can't be read"],
    ];
    for (const [text, by, message] of cases) {
      const changed = text.startsWith("symbol")
        ? example.replaceAll(text, by).replaceAll(" WBTC", " USDC")
        : example.replace(text, by);
      const { code, stderr } = await create(changed, "--yes");
      expect(code, stderr).to.equal(2);
      expect(stderr).to.contain(message);
    }
    const placeholder = await create(await readFile(EXAMPLE, "utf8"), "--yes");
    expect(placeholder.stderr).to.contain("line 6: loanToken.address can't be read");
  });

  it("rejects parameters that don't match the chain, before anything is sent", async () => {
    const count = await sent();
    const cases: readonly (readonly [text: string, by: string, message: string])[] = [
      ["  symbol: WBTC", "  symbol: BTC", 'its symbol is "WBTC"'],
      [wbtc, deployment.contracts.lens.address, "the contract at this address is not a token"],
      ["description: BTC / USD", "description: XBT / USD", 'its description is "BTC / USD"'],
      ["fee: 0.05%", "fee: 0.3%", "there is no pool of the tokens with this fee"],
      ["collateral: 200 WBTC", "collateral: 40 000 WBTC", "its active liquidity is"],
      ["expectedPrice: 60 000 USDC", "expectedPrice: 6 000 USDC", "the feeds' price is 10 times the expected price"],
      ["symbol: clUSDC-WBTC", "symbol: clUSDC-WETH", `of the deployment "main" has it`],
    ];
    for (const [text, by, message] of cases) {
      let changed = example.replace(text, by);
      if (by === "  symbol: BTC") changed = changed.replaceAll(/(\d) WBTC/gu, "$1 BTC");
      const { code, stderr } = await create(changed, "--yes");
      expect(code, stderr).to.equal(9);
      expect(stderr).to.contain(message);
    }
    const stranger = await create(example, "--yes", "--from", (await provider.getSigner(7)).address);
    expect(stranger.stderr).to.contain("it does not hold the role of market creator");
    const other = await create(example, "--yes", "--name", "other");
    expect(other.code).to.equal(5);
    expect(await sent()).to.equal(count);
  });

  it("rejects a pool that has moved away from the feeds", async () => {
    await (await SettableFeed__factory.connect(btcFeed, deployer).setAnswer(65_000n * 10n ** 8n)).wait();
    const { code, stderr } = await create(example, "--yes");
    expect(code).to.equal(9);
    expect(stderr).to.contain("its price is 0.923 times the feeds' price");
  });
});
