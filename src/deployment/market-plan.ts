import { Interface } from "ethers";

import poolArtifact from "@uniswap/v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json" with { type: "json" };

import { abi as accessManagerAbi } from "../../abis/AccessManager.ts";
import { abi as marketFactoryAbi } from "../../abis/MarketFactory.ts";
import { abi as tokenAbi } from "../../abis/FaucetToken.ts";
import type { BookedDeployment } from "../client/address-book.ts";
import { poolAddress } from "../client/uniswap-v3-pool.ts";
import { toAddress, type Address } from "../protocol/address.ts";
import { agree } from "../protocol/guard-rules.ts";
import { nestParameters } from "../protocol/parameters.ts";
import { priceFromSqrtPriceX96, sortsFirst } from "../protocol/uniswap-v3/price.ts";
import { addFeed, priceCheck, priceOfFeeds } from "./assets.ts";
import { marketAddressOf, type Artifacts } from "./cantilever.ts";
import { saltOf } from "./create2.ts";
import { addGuard, addSecondary } from "./guard.ts";
import type { ChainToken, NewMarketParameters } from "./market-file.ts";
import type { Node } from "./node.ts";
import { Steps, type Check, type Plan } from "./plan.ts";
import { leastLiquidity } from "./pool.ts";

/** Addresses of the contracts of a further market, existing or planned. */
export interface MarketAddresses {
  readonly market: Address;
  readonly guard: Address;
  readonly primary: Address;
  readonly secondary: Address;
  readonly pool: Address;
}

/** A plan of a further market. */
export interface MarketPlan extends Plan {
  readonly parameters: NewMarketParameters;
  readonly addresses: MarketAddresses;
}

const accessManager = new Interface(accessManagerAbi);
const factoryInterface = new Interface(marketFactoryAbi);
const tokenInterface = new Interface(tokenAbi);
const poolInterface = new Interface(poolArtifact.abi);

/**
 * Plans a further market of a deployment, with its own guard over existing feeds and an existing
 * pool.
 * @param creator sends the transactions and must be allowed to create markets.
 */
export function planMarket(
  parameters: NewMarketParameters,
  artifacts: Artifacts,
  creator: Address,
  deployment: BookedDeployment,
): MarketPlan {
  const { contracts } = deployment;
  const { market } = parameters;
  // Markets of a deployment have distinct symbols.
  const name = `${deployment.name}/${market.symbol}`;
  const steps = new Steps(creator, name);
  const checks: Check[] = [];
  const loanToken = parameters.loanToken.address;
  const collateralToken = parameters.collateralToken.address;
  checks.push(tokenCheck("loanToken", parameters.loanToken), tokenCheck("collateralToken", parameters.collateralToken));
  const baseFeed = addFeed(steps, checks, "BaseFeed", artifacts.SettableFeed, parameters.baseFeed, creator).address;
  const quoteFeed = addFeed(steps, checks, "QuoteFeed", artifacts.SettableFeed, parameters.quoteFeed, creator).address;

  const primary = steps.contract({
    id: "ChainlinkOracle",
    title: "the oracle over both feeds",
    artifact: artifacts.ChainlinkOracle,
    args: [loanToken, collateralToken, baseFeed, parameters.baseFeed.maxAge, quoteFeed, parameters.quoteFeed.maxAge],
    usualGas: 360_000n,
  });
  const pool = toAddress(
    poolAddress(contracts.uniswapFactory.address, loanToken, collateralToken, parameters.pool.fee),
  );
  const secondary = addSecondary(
    steps,
    artifacts.UniswapV3TwapOracle,
    parameters,
    { loanToken, collateralToken, pool },
    [],
  );
  const guard = addGuard(
    steps,
    artifacts.OracleGuard,
    parameters,
    {
      primary,
      secondary,
      authority: contracts.accessManager.address,
      untilServed: (node) => untilServed(node, pool, parameters.guard.window),
    },
    ["ChainlinkOracle"],
  );

  const factory = contracts.factory.address;
  const params = {
    loanToken,
    collateralToken,
    oracle: guard,
    authority: contracts.marketAuthority.address,
    name: market.name,
    symbol: market.symbol,
    ...nestParameters(market.values),
  };
  const salt = saltOf(creator, name, "Market");
  const marketAddress = marketAddressOf(factory, artifacts.LeverageMarket, params, salt);
  steps.contracts.push({ id: "Market", address: marketAddress, artifact: artifacts.LeverageMarket, args: [params] });
  const hasMarket = (node: Node): Promise<boolean> => node.hasCode(marketAddress);
  checks.push(
    creatorCheck(creator, deployment, hasMarket),
    symbolCheck(market.symbol, marketAddress, deployment),
    priceCheck(parameters, { baseFeed, quoteFeed }, hasMarket),
    poolCheck(parameters, pool, { baseFeed, quoteFeed }, hasMarket),
  );
  steps.add({
    id: "Market",
    title: `the market ${market.name} at ${marketAddress}`,
    after: ["OracleGuard"],
    usualGas: 5_460_000n,
    async missing(node) {
      if (await hasMarket(node)) return undefined;
      const args = [params, salt, market.expectedPrice];
      return { to: factory, data: factoryInterface.encodeFunctionData("createMarket", args) };
    },
  });
  return {
    chainId: parameters.chainId,
    name,
    deployer: creator,
    parameters,
    steps: steps.list,
    contracts: steps.contracts,
    checks,
    addresses: { market: marketAddress, guard, primary, secondary, pool },
    // The addresses are derived from the parameters. Other parameters would create another market,
    // which the check of the symbol refuses.
    refuseOther: () => Promise.resolve(),
    deployerMay: [],
  };
}

