import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { HDNodeWallet, JsonRpcProvider, MaxUint256, Mnemonic, type Signer } from "ethers";

import { PUBLIC_PHRASE } from "../../../scripts/devnet/accounts.ts";
import { parseAddressBook, type BookedMarket } from "../../../src/client/address-book.ts";
import { faucetTokenAt, lensAt, marketAt } from "../../../src/client/contracts.ts";
import { openLeverage } from "../../../src/client/leverage.ts";
import { send } from "../../../src/client/send.ts";
import { readMarketEvents } from "../../../src/events/read.ts";
import { oraclePrice } from "../../../src/lab/market/deployment.ts";
import { toAddress } from "../../../src/protocol/address.ts";
import { sortsFirst, sqrtPriceX96FromPrice } from "../../../src/protocol/uniswap-v3/price.ts";
import {
  readyOf,
  runScript,
  startDevnet,
  startDevnetByNpm,
  startDevnetWith,
  until,
  type DevnetProcess,
  type Ready,
} from "./support/devnet-process.ts";

const SPEED = 600;
const ETH = 10n ** 18n;
const USD = 10n ** 6n;

/** Eighty minutes of calm, a fall by a third within twenty, and calm for a day. */
const PRICES = [
  "timestamp,open,high,low,close",
  ...Array.from({ length: 8 }, (_, bar) => `${1_700_000_000 + 600 * bar},4000,4000,4000,4000`),
  "1700004800,4000,4000,3300,3300",
  "1700005400,3300,3300,2700,2700",
  ...Array.from({ length: 144 }, (_, bar) => `${1_700_006_000 + 600 * bar},2700,2700,2700,2700`),
].join("\n");

/** Without what differs from run to run, and addresses that change with the contracts. */
function comparable(lines: readonly string[]): readonly string[] {
  return lines.map((line) =>
    line
      .replace(/ (?:--rpc-url|--book) \S+/gu, "")
      .replace(/(?<=also in )[^:]+/u, "deployments/31337.json")
      .replace(/:\d+ \(ready after [\d.]+ s\)/u, ":8545")
      .replace(/^\d{4}-\d\d-\d\d \d\d:\d\d/u, "")
      .replace(/0x[\da-f]{40}$/u, "0x…"),
  );
}

/** Tells a devnet to end as soon as it says what it does. */
async function endWhileStarting(devnet: DevnetProcess): Promise<{ code: number | string; seconds: number }> {
  await until(() => devnet.errors().includes("Starting a chain"), devnet);
  const began = performance.now();
  devnet.child.kill("SIGTERM");
  return { code: await devnet.exit, seconds: (performance.now() - began) / 1_000 };
}

