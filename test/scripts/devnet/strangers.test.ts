import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { HDNodeWallet, JsonRpcProvider, MaxUint256, Mnemonic, type Signer } from "ethers";

import { PUBLIC_PHRASE } from "../../../scripts/devnet/accounts.ts";
import type { BookedMarket } from "../../../src/client/address-book.ts";
import { faucetTokenAt, lensAt, marketAt } from "../../../src/client/contracts.ts";
import { isRefusal } from "../../../src/client/errors.ts";
import { encodeSwap, openLeverage } from "../../../src/client/leverage.ts";
import { send } from "../../../src/client/send.ts";
import { readMarketEvents } from "../../../src/events/read.ts";
import { changedAccount } from "../../../src/events/events.ts";
import { sortsFirst, sqrtPriceX96FromPrice } from "../../../src/protocol/uniswap-v3/price.ts";
import { effort, randomOf, timeLimit } from "../../support/effort.ts";
import { readyOf, startDevnet, until, type DevnetProcess, type Ready } from "./support/devnet-process.ts";

const ETH = 10n ** 18n;
const USD = 10n ** 6n;
const ROUNDS = effort(40, 1_500);

describe("A devnet that strangers use", function () {
  this.timeout(timeLimit(120_000));
  let folder: string;
  let devnet: DevnetProcess;
  let ready: Ready;
  let provider: JsonRpcProvider;
  let booked: BookedMarket;
  let people: readonly Signer[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "cantilever-devnet-"));
    const args = ["--port", "0", "--borrowers", "10", "--speed", "1000", "--scenario", "march-2020", "--json"];
    devnet = startDevnet(...args, "--book", join(folder, "book.json"));
    ready = await readyOf(devnet);
    provider = new JsonRpcProvider(ready.url, ready.chainId, { staticNetwork: true, cacheTimeout: -1 });
    const [market] = ready.deployment.markets;
    if (market === undefined) throw new Error("The devnet has no market.");
    booked = market;
    const parent = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(PUBLIC_PHRASE), "m/44'/60'/0'/0");
    people = [0, 1, 2, 3].map((index) => parent.deriveChild(index).connect(provider));
    for (const person of people) {
      for (const { address } of [booked.loanToken, booked.collateralToken]) {
        await send(faucetTokenAt(address, person).approve(booked.address, MaxUint256));
      }
    }
  });
  after(async () => {
    provider.destroy();
    devnet.child.kill("SIGKILL");
    await devnet.exit;
    await rm(folder, { recursive: true });
  });

  /**
   * The market's price off by a factor, as the pool counts it; once the feed has spoken after a
   * leap of time.
   */
  async function limit(factor: number): Promise<bigint> {
    const lens = lensAt(ready.deployment.contracts.lens.address, provider);
    let price = 0n;
    await until(async () => {
      ({ liquidationPrice: price } = await lens.marketView(booked.address));
      return price > 0n;
    }, devnet);
    const worst = (price * BigInt(Math.round(1_000 * factor))) / 1_000n;
    return sqrtPriceX96FromPrice(worst, sortsFirst(booked.collateralToken.address, booked.loanToken.address));
  }

  /** What the next swap has to hold to. */
  async function swap(factor: number) {
    const block = await provider.getBlock("latest");
    const deadline = BigInt((block?.timestamp ?? 0) + 3_600);
    return { poolFee: booked.pool?.fee ?? 0, sqrtPriceLimitX96: await limit(factor), deadline };
  }

  it(`lives on through ${ROUNDS} things that they do, and its books stay balanced`, async () => {
    const random = randomOf("strangers");
    const market = marketAt(booked.address, provider);
    const { swapper } = ready.deployment.contracts;
    const done = new Map<string, number>();
    let snapshot: string | undefined;

    const actions: Readonly<Record<string, (person: Signer, account: string) => Promise<unknown>>> = {
      lend: (person, account) => send(market.connect(person).deposit(1_000n * USD, account)),
      redeem: async (person, account) => {
        const shares = await market.maxRedeem(account);
        return send(market.connect(person).redeem(shares / 2n, account, account));
      },
      open: async (person) =>
        openLeverage(market, swapper.address, person, {
          collateral: 90n * ETH,
          debt: 8_000n * USD,
          maxOwnCollateral: 60n * ETH,
          ...(await swap(1.05)),
        }),
      close: async (person, account) => {
        const { poolFee, ...rest } = await swap(0.95);
        const data = encodeSwap({ fee: poolFee, exactOutput: true, ...rest });
        return send(
          market.connect(person).adjust(account, -(2n ** 255n), -(2n ** 255n), swapper.address, 0n, 0n, data),
        );
      },
      repay: (person, account) => send(market.connect(person).repay(500n * USD, account)),
      "add collateral": (person, account) => send(market.connect(person).supplyCollateral(ETH, account)),
      "let time pass": async () => {
        await provider.send("evm_increaseTime", [1 + random.nextInteger(7_200)]);
        await provider.send("evm_mine", []);
      },
      "take a snapshot": async () => {
        snapshot = (await provider.send("evm_snapshot", [])) as string;
      },
      "set the chain back": async () => {
        if (snapshot === undefined) return;
        await provider.send("evm_revert", [snapshot]);
        snapshot = undefined;
      },
      "ask for too much": async (person, account) => {
        const borrow = market.connect(person).borrow(10n ** 12n * USD, account, account, { gasLimit: 1_000_000n });
        await send(borrow).then(
          () => expect.fail("the market lent more than it has"),
          (error: unknown) => expect(isRefusal(error)).to.be.true,
        );
      },
    };
    const names = Object.keys(actions);
    for (let round = 0; round < ROUNDS; ++round) {
      const name = names[random.nextInteger(names.length)] ?? "";
      const person = people[random.nextInteger(people.length)];
      if (person === undefined) continue;
      try {
        await actions[name]?.(person, await person.getAddress());
        done.set(name, (done.get(name) ?? 0) + 1);
      } catch (error) {
        // Too small a position, no cash, sources that disagree: the market says no to a lot of what
        // people try.
        if (!isRefusal(error)) throw error;
      }
    }
    for (const name of ["lend", "add collateral", "let time pass", "ask for too much"])
      expect(done.get(name), name).to.be.above(0);

    expect(devnet.errors()).not.to.contain("stood still");
    const block = await provider.getBlockNumber();
    const events = await readMarketEvents(provider, booked.address, booked.block, block);
    const accounts = [...new Set(events.flatMap(({ event }) => changedAccount(event) ?? []))];
    const positions = await Promise.all(accounts.map((account) => market.position(account, { blockTag: block })));
    const totals = await market.totals({ blockTag: block });
    const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
    expect(sum(positions.map(({ debtShares }) => debtShares))).to.equal(totals.debtShares);
    expect(sum(positions.map(({ collateral }) => collateral))).to.equal(totals.collateral);
  });

  it("has a price to open at again, once its world has gone on for a while", async () => {
    const lens = lensAt(ready.deployment.contracts.lens.address, provider);
    await until(async () => (await lens.marketView(booked.address)).openKnown, devnet);
  });
});