/** Seconds until the pool's oldest observation is at least a window old. */
async function untilServed(node: Node, pool: Address, window: bigint): Promise<bigint> {
  const read = async (name: string, args: readonly unknown[] = []) =>
    (await node.answer(pool, poolInterface, name, args)) ?? [];
  const [, , index, cardinality] = (await read("slot0")) as readonly bigint[];
  if (index === undefined || cardinality === undefined || cardinality === 0n) return window;
  const next = await read("observations", [(index + 1n) % cardinality]);
  const [oldest] = (next[3] === true ? next : await read("observations", [0n])) as readonly bigint[];
  const left = (oldest ?? 0n) + window - (await node.time());
  return left > 0n ? left : 0n;
}

function tokenCheck(path: string, { address, symbol, decimals }: ChainToken): Check {
  return {
    title: `${path} ${address} is ${symbol}`,
    async problem(node) {
      if (!(await node.hasCode(address))) return "there is no contract at this address";
      const [said] = (await node.answer(address, tokenInterface, "symbol")) ?? [];
      const [digits] = (await node.answer(address, tokenInterface, "decimals")) ?? [];
      if (said === undefined || digits === undefined) return "the contract at this address is not a token";
      if (said !== symbol) return `its symbol is ${JSON.stringify(said)}`;
      return digits === BigInt(decimals) ? undefined : `it has ${digits as bigint} decimals instead of ${decimals}`;
    },
  };
}

function creatorCheck(
  creator: Address,
  { contracts }: BookedDeployment,
  isPast: (node: Node) => Promise<boolean>,
): Check {
  return {
    title: `${creator} may create markets`,
    advice: "Use an account that holds the role of market creator, or ask the admin for the role.",
    async problem(node) {
      if (await isPast(node)) return undefined;
      const { selector } = factoryInterface.getFunction("createMarket") ?? { selector: "" };
      const args = [creator, contracts.factory.address, selector];
      const [immediate, delay] = await node.view(contracts.accessManager.address, accessManager, "canCall", args);
      if (immediate === true) return undefined;
      return delay === 0n
        ? "it does not hold the role of market creator"
        : "its role has a delay, which this command does not support";
    },
  };
}

function symbolCheck(symbol: string, market: Address, { name, markets }: BookedDeployment): Check {
  return {
    title: `no other market has the symbol ${symbol}`,
    advice: "Choose another symbol. With unchanged parameters, the same command changes nothing.",
    problem() {
      const other = markets.find((one) => one.symbol === symbol && one.address !== market);
      return Promise.resolve(
        other === undefined
          ? undefined
          : `the market at ${other.address} of the deployment ${JSON.stringify(name)} has it`,
      );
    },
  };
}

/** Whether the pool can be a source of the guard. */
function poolCheck(
  parameters: NewMarketParameters,
  pool: Address,
  feeds: { readonly baseFeed: Address; readonly quoteFeed: Address },
  isPast: (node: Node) => Promise<boolean>,
): Check {
  return {
    title: `the pool ${pool} is at the feeds' price and has the liquidity of pool.collateral`,
    advice: "Create the pool, trade it to the feeds' price, add liquidity, or correct the parameters.",
    async problem(node) {
      if (await isPast(node)) return undefined;
      const [sqrtPriceX96] = (await node.answer(pool, poolInterface, "slot0")) ?? [];
      if (typeof sqrtPriceX96 !== "bigint") return "there is no pool of the tokens with this fee";
      if (sqrtPriceX96 === 0n) return "it has no price yet";
      const expected = await priceOfFeeds(node, parameters, feeds);
      if (expected === undefined) return "the feeds give no price";
      const isToken0 = sortsFirst(parameters.collateralToken.address, parameters.loanToken.address);
      const found = priceFromSqrtPriceX96(sqrtPriceX96, isToken0);
      if (!agree(found, expected, parameters.guard.maxDeviation)) {
        return `its price is ${Number((found * 10_000n) / expected) / 10_000} times the feeds' price`;
      }
      const [liquidity] = (await node.answer(pool, poolInterface, "liquidity")) as readonly [bigint];
      const least = leastLiquidity(parameters);
      return liquidity >= least ? undefined : `its active liquidity is ${liquidity}, less than ${least}`;
    },
  };
}
