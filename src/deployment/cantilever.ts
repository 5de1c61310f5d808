import { getCreate2Address, Interface, keccak256 } from "ethers";

import { abi as marketFactoryAbi } from "../../abis/MarketFactory.ts";
import { toAddress, type Address } from "../protocol/address.ts";
import { nestParameters } from "../protocol/parameters.ts";
import { addFeed, addFirstAnswer, addToken, addUniswap, priceCheck } from "./assets.ts";
import { saltOf } from "./create2.ts";
import { ParameterError } from "./errors.ts";
import { addGuard, addSecondary } from "./guard.ts";
import type { Node } from "./node.ts";
import { problemOf, type DeploymentParameters } from "./parameters.ts";
import { creationCode, Steps, type Artifact, type Check, type Plan } from "./plan.ts";
import { addMarketStock, addPool, stockOf, untilWindow } from "./pool.ts";
import { missingRoles, refuseOther, roleGoals } from "./roles.ts";

/** The compiled contracts that a deployment uses. */
export type Artifacts = Readonly<
  Record<
    | "AccessManager"
    | "ChainlinkOracle"
    | "FaucetToken"
    | "FlashLiquidator"
    | "LeverageMarket"
    | "MarketAuthority"
    | "MarketFactory"
    | "MarketLens"
    | "OracleGuard"
    | "SettableFeed"
    | "TestLiquidity"
    | "UniswapV3Swapper"
    | "UniswapV3TwapOracle",
    Artifact
  >
>;

/** Addresses of all contracts of a deployment, existing or planned. */
export interface CantileverAddresses {
  readonly accessManager: Address;
  readonly factory: Address;
  /** The authority of all markets of the factory. */
  readonly marketAuthority: Address;
  readonly market: Address;
  readonly lens: Address;
  readonly swapper: Address;
  readonly flashLiquidator: Address;
  /** The market's oracle. */
  readonly guard: Address;
  /** The guard's primary source: an oracle over both feeds. */
  readonly primary: Address;
  /** The guard's secondary source: the mean price of the pool. */
  readonly secondary: Address;
  readonly pool: Address;
  /** Holds the initial liquidity of the pool and the market permanently. */
  readonly liquidity: Address;
  readonly loanToken: Address;
  readonly collateralToken: Address;
  readonly baseFeed: Address;
  readonly quoteFeed: Address;
  readonly uniswapFactory: Address;
}

/** A plan of a whole deployment. */
export interface CantileverPlan extends Plan {
  readonly parameters: DeploymentParameters;
  readonly addresses: CantileverAddresses;
}

const factoryInterface = new Interface(marketFactoryAbi);

/**
 * Plans a deployment, in this order: tokens, feeds and Uniswap, unless existing ones are used; the
 * authority and the factory; a pool at the feeds' price, with liquidity; a guard over feeds and
 * pool, once the pool has observations over a whole window; the first market, on the guard, with
 * assets to borrow; and all roles in the last transaction, after which the deployer holds none.
 * @param name of the deployment. Under another name, the same parameters can be deployed a second
 * time.
 * @throws ParameterError for parameters that must not be deployed.
 */
