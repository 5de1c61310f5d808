import { getCreate2Address, Interface, keccak256 } from "ethers";

import uniswapFactoryArtifact from "@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json" with { type: "json" };

import { abi as feedAbi } from "../../abis/AggregatorV3Interface.ts";
import { abi as marketFactoryAbi } from "../../abis/MarketFactory.ts";
import { abi as settableFeedAbi } from "../../abis/SettableFeed.ts";
import { toAddress, type Address } from "../protocol/address.ts";
import { nestParameters } from "../protocol/parameters.ts";
import { saltOf } from "./create2.ts";
import { NodeError, ParameterError } from "./errors.ts";
import type { Node } from "./node.ts";
import { problemOf, type DeploymentParameters, type FeedParameters } from "./parameters.ts";
import { creationCode, Steps, type Artifact, type Check, type Plan } from "./plan.ts";
import { missingRoles, refuseOther, roleGoals } from "./roles.ts";

/** The compiled contracts that a deployment takes. */
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
    | "SettableFeed"
    | "UniswapV3Swapper",
    Artifact
  >
>;

/** Where everything is, or will be. */
export interface CantileverAddresses {
  readonly accessManager: Address;
  readonly factory: Address;
  /** The authority of all markets of the factory. */
  readonly marketAuthority: Address;
  readonly market: Address;
  readonly lens: Address;
  readonly swapper: Address;
  readonly flashLiquidator: Address;
  readonly oracle: Address;
  readonly loanToken: Address;
  readonly collateralToken: Address;
  readonly baseFeed: Address;
  readonly quoteFeed: Address;
  readonly uniswapFactory: Address;
}

export interface CantileverPlan extends Plan {
  readonly addresses: CantileverAddresses;
}

const factoryInterface = new Interface(marketFactoryAbi);
const feedInterface = new Interface(feedAbi);
const settableFeed = new Interface(settableFeedAbi);
const uniswapInterface = new Interface(uniswapFactoryArtifact.abi);

/** The results of a view, or undefined if what is there isn't the contract: it has no such view, or refuses to answer. */
async function answerOf(
  node: Node,
  to: Address,
  target: Interface,
  name: string,
  args: readonly unknown[] = [],
): Promise<readonly unknown[] | undefined> {
  try {
    return await node.view(to, target, name, args);
  } catch (error) {
    if (error instanceof NodeError) throw error;
    return undefined;
  }
}

/**
 * What is deployed, and in which order: tokens, feeds and Uniswap where the chain has none that are to be used; the
 * authority and the factory; the first market and what surrounds it; and as the last transaction all roles, after which
 * the deployer has none.
 * @param name of the deployment: the same parameters can be deployed a second time under another one.
 * @throws ParameterError for parameters with which nothing may be deployed.
 */
export function planCantilever(
  parameters: DeploymentParameters,
  artifacts: Artifacts,
  deployer: Address,
  name: string,
): CantileverPlan {
  const found = problemOf(parameters, deployer);
  if (found !== undefined) throw new ParameterError("The parameters", found.parameter, found.problem, found.advice);
  const { loanToken: loan, collateralToken: collateral, market, roles } = parameters;
  const steps = new Steps(deployer, name);
  const checks: Check[] = [];

  const token = (id: string, made: typeof loan): Address =>
    steps.contract({
      id,
      title: `${made.symbol}, a test token that anyone may mint`,
      artifact: artifacts.FaucetToken,
      args: [made.name, made.symbol, made.decimals, made.perDay],
      usualGas: 560_000n,
    });
  const loanToken = token("LoanToken", loan);
  const collateralToken = token("CollateralToken", collateral);

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
    title: "the authority of all markets, which asks the one over all restricted functions",
    artifact: artifacts.MarketAuthority,
    args: [authority, factory],
    after: ["AccessManager", "MarketFactory"],
    usualGas: 420_000n,
  });

  const feeds = { baseFeed: parameters.baseFeed, quoteFeed: parameters.quoteFeed };
  const feedAt = (id: "BaseFeed" | "QuoteFeed", feed: FeedParameters): Address => {
    if ("address" in feed.source) {
      checks.push(feedCheck(id, feed, feed.source.address));
      return feed.source.address;
    }
    return steps.contract({
      id,
      title: `a feed of ${feed.description} whose answers the deployer sets`,
      artifact: artifacts.SettableFeed,
      args: [feed.decimals, feed.description, deployer],
      usualGas: 435_000n,
    });
  };
  const baseFeed = feedAt("BaseFeed", feeds.baseFeed);
  const quoteFeed = feedAt("QuoteFeed", feeds.quoteFeed);

  const uniswapFactory = parameters.uniswapFactory === "new" ? newUniswap(steps) : parameters.uniswapFactory;
  if (parameters.uniswapFactory !== "new") checks.push(uniswapCheck(parameters.uniswapFactory));
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
    title: "the views",
    artifact: artifacts.MarketLens,
    args: [],
    usualGas: 1_480_000n,
  });

  const isOwn = (feed: FeedParameters): boolean => "firstAnswer" in feed.source;
  const oracle = steps.contract({
    id: "ChainlinkOracle",
    title: "the oracle over both feeds",
    artifact: artifacts.ChainlinkOracle,
    args: [loanToken, collateralToken, baseFeed, feeds.baseFeed.maxAge, quoteFeed, feeds.quoteFeed.maxAge],
    after: [
      "LoanToken",
      "CollateralToken",
      ...(isOwn(feeds.baseFeed) ? ["BaseFeed"] : []),
      ...(isOwn(feeds.quoteFeed) ? ["QuoteFeed"] : []),
    ],
    usualGas: 360_000n,
  });

  const params = {
    loanToken,
    collateralToken,
    oracle,
    authority: marketAuthority,
    name: market.name,
    symbol: market.symbol,
    ...nestParameters(market.values),
  };
  const marketSalt = saltOf(deployer, name, "Market");
  const marketAddress = marketAddressOf(factory, artifacts.LeverageMarket, params, marketSalt);
  steps.contracts.push({ id: "Market", address: marketAddress, artifact: artifacts.LeverageMarket, args: [params] });
  addFirstAnswer(steps, "BaseFeed", feeds.baseFeed, baseFeed, marketAddress);
  addFirstAnswer(steps, "QuoteFeed", feeds.quoteFeed, quoteFeed, marketAddress);
  steps.add({
    id: "Market",
    title: `the market ${market.name} at ${marketAddress}`,
    after: [
      "MarketFactory",
      "MarketAuthority",
      "ChainlinkOracle",
      ...(isOwn(feeds.baseFeed) ? ["BaseFeedAnswer"] : []),
      ...(isOwn(feeds.quoteFeed) ? ["QuoteFeedAnswer"] : []),
    ],
    usualGas: 5_460_000n,
    async missing(node) {
      if (await node.hasCode(marketAddress)) return undefined;
      const args = [params, marketSalt, market.expectedPrice];
      return { to: factory, data: factoryInterface.encodeFunctionData("createMarket", args) };
    },
  });

  const goals = roleGoals(authority, factory, marketAuthority, parameters, deployer);
  steps.add({
    id: "Roles",
    title: `all roles at once; ${roles.admin} becomes the admin, the deployer keeps no role`,
    after: steps.ids,
    usualGas: 335_000n,
    missing: (node) => missingRoles(node, authority, goals, deployer),
  });

  return {
    chainId: parameters.chainId,
    name,
    deployer,
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
      oracle,
      loanToken,
      collateralToken,
      baseFeed,
      quoteFeed,
      uniswapFactory,
    },
    refuseOther: (node, missing) => refuseOther(node, missing, { name, deployer, authority, factory, goals }),
    deployerMay: [
      ...(isOwn(feeds.baseFeed) ? [`set any answer of the feed ${feeds.baseFeed.description} (${baseFeed})`] : []),
      ...(isOwn(feeds.quoteFeed) ? [`set any answer of the feed ${feeds.quoteFeed.description} (${quoteFeed})`] : []),
    ],
  };
}

