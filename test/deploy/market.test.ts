import { expect } from "chai";
import type { Result } from "ethers";
import { network } from "hardhat";

import Local from "../../deploy/modules/local.ts";
import SettableFeeds from "../../deploy/modules/settable-feeds.ts";
import Testnet from "../../deploy/modules/testnet.ts";
import Uniswap from "../../deploy/modules/uniswap.ts";
import {
  ChainlinkOracle__factory,
  FlashLiquidator__factory,
  LeverageMarket__factory,
  MarketFactory__factory,
  UniswapV3Swapper__factory,
} from "../../types/index.ts";
import { parametersOf } from "./support/parameters.ts";

describe("the first market of a deployment", () => {
  it("has the limits of local.json, its own tokens and an oracle over both feeds", async () => {
    const { ethers, ignition } = await network.create();
    const parameters = await parametersOf("local");
    const contracts = await ignition.deploy(Local, { parameters });
    const address = (name: keyof typeof contracts): Promise<string> => contracts[name].getAddress();
    const market = LeverageMarket__factory.connect(await address("market"), ethers.provider);
    const factory = MarketFactory__factory.connect(await address("factory"), ethers.provider);
    const file = parameters.Market ?? {};

    expect(await factory.isMarket(market)).to.be.true;
    expect(await factory.marketCount()).to.equal(1n);
    expect(await market.asset()).to.equal(await address("loanToken"));
    expect(await market.collateralToken()).to.equal(await address("collateralToken"));
    expect(await market.authority()).to.equal(await address("marketAuthority"));
    expect(await market.name()).to.equal(file.name);
    expect(await market.symbol()).to.equal(file.symbol);
    for (const values of [await market.limits(), await market.config()] as unknown as Result[]) {
      for (const [name, value] of Object.entries(values.toObject() as Record<string, bigint>)) {
        expect(value, name).to.equal(BigInt(file[name] as bigint | number));
      }
    }

    const oracle = ChainlinkOracle__factory.connect(await market.oracle(), ethers.provider);
    expect(await oracle.baseFeed()).to.equal(await address("baseFeed"));
    expect(await oracle.quoteFeed()).to.equal(await address("quoteFeed"));
    expect(await oracle.baseMaxAge()).to.equal(BigInt(file.baseMaxAge as number));
    expect(await oracle.quoteMaxAge()).to.equal(BigInt(file.quoteMaxAge as number));
    expect(await oracle.prices()).to.deep.equal([file.expectedPrice, file.expectedPrice]);
  });

  it("comes with a swapper and a keeper's liquidator for the same Uniswap", async () => {
    const { ethers, ignition } = await network.create();
    const parameters = await parametersOf("local");
    const contracts = await ignition.deploy(Local, { parameters });
    const uniswap = await contracts.uniswapFactory.getAddress();
    const swapper = UniswapV3Swapper__factory.connect(await contracts.swapper.getAddress(), ethers.provider);
    const liquidator = FlashLiquidator__factory.connect(await contracts.flashLiquidator.getAddress(), ethers.provider);
    expect(await swapper.uniswapFactory()).to.equal(uniswap);
    expect(await liquidator.uniswapFactory()).to.equal(uniswap);
    expect(await liquidator.owner()).to.equal(parameters.Periphery?.keeper);
  });

  it("can be made of testnet.json, on a chain that has feeds and Uniswap", async () => {
    const { ethers, ignition } = await network.create();
    const [, admin, guardian, riskManager, keeper] = await ethers.getSigners();
    if (!admin || !guardian || !riskManager || !keeper) throw new Error("Too few accounts.");
    const feeds = await ignition.deploy(SettableFeeds, {
      parameters: { SettableFeeds: { collateralPrice: 2_500n * 10n ** 8n, loanPrice: 10n ** 8n } },
    });
    const { uniswapFactory } = await ignition.deploy(Uniswap);
    const parameters = await parametersOf("testnet", {
      $global: { admin: admin.address },
      Governance: { guardian: guardian.address, riskManager: riskManager.address },
      Handover: { marketCreator: riskManager.address },
      TestnetAssets: {
        baseFeed: await feeds.baseFeed.getAddress(),
        quoteFeed: await feeds.quoteFeed.getAddress(),
      },
      ExistingUniswap: { factory: await uniswapFactory.getAddress() },
      Periphery: { keeper: keeper.address },
    });
    const contracts = await ignition.deploy(Testnet, { parameters });
    const market = LeverageMarket__factory.connect(await contracts.market.getAddress(), ethers.provider);
    expect((await market.limits()).debtCap).to.equal(parameters.Market?.debtCap);
    const swapper = UniswapV3Swapper__factory.connect(await contracts.swapper.getAddress(), ethers.provider);
    expect(await swapper.uniswapFactory()).to.equal(await uniswapFactory.getAddress());
  });

  it("refuses testnet.json as it is, since it names no accounts", async () => {
    const { ignition } = await network.create();
    let message = "";
    try {
      await ignition.deploy(Testnet, { parameters: await parametersOf("testnet") });
    } catch (error) {
      message = String(error);
    }
    expect(message).to.contain("put the admin's address here");
  });
});