export function planCantilever(
  parameters: DeploymentParameters,
  artifacts: Artifacts,
  deployer: Address,
  name: string,
): CantileverPlan {
  const found = problemOf(parameters, deployer);
  if (found !== undefined) throw new ParameterError("The parameters", found.parameter, found.problem, found.advice);
  const { market, roles } = parameters;
  const steps = new Steps(deployer, name);
  const checks: Check[] = [];
  const hasGuard = (node: Node): Promise<boolean> => node.hasCode(guard);
  const hasMarket = (node: Node): Promise<boolean> => node.hasCode(marketAddress);

  const liquidity = steps.contract({
    id: "TestLiquidity",
    title: "the permanent holder of the initial liquidity of pool and market",
    artifact: artifacts.TestLiquidity,
    args: [deployer],
    usualGas: 900_000n,
  });
  const stock = stockOf(parameters);
  const loanToken = addToken(steps, "LoanToken", artifacts.FaucetToken, parameters.loanToken, {
    holder: liquidity,
    stock: stock.loan,
  });
  const collateralToken = addToken(steps, "CollateralToken", artifacts.FaucetToken, parameters.collateralToken, {
    holder: liquidity,
    stock: stock.collateral,
  });

  const authority = steps.contract({
    id: "AccessManager",
    title: "the authority over all restricted functions",
    artifact: artifacts.AccessManager,
    args: [deployer],
    usualGas: 2_110_000n,
  });
  const factory = steps.contract({
    id: "MarketFactory",
    title: "the factory of markets",
    artifact: artifacts.MarketFactory,
    args: [authority],
    usualGas: 7_450_000n,
  });
  const marketAuthority = steps.contract({
    id: "MarketAuthority",
    title: "the authority of all markets, which forwards to the AccessManager",
    artifact: artifacts.MarketAuthority,
    args: [authority, factory],
    after: ["AccessManager", "MarketFactory"],
    usualGas: 420_000n,
  });

  const baseFeed = addFeed(steps, checks, "BaseFeed", artifacts.SettableFeed, parameters.baseFeed, deployer);
  const quoteFeed = addFeed(steps, checks, "QuoteFeed", artifacts.SettableFeed, parameters.quoteFeed, deployer);
  addFirstAnswer(steps, "BaseFeed", baseFeed, hasMarket);
  addFirstAnswer(steps, "QuoteFeed", quoteFeed, hasMarket);
  const answers = [...baseFeed.ready, ...quoteFeed.ready];

  const uniswapFactory = addUniswap(steps, checks, parameters.uniswapFactory);
  const swapper = steps.contract({
    id: "UniswapV3Swapper",
    title: "the swapper that opens and closes leverage in one call",
    artifact: artifacts.UniswapV3Swapper,
    args: [uniswapFactory],
    usualGas: 555_000n,
  });
  const flashLiquidator = steps.contract({
    id: "FlashLiquidator",
    title: "the keeper's liquidator",
    artifact: artifacts.FlashLiquidator,
    args: [uniswapFactory, roles.keeper],
    usualGas: 880_000n,
  });
  const lens = steps.contract({
    id: "MarketLens",
    title: "the read-only views of markets and positions",
    artifact: artifacts.MarketLens,
    args: [],
    usualGas: 1_480_000n,
  });

  const primary = steps.contract({
    id: "ChainlinkOracle",
    title: "the oracle over both feeds",
    artifact: artifacts.ChainlinkOracle,
    args: [
      loanToken,
      collateralToken,
      baseFeed.address,
      parameters.baseFeed.maxAge,
      quoteFeed.address,
      parameters.quoteFeed.maxAge,
    ],
    after: [
      "LoanToken",
      "CollateralToken",
      ...(baseFeed.isOwn ? ["BaseFeed"] : []),
      ...(quoteFeed.isOwn ? ["QuoteFeed"] : []),
    ],
    usualGas: 360_000n,
  });
  const tokens = { loanToken, collateralToken };
  const feeds = { baseFeed: baseFeed.address, quoteFeed: quoteFeed.address };
  checks.push(priceCheck(parameters, feeds, hasMarket));
  const poolParts = { liquidity, uniswapFactory, ...tokens, ...feeds, oracle: primary };
  const pool = addPool(steps, checks, parameters, poolParts, hasGuard, [
    "TestLiquidity",
    ...(parameters.uniswapFactory === "new" ? ["UniswapV3Factory"] : []),
    "ChainlinkOracle",
    ...answers,
  ]);
  const secondary = addSecondary(steps, artifacts.UniswapV3TwapOracle, parameters, { ...tokens, pool }, ["Pool"]);
  const untilServed = (node: Node): Promise<bigint> => untilWindow(node, liquidity, parameters.guard.window);
  const guard = addGuard(steps, artifacts.OracleGuard, parameters, { primary, secondary, authority, untilServed }, [
    "AccessManager",
  ]);

  const params = {
    ...tokens,
    oracle: guard,
    authority: marketAuthority,
    name: market.name,
    symbol: market.symbol,
    ...nestParameters(market.values),
  };
  const marketSalt = saltOf(deployer, name, "Market");
  const marketAddress = marketAddressOf(factory, artifacts.LeverageMarket, params, marketSalt);
  steps.contracts.push({ id: "Market", address: marketAddress, artifact: artifacts.LeverageMarket, args: [params] });
  steps.add({
    id: "Market",
    title: `the market ${market.name} at ${marketAddress}`,
    after: ["MarketAuthority", "OracleGuard"],
    usualGas: 5_460_000n,
    async missing(node) {
      if (await hasMarket(node)) return undefined;
      const args = [params, marketSalt, market.expectedPrice];
      return { to: factory, data: factoryInterface.encodeFunctionData("createMarket", args) };
    },
  });
  addMarketStock(steps, parameters, liquidity, marketAddress);

  const goals = roleGoals({ authority, factory, marketAuthority, guard }, parameters, deployer);
  steps.add({
    id: "Roles",
    title: `all roles in one transaction; ${roles.admin} becomes the admin, the deployer keeps no role`,
    after: steps.ids,
    usualGas: 400_000n,
    missing: (node) => missingRoles(node, authority, goals, deployer),
  });

  const own = [baseFeed, quoteFeed].filter(({ isOwn }) => isOwn);
  return {
    chainId: parameters.chainId,
    name,
    deployer,
    parameters,
    steps: steps.list,
    contracts: steps.contracts,
    checks,
    addresses: {
      accessManager: authority,
      factory,
      marketAuthority,
      market: marketAddress,
      lens,
      swapper,
      flashLiquidator,
      guard,
      primary,
      secondary,
      pool,
      liquidity,
      ...tokens,
      ...feeds,
      uniswapFactory,
    },
    refuseOther: (node, missing) => refuseOther(node, missing, { name, deployer, authority, factory, goals }),
    deployerMay: own.map(
      ({ parameters: { description }, address }) => `set any answer of the feed ${description} (${address})`,
    ),
  };
}

/** The address at which the factory creates a market; equals `MarketFactory.marketAddress`. */
export function marketAddressOf(factory: Address, artifact: Artifact, params: object, salt: string): Address {
  return toAddress(getCreate2Address(factory, salt, keccak256(creationCode(artifact, [params]))));
}
