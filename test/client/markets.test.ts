import { expect } from "chai";
import { network } from "hardhat";

import type { AddressBook, BookedDeployment, BookedMarket } from "../../src/client/address-book.ts";
import { AmbiguousMarketError, MarketNotFoundError, WrongChainError } from "../../src/client/errors.ts";
import { checkChain, findMarket, marketsOf, readMarkets, type Market } from "../../src/client/markets.ts";
import { accountOf } from "../support/accounts.ts";
import { deployTradedMarket, TRADED_KINDS, type TradedMarket } from "../support/traded-market.ts";

const { ethers } = await network.create();

/** A market of a book; the number tells it from others. */
function booked(number: number, symbol: string, name: string): BookedMarket {
  return {
    address: accountOf(number),
    block: number,
    name,
    symbol,
    loanToken: { address: accountOf(1), symbol: "USDC", decimals: 6, faucet: true },
    collateralToken: { address: accountOf(2), symbol: "WETH", decimals: 18, faucet: false },
    oracle: accountOf(3),
    guard: { address: accountOf(3), primary: accountOf(4), secondary: accountOf(5) },
    feeds: undefined,
    pool: { address: accountOf(6), fee: 500 },
    parameters: {},
  };
}

function bookOf(...markets: readonly BookedMarket[]): AddressBook {
  const placed = (number: number) => ({ address: accountOf(number), block: number });
  const contracts: BookedDeployment["contracts"] = {
    accessManager: placed(20),
    marketAuthority: placed(21),
    factory: placed(22),
    lens: placed(23),
    swapper: placed(24),
    flashLiquidator: placed(25),
    uniswapFactory: placed(26),
  };
  const deployment = { name: "main", deployer: accountOf(9), commit: undefined, contracts, markets };
  return { chainId: 31_337n, deployments: [deployment] };
}

describe("markets of an address book", () => {
  const one = booked(10, "clUSDC-WETH", "Cantilever USDC/WETH");
  const two = booked(11, "clUSDC-WBTC", "Cantilever USDC/WBTC");
  const markets = marketsOf(bookOf(one, two));

  it("come with the contracts that they are used through", () => {
    expect(markets[0]).to.deep.include({
      address: one.address,
      chainId: 31_337n,
      guard: accountOf(3),
      swapper: accountOf(24),
      flashLiquidator: accountOf(25),
      factory: accountOf(22),
    });
  });

  it("are found by symbol, name or address, in any case", () => {
    for (const asked of [
      "clUSDC-WETH",
      " clusdc-weth",
      "Cantilever USDC/WETH",
      one.address,
      one.address.toUpperCase().replace("0X", "0x"),
    ]) {
      expect(findMarket(markets, asked).address, asked).to.equal(one.address);
    }
  });

  it("are told where none is called that", () => {
    expect(() => findMarket(markets, "WETH")).to.throw(
      MarketNotFoundError,
      'There is no market "WETH". There are clUSDC-WETH, clUSDC-WBTC. Name a market by its symbol',
    );
    expect(() => findMarket([], "WETH")).to.throw(MarketNotFoundError, "There is none here at all");
  });

  it("are told apart by their addresses where two are called that", () => {
    const twins = marketsOf(bookOf(one, { ...two, symbol: one.symbol }));
    expect(() => findMarket(twins, one.symbol)).to.throw(
      AmbiguousMarketError,
      `2 markets are called "clUSDC-WETH". Name the one that is meant by its address: ${one.address}, ${two.address}.`,
    );
    expect(findMarket(twins, two.address).address).to.equal(two.address);
  });

  it("are of one chain", async () => {
    await checkChain(ethers.provider, 31_337n);
    const failure: unknown = await checkChain(ethers.provider, 1n).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(WrongChainError);
    expect((failure as Error).message).to.contain("of the chain 1, and the node is on the chain 31337");
  });
});

describe("markets of a factory", () => {
  let env: TradedMarket;
  let markets: readonly Market[];
  before(async () => {
    const [kind] = TRADED_KINDS;
    if (!kind) throw new Error("There is no kind of market.");
    env = await deployTradedMarket(await ethers.getSigners(), { ...kind, guarded: true });
    const { factory, swapper } = env.market;
    if (swapper === undefined) throw new Error("There is no swapper.");
    markets = await readMarkets(env.provider, { factory, swapper, block: 0, uniswapFactory: env.uniswap });
  });

  it("are found by its events, with their tokens, guard and deepest pool", () => {
    expect(markets).to.deep.equal([env.market]);
  });

  it("are none where it has created none", async () => {
    const factory = accountOf(77);
    expect(await readMarkets(env.provider, { factory, block: 0 })).to.deep.equal([]);
  });
});
