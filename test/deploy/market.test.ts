import { readFile } from "node:fs/promises";

import { expect } from "chai";
import type { Result } from "ethers";
import { network } from "hardhat";

import { parametersOf } from "../../deploy/networks.ts";
import { flattenParameters } from "../../src/protocol/parameters.ts";
import { toAddress, type Address } from "../../src/protocol/address.ts";
import { parseParameters } from "../../src/deployment/parameter-file.ts";
import type { DeploymentParameters } from "../../src/deployment/parameters.ts";
import {
  ChainlinkOracle__factory,
  FlashLiquidator__factory,
  LeverageMarket__factory,
  MarketFactory__factory,
  OracleGuard__factory,
  UniswapV3Swapper__factory,
  UniswapV3TwapOracle__factory,
} from "../../types/index.ts";
import { deployOn, localParameters, planOf } from "./support/deploy.ts";

const plain = (struct: unknown): Record<string, bigint> => (struct as Result).toObject() as Record<string, bigint>;

const GUARD_NUMBERS = [
  "maxDeviation",
  "maxRisePerHour",
  "maxFallPerHour",
  "gracePeriod",
  "sourceGas",
  "replacementDelay",
] as const;

describe("the first market of a deployment", () => {
  it("has the limits of local.yaml, the deployed tokens, and a guard over the feeds and the pool", async () => {
    const connection = await network.create();
    const { provider } = connection.ethers;
    const { addresses } = await deployOn(connection);
    const market = LeverageMarket__factory.connect(addresses.market, provider);
    const factory = MarketFactory__factory.connect(addresses.factory, provider);
    const file = await localParameters();

    expect(await factory.isMarket(market)).to.be.true;
    expect(await factory.marketCount()).to.equal(1n);
    expect(toAddress(await market.asset())).to.equal(addresses.loanToken);
    expect(toAddress(await market.collateralToken())).to.equal(addresses.collateralToken);
    expect(toAddress(await market.authority())).to.equal(addresses.marketAuthority);
    expect(await market.name()).to.equal(file.market.name);
    expect(await market.symbol()).to.equal(file.market.symbol);
    const values = { limits: plain(await market.limits()), config: plain(await market.config()) };
    expect(flattenParameters(values as unknown as Parameters<typeof flattenParameters>[0])).to.deep.equal(
      file.market.values,
    );

    const guard = OracleGuard__factory.connect(await market.oracle(), provider);
    for (const name of GUARD_NUMBERS) expect(await guard[name](), name).to.equal(file.guard[name]);
    expect(toAddress(await guard.authority())).to.equal(addresses.accessManager);
    const [primary] = await guard.sourceOf(0n);
    const oracle = ChainlinkOracle__factory.connect(primary, provider);
    expect(toAddress(await oracle.baseFeed())).to.equal(addresses.baseFeed);
    expect(toAddress(await oracle.quoteFeed())).to.equal(addresses.quoteFeed);
    expect(await oracle.baseMaxAge()).to.equal(file.baseFeed.maxAge);
    expect(await oracle.quoteMaxAge()).to.equal(file.quoteFeed.maxAge);
    const price = file.market.expectedPrice;
    expect(await oracle.prices()).to.deep.equal([price, price]);
    const [secondary] = await guard.sourceOf(1n);
    const twap = UniswapV3TwapOracle__factory.connect(secondary, provider);
    expect(toAddress(await twap.pool())).to.equal(addresses.pool);
    expect(await twap.window()).to.equal(file.guard.window);
    const [open, liquidation] = await guard.prices();
    expect(liquidation).to.equal(price);
    expect(open).to.be.within(price - price / 10_000n, price);
  });

  it("is deployed with a swapper and a keeper's liquidator for the same Uniswap", async () => {
    const connection = await network.create();
    const { provider } = connection.ethers;
    const { addresses } = await deployOn(connection);
    const swapper = UniswapV3Swapper__factory.connect(addresses.swapper, provider);
    const liquidator = FlashLiquidator__factory.connect(addresses.flashLiquidator, provider);
    expect(toAddress(await swapper.uniswapFactory())).to.equal(addresses.uniswapFactory);
    expect(toAddress(await liquidator.uniswapFactory())).to.equal(addresses.uniswapFactory);
    expect(toAddress(await liquidator.owner())).to.equal((await localParameters()).roles.keeper);
  });
});