/** The answer of a feed of our own, with which a market can be created: once there is one, the feed is its owner's. */
function addFirstAnswer(
  steps: Steps,
  id: string,
  { description, maxAge, source }: FeedParameters,
  feed: Address,
  market: Address,
): void {
  if (!("firstAnswer" in source)) return;
  const data = settableFeed.encodeFunctionData("setAnswer", [source.firstAnswer]);
  steps.add({
    id: `${id}Answer`,
    title: `the first answer of ${description}`,
    after: [id],
    usualGas: 70_000n,
    async missing(node) {
      if ((await node.hasCode(market)) || (await isFresh(node, feed, maxAge / 2n))) return undefined;
      return { to: feed, data };
    },
  });
}

function newUniswap(steps: Steps): Address {
  return steps.contract({
    id: "UniswapV3Factory",
    title: "the factory of Uniswap v3, as published; nobody can add fee tiers or take protocol fees",
    artifact: uniswapFactoryArtifact,
    args: [],
    publishedBy: "@uniswap/v3-core",
    usualGas: 5_460_000n,
  });
}

/** Where the factory creates a market, as `MarketFactory.marketAddress` says. */
function marketAddressOf(factory: Address, artifact: Artifact, params: object, salt: string): Address {
  return toAddress(getCreate2Address(factory, salt, keccak256(creationCode(artifact, [params]))));
}

/** Whether a feed has an answer that is at most so many seconds old. Without any, feeds revert. */
async function isFresh(node: Node, feed: Address, maxAge: bigint): Promise<boolean> {
  const [, , , updatedAt] = (await answerOf(node, feed, feedInterface, "latestRoundData")) ?? [];
  return typeof updatedAt === "bigint" && (await node.time()) - updatedAt <= maxAge;
}

function feedCheck(id: string, { description, decimals, maxAge }: FeedParameters, feed: Address): Check {
  return {
    title: `${id} ${feed} is a feed of ${description} that is up to date`,
    async problem(node) {
      if (!(await node.hasCode(feed))) return "there is no contract at this address";
      const said = await answerOf(node, feed, feedInterface, "description");
      const digits = await answerOf(node, feed, feedInterface, "decimals");
      if (said === undefined || digits === undefined) return "the contract at this address is no feed";
      if (said[0] !== description) return `it says of itself that it is ${JSON.stringify(said[0])}`;
      if (digits[0] !== BigInt(decimals)) return `it has ${String(digits[0])} decimals instead of ${decimals}`;
      return (await isFresh(node, feed, maxAge)) ? undefined : `its answer is older than ${maxAge} seconds`;
    },
  };
}

/** Fee tiers that every Uniswap v3 factory has, with their tick spacings. */
const FEE_TIERS = [
  [500, 10n],
  [3000, 60n],
  [10_000, 200n],
] as const;

function uniswapCheck(factory: Address): Check {
  return {
    title: `${factory} is a factory of Uniswap v3`,
    async problem(node) {
      if (!(await node.hasCode(factory))) return "there is no contract at this address";
      for (const [fee, expected] of FEE_TIERS) {
        const [spacing] = (await answerOf(node, factory, uniswapInterface, "feeAmountTickSpacing", [fee])) ?? [];
        if (spacing !== expected) return `it doesn't know the fee tier ${fee}`;
      }
      return undefined;
    },
  };
}