describe("npm run devnet", () => {
  let folder: string;
  let devnet: DevnetProcess;
  /** Another one as people start it: without options, but for where it is. */
  let plain: DevnetProcess;
  /** A third one, that is told to end while it starts. */
  let starting: DevnetProcess;
  let ended: ReturnType<typeof endWhileStarting>;
  let ready: Ready;
  let provider: JsonRpcProvider;
  let booked: BookedMarket;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "cantilever-devnet-"));
    const prices = join(folder, "fall.csv");
    await writeFile(prices, `${PRICES}\n`);
    const book = join(folder, "new folder", "book.json");
    const args = ["--prices", prices, "--port", "0", "--borrowers", "10", "--speed", String(SPEED), "--json"];
    devnet = startDevnet(...args, "--book", book);
    ready = await readyOf(devnet);
    provider = new JsonRpcProvider(ready.url, ready.chainId, { staticNetwork: true, cacheTimeout: -1 });
    const [market] = ready.deployment.markets;
    if (market === undefined) throw new Error("The devnet has no market.");
    booked = market;
    plain = startDevnet("--port", "0", "--book", join(folder, "plain", "31337.json"));
    starting = startDevnet("--port", "0", "--book", join(folder, "starting.json"));
    ended = endWhileStarting(starting);
  });
  after(async () => {
    provider.destroy();
    for (const { child, exit } of [devnet, plain, starting]) {
      child.kill("SIGKILL");
      await exit;
    }
    await rm(folder, { recursive: true });
  });

  /** The account of a number of the public phrase, by its key: it signs outside of the node. */
  function person(index: number): Signer {
    const phrase = Mnemonic.fromPhrase(PUBLIC_PHRASE);
    return HDNodeWallet.fromMnemonic(phrase, `m/44'/60'/0'/0/${index}`).connect(provider);
  }

  async function latestTime(): Promise<number> {
    return (await provider.getBlock("latest"))?.timestamp ?? 0;
  }

  async function liquidated(): Promise<readonly string[]> {
    const events = await readMarketEvents(provider, booked.address, booked.block, await provider.getBlockNumber());
    return events.flatMap(({ event }) => (event.name === "Liquidated" ? [event.account] : []));
  }

  it("writes an address book that says what it prints, of contracts that are there", async () => {
    const text = await readFile(ready.book, "utf8");
    const { chainId, deployments } = parseAddressBook(JSON.parse(text), ready.book);
    expect(chainId).to.equal(31_337n);
    expect(deployments).to.deep.equal([ready.deployment]);
    const shared = Object.values(ready.deployment.contracts);
    for (const { address, block } of [...shared, booked]) {
      expect(await provider.getCode(address, block), address).not.to.equal("0x");
      expect(await provider.getCode(address, block - 1), address).to.equal("0x");
    }
  });

  it("begins with positions, and something left to borrow", async () => {
    const market = marketAt(booked.address, provider);
    const events = await readMarketEvents(provider, booked.address, booked.block, await provider.getBlockNumber());
    const borrowers = events.flatMap(({ event }) => (event.name === "PositionAdjusted" ? [event.account] : []));
    expect(new Set(borrowers).size).to.equal(10);
    expect((await market.totals()).cash > 100_000n * USD).to.be.true;
  });

  it("leaves the well-known accounts to people: funded, unused, and the only ones that it names", async () => {
    const named = (await provider.send("eth_accounts", [])) as string[];
    expect(named).to.deep.equal(ready.accounts.map(({ address }) => address));
    for (const [index, address] of named.entries()) {
      expect(await person(index).getAddress()).to.equal(address);
      expect(await provider.getTransactionCount(address)).to.equal(0);
      expect((await provider.getBalance(address)) >= 1_000n * ETH).to.be.true;
      expect(await faucetTokenAt(booked.collateralToken.address, provider).balanceOf(address)).to.equal(100n * ETH);
    }
    expect(ready.accounts.flatMap(({ role }) => role ?? [])).to.deep.equal(["admin", "guardian", "riskManager"]);
  });

  it("mines a person's transactions at once: a position of ten ether at 4.5x, through the swapper", async () => {
    const signer = person(0);
    const account = toAddress(await signer.getAddress());
    const began = performance.now();
    await send(faucetTokenAt(booked.collateralToken.address, signer).approve(booked.address, MaxUint256));
    const worst = oraclePrice(4_200, { loan: 6, collateral: 18, base: 8 });
    await openLeverage(marketAt(booked.address, provider), ready.deployment.contracts.swapper.address, signer, {
      collateral: 45n * ETH,
      debt: 140_000n * USD,
      maxOwnCollateral: 11n * ETH,
      poolFee: booked.pool?.fee ?? 0,
      sqrtPriceLimitX96: sqrtPriceX96FromPrice(
        worst,
        sortsFirst(booked.collateralToken.address, booked.loanToken.address),
      ),
      // By the chain's clock, which isn't the machine's.
      deadline: BigInt((await latestTime()) + 600),
    });
    expect(performance.now() - began).to.be.below(5_000);
    expect(await provider.getTransactionCount(account)).to.equal(2);
    const lens = lensAt(ready.deployment.contracts.lens.address, provider);
    const { positions } = await lens.positionViews(booked.address, [account]);
    expect(Number(positions[0]?.leverage)).to.be.within(43_000, 47_000);
  });

  it("lets the chain's time pass at its speed", async () => {
    const [began, before] = [performance.now(), await latestTime()];
    await until(async () => (await latestTime()) - before >= 2 * SPEED, devnet);
    const passed = (await latestTime()) - before;
    const speed = (passed * 1_000) / (performance.now() - began);
    // A machine that has other work to do is slower, none is faster.
    expect(speed).to.be.within(SPEED / 10, SPEED * 1.2);
  });

  it("prints, with fifty borrowers and within twenty seconds, what docs/devnet.md shows", async () => {
    await until(() => plain.lines.some((line) => line.includes(" · ")), plain);
    const docs = await readFile(join(import.meta.dirname, "../../../docs/devnet.md"), "utf8");
    const shown = /```text\n(?<block>\nChain [^`]*)```/u.exec(docs)?.groups?.block ?? "";
    const printed = plain.lines.slice(0, plain.lines.findIndex((line) => line.includes(" · ")) + 1);
    expect(comparable(printed)).to.deep.equal(comparable(shown.split("\n").slice(0, printed.length)));
    expect(Number(/ready after (?<seconds>[\d.]+) s/u.exec(printed[1] ?? "")?.groups?.seconds)).to.be.below(20);
  });

  it("is a chain on which the other commands find what they need, and nothing wrong", async () => {
    const url = /http:\/\/127[\d.:]+/u.exec(plain.lines[1] ?? "")?.[0] ?? "";
    const books = join(folder, "plain");
    const check = runScript("deploy/check/main.ts", "--rpc-url", url, "--deployments", books);
    const markets = runScript("src/cli/main.ts", "markets", "--rpc-url", url, "--book", join(books, "31337.json"));
    expect(await check.exit, check.errors()).to.equal(0);
    expect(check.lines.at(-1)).to.match(/^\d+ checks: .* 0 changed, 0 wrong\.$/u);
    expect(await markets.exit, markets.errors()).to.equal(0);
    expect(markets.lines.join("\n")).to.match(/clUSDC-WETH .*4 34\d(?:\.\d+)? USDC/u);
    plain.child.stdout?.destroy();
  });

  it("takes feed and pool through the fall, where the keeper liquidates, that position too", async () => {
    const account = toAddress(ready.accounts[0]?.address ?? "");
    await until(async () => (await liquidated()).includes(account), devnet);
    const lens = lensAt(ready.deployment.contracts.lens.address, provider);
    const { liquidationPrice } = await lens.marketView(booked.address);
    expect(liquidationPrice < oraclePrice(3_900, { loan: 6, collateral: 18, base: 8 })).to.be.true;
    // Nobody but its owner has sent anything from it.
    expect(await provider.getTransactionCount(account)).to.equal(2);
  });

  it("says how the market is, in an object a line", () => {
    const interval = JSON.parse(devnet.lines[1] ?? "") as Readonly<Record<string, unknown>>;
    expect(interval).to.include({ event: "interval", marketPrice: 4_000, positions: 10, liquidations: 0 });
    expect(interval.systemLeverage).to.be.within(1.5, 4);
  });

  it("doesn't take a port that is in use", async () => {
    const second = startDevnet("--port", new URL(ready.url).port);
    expect(await second.exit).to.equal(1);
    expect(second.lines).to.deep.equal([]);
    expect(second.errors()).to.match(/^The port \d+ is in use: .* --port[^\n]*\n$/u);
  });

  it("says before it starts that it can't write its address book", async () => {
    const second = startDevnet("--port", "0", "--book", join(folder, "fall.csv", "book.json"));
    expect(await second.exit).to.equal(1);
    expect(second.errors()).to.match(/^--book is "[^"]+", which can't be written \([^\n]*\)\. [^\n]*\n$/u);
  });

  it("ends within seconds of Ctrl-C, with exit code 0, and gives the port back", async () => {
    const began = performance.now();
    devnet.child.kill("SIGINT");
    expect(await devnet.exit).to.equal(0);
    expect(performance.now() - began).to.be.below(4_000);
    expect(devnet.errors()).not.to.match(/\n\s+at |stood still/u);
    await fetch(ready.url).then(
      () => expect.fail("it still answers"),
      (error: unknown) => expect(error).to.be.instanceOf(TypeError),
    );
  });

  it("ends at once where it is told to while it starts", async () => {
    const { code, seconds } = await ended;
    expect(code).to.equal(0);
    expect(seconds).to.be.below(4);
    expect(starting.lines).to.deep.equal([]);
  });

  it("ends where nobody reads what it prints any more", async () => {
    expect(await plain.exit).to.equal(0);
  });

  for (const signal of process.env.FUZZ === "deep" ? (["SIGTERM", "SIGKILL"] as const) : []) {
    it(`ends with npm, where that is ended by ${signal}`, async () => {
      const npm = startDevnetByNpm("--port", "0", "--borrowers", "5", "--json", "--book", join(folder, "npm.json"));
      const { url } = await readyOf(npm);
      npm.child.kill(signal);
      await npm.exit;
      const began = performance.now();
      const answers = async (): Promise<boolean> =>
        fetch(url, { method: "OPTIONS" }).then(
          () => true,
          () => false,
        );
      while (await answers()) expect(performance.now() - began).to.be.below(5_000);
    });
  }

  it("explains itself, without loading Hardhat or ethers", async () => {
    // Node names each module that it loads.
    const help = startDevnetWith({ NODE_DEBUG: "esm,module" }, "--help");
    expect(await help.exit).to.equal(0);
    const said = help.lines.join("\n");
    for (const option of ["--port", "--scenario", "--prices", "--speed", "--seed", "--borrowers", "--no-keeper"]) {
      expect(said).to.contain(option);
    }
    expect(help.errors()).to.contain("scripts/devnet/devnet.ts");
    expect(help.errors()).not.to.match(/node_modules\/(?:hardhat|ethers|@nomicfoundation)\//u);
  });
});