describe("a deployment on existing feeds and Uniswap", () => {
  /** The parameters of local.yaml with the feeds and the Uniswap of an earlier deployment. */
  async function chainWithAssets() {
    const connection = await network.create();
    const { addresses } = await deployOn(connection);
    const local = await localParameters();
    const parameters: DeploymentParameters = {
      ...local,
      baseFeed: { ...local.baseFeed, source: { address: addresses.baseFeed } },
      quoteFeed: { ...local.quoteFeed, source: { address: addresses.quoteFeed } },
      uniswapFactory: addresses.uniswapFactory,
    };
    return { connection, addresses, parameters };
  }

  it("uses the existing feeds and Uniswap", async () => {
    const { connection, addresses, parameters } = await chainWithAssets();
    const second = await deployOn(connection, parameters, "second");
    expect(second.addresses.market).not.to.equal(addresses.market);
    const market = LeverageMarket__factory.connect(second.addresses.market, connection.ethers.provider);
    const oracle = ChainlinkOracle__factory.connect(second.addresses.primary, connection.ethers.provider);
    expect(toAddress(await market.oracle())).to.equal(second.addresses.guard);
    expect(toAddress(await oracle.baseFeed())).to.equal(addresses.baseFeed);
    expect(second.deployerMay).to.be.empty;
  });

  const wrong: readonly (readonly [
    string,
    (parameters: DeploymentParameters, other: Address) => DeploymentParameters,
    string,
  ])[] = [
    [
      "a feed of another pair",
      (parameters) => ({ ...parameters, baseFeed: { ...parameters.baseFeed, description: "BTC / USD" } }),
      'its description is "ETH / USD"',
    ],
    [
      "a feed with other decimals",
      (parameters) => ({ ...parameters, quoteFeed: { ...parameters.quoteFeed, decimals: 18 } }),
      "it has 8 decimals instead of 18",
    ],
    [
      "a feed address with another contract",
      (parameters, other) => ({ ...parameters, baseFeed: { ...parameters.baseFeed, source: { address: other } } }),
      "the contract at this address is not a feed",
    ],
    [
      "a missing feed",
      (parameters) => ({
        ...parameters,
        baseFeed: { ...parameters.baseFeed, source: { address: parameters.roles.admin } },
      }),
      "there is no contract at this address",
    ],
    [
      "an invalid Uniswap factory",
      (parameters, other) => ({ ...parameters, uniswapFactory: other }),
      "it does not have the fee tier 500",
    ],
  ];
  for (const [what, change, problem] of wrong) {
    it(`rejects ${what} before anything is sent`, async () => {
      const { connection, addresses, parameters } = await chainWithAssets();
      await expectRefusal(connection, change(parameters, addresses.factory), problem);
    });
  }

  it("rejects a stale feed before anything is sent", async () => {
    const { connection, parameters } = await chainWithAssets();
    await connection.networkHelpers.time.increase(76 * 60);
    await expectRefusal(connection, parameters, "its answer is older than 4500 seconds");
  });
});

async function expectRefusal(
  connection: Awaited<ReturnType<typeof network.create>>,
  parameters: DeploymentParameters,
  problem: string,
): Promise<void> {
  const sent = await connection.ethers.provider.getBlockNumber();
  let message = "";
  try {
    await deployOn(connection, parameters, "second");
  } catch (error) {
    message = String(error);
  }
  expect(message).to.contain(problem);
  expect(await connection.ethers.provider.getBlockNumber()).to.equal(sent);
}

for (const [name, chainId] of [
  ["sepolia", 11_155_111n],
  ["base-sepolia", 84_532n],
  ["arbitrum-sepolia", 421_614n],
] as const) {
  describe(`deploy/parameters/${name}.yaml`, () => {
    it("is rejected unchanged, because it contains no accounts", async () => {
      let message = "";
      try {
        await parametersOf(name);
      } catch (error) {
        message = String(error);
      }
      expect(message).to.contain(`${name}.yaml, line 6: roles.admin can't be read`);
      expect(message).to.contain("put the admin's address here");
    });

    it("makes a plan with accounts filled in, on feeds and Uniswap of its chain", async () => {
      const file = new URL(`../../deploy/parameters/${name}.yaml`, import.meta.url);
      const { roles } = await localParameters();
      const text = (await readFile(file, "utf8")).replaceAll(
        /^( {2}(\w+): )put the .*$/gmu,
        (_, key: string, role: string) => {
          return `${key}"${String(roles[role as keyof typeof roles])}"`;
        },
      );
      const { parameters } = parseParameters(text, name);
      expect(parameters.chainId).to.equal(chainId);
      const { addresses, steps, deployerMay } = await planOf(parameters);
      expect(parameters.baseFeed.source).to.deep.equal({ address: addresses.baseFeed });
      expect(parameters.uniswapFactory).to.equal(addresses.uniswapFactory);
      for (const id of ["BaseFeed", "QuoteFeed", "UniswapV3Factory"])
        expect(steps.map((step) => step.id)).not.to.include(id);
      expect(deployerMay).to.be.empty;
      // One call of the faucet is enough for ten ether of equity. A day of the faucet brings the
      // pool to a feed that has moved by two fifths: by `cantilever align`, for anyone.
      const { pool, market, collateralToken, loanToken } = parameters;
      expect(collateralToken.perDay >= (pool.collateral * 3n) / 10n).to.be.true;
      const loanInPool = (pool.collateral * market.expectedPrice) / 10n ** 36n;
      expect(loanToken.perDay >= loanInPool / 5n).to.be.true;
    });
  });
}
