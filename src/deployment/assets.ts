import { Interface } from "ethers";

import uniswapFactoryArtifact from "@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json" with { type: "json" };

import { abi as feedAbi } from "../../abis/AggregatorV3Interface.ts";
import { abi as settableFeedAbi } from "../../abis/SettableFeed.ts";
import type { Address } from "../protocol/address.ts";
import { FEE_TIERS } from "../protocol/uniswap-v3/ticks.ts";
import type { Node } from "./node.ts";
import {
  crossPrice,
  isNear,
  type DeploymentParameters,
  type FeedParameters,
  type MarketTerms,
  type TokenParameters,
} from "./parameters.ts";
import type { Artifact, Check, Steps } from "./plan.ts";

const feedInterface = new Interface(feedAbi);
const settableFeed = new Interface(settableFeedAbi);
const uniswapInterface = new Interface(uniswapFactoryArtifact.abi);

/**
 * Adds a test token that mints `stock` token units to `holder` when it is created.
 * @returns the address of the token.
 */
export function addToken(
  steps: Steps,
  id: string,
  artifact: Artifact,
  { name, symbol, decimals, perDay }: TokenParameters,
  { holder, stock }: { readonly holder: Address; readonly stock: bigint },
): Address {
  return steps.contract({
    id,
    title: `${symbol}, a test token that anyone may mint`,
    artifact,
    args: [name, symbol, decimals, perDay, holder, stock],
    usualGas: 605_000n,
  });
}

/** A feed of a plan. */
export interface PlannedFeed {
  readonly parameters: FeedParameters;
  readonly address: Address;
  /** Whether the plan creates it, as a `SettableFeed`. */
  readonly isOwn: boolean;
  /** Ids of the steps after which the feed has an answer. */
  readonly ready: readonly string[];
}

/**
 * Adds a feed: either an existing feed of the chain, which is checked before anything is sent, or a
 * new `SettableFeed`.
 */
export function addFeed(
  steps: Steps,
  checks: Check[],
  id: "BaseFeed" | "QuoteFeed",
  artifact: Artifact,
  parameters: FeedParameters,
  deployer: Address,
): PlannedFeed {
  const { source, decimals, description } = parameters;
  if ("address" in source) {
    checks.push(feedCheck(id, parameters, source.address));
    return { parameters, address: source.address, isOwn: false, ready: [] };
  }
  const address = steps.contract({
    id,
    title: `a feed of ${description} with answers set by the deployer`,
    artifact,
    args: [decimals, description, deployer],
    usualGas: 435_000n,
  });
  return { parameters, address, isOwn: true, ready: [`${id}Answer`] };
}

/**
 * Adds the first answer of a new feed, which the creation of the market needs.
 * @param isPast whether the market exists already. Then the answer is the responsibility of the
 * feed's owner, even if it is old.
 */
export function addFirstAnswer(
  steps: Steps,
  id: "BaseFeed" | "QuoteFeed",
  { parameters, address }: PlannedFeed,
  isPast: (node: Node) => Promise<boolean>,
): void {
  const { description, maxAge, source } = parameters;
  if (!("firstAnswer" in source)) return;
  const data = settableFeed.encodeFunctionData("setAnswer", [source.firstAnswer]);
  steps.add({
    id: `${id}Answer`,
    title: `the first answer of ${description}`,
    after: [id],
    usualGas: 70_000n,
    async missing(node) {
      if ((await isPast(node)) || (await isFresh(node, address, maxAge / 2n))) return undefined;
      return { to: address, data };
    },
  });
}

/**
 * Adds the factory of Uniswap v3: either the existing factory of the chain, which is checked before
 * anything is sent, or a new one.
 */
export function addUniswap(steps: Steps, checks: Check[], factory: DeploymentParameters["uniswapFactory"]): Address {
  if (factory !== "new") {
    checks.push(uniswapCheck(factory));
    return factory;
  }
  return steps.contract({
    id: "UniswapV3Factory",
    title: "the factory of Uniswap v3, as published; nobody can add fee tiers or take protocol fees",
    artifact: uniswapFactoryArtifact,
    publishedBy: "@uniswap/v3-core",
    args: [],
    usualGas: 5_460_000n,
  });
}

/**
 * The current price of the feeds, scaled as in `IPriceOracle`. A feed without an answer counts with
 * its planned first answer. Undefined if a feed has neither.
 */
export async function priceOfFeeds(
  node: Node,
  { baseFeed, quoteFeed, loanToken, collateralToken }: MarketTerms,
  addresses: { readonly baseFeed: Address; readonly quoteFeed: Address },
): Promise<bigint | undefined> {
  const [base, quote] = await Promise.all([
    answerNow(node, baseFeed, addresses.baseFeed),
    answerNow(node, quoteFeed, addresses.quoteFeed),
  ]);
  if (base === undefined || quote === undefined) return undefined;
  return crossPrice(
    { answer: base, feedDecimals: baseFeed.decimals, tokenDecimals: collateralToken.decimals },
    { answer: quote, feedDecimals: quoteFeed.decimals, tokenDecimals: loanToken.decimals },
  );
}

async function answerNow(node: Node, { source }: FeedParameters, feed: Address): Promise<bigint | undefined> {
  const [, answer] = (await node.answer(feed, feedInterface, "latestRoundData")) ?? [];
  if (typeof answer === "bigint" && answer > 0n) return answer;
  return "firstAnswer" in source ? source.firstAnswer : undefined;
}

/** Whether the feed's answer is at most `maxAge` seconds old. A feed without an answer reverts. */
async function isFresh(node: Node, feed: Address, maxAge: bigint): Promise<boolean> {
  const [, , , updatedAt] = (await node.answer(feed, feedInterface, "latestRoundData")) ?? [];
  return typeof updatedAt === "bigint" && (await node.time()) - updatedAt <= maxAge;
}

function feedCheck(id: string, { description, decimals, maxAge }: FeedParameters, feed: Address): Check {
  return {
    title: `${id} ${feed} is an up-to-date feed of ${description}`,
    async problem(node) {
      if (!(await node.hasCode(feed))) return "there is no contract at this address";
      const said = await node.answer(feed, feedInterface, "description");
      const digits = await node.answer(feed, feedInterface, "decimals");
      if (said === undefined || digits === undefined) return "the contract at this address is not a feed";
      if (said[0] !== description) return `its description is ${JSON.stringify(said[0])}`;
      if (digits[0] !== BigInt(decimals)) return `it has ${String(digits[0])} decimals instead of ${decimals}`;
      return (await isFresh(node, feed, maxAge)) ? undefined : `its answer is older than ${maxAge} seconds`;
    },
  };
}

function uniswapCheck(factory: Address): Check {
  return {
    title: `${factory} is a factory of Uniswap v3`,
    async problem(node) {
      if (!(await node.hasCode(factory))) return "there is no contract at this address";
      for (const [fee, expected] of FEE_TIERS) {
        const [spacing] = (await node.answer(factory, uniswapInterface, "feeAmountTickSpacing", [fee])) ?? [];
        if (spacing !== expected) return `it does not have the fee tier ${fee}`;
      }
      return undefined;
    },
  };
}

/**
 * The price check that the factory makes when it creates the market, made here before anything is
 * sent.
 */
export function priceCheck(
  parameters: MarketTerms,
  feeds: { readonly baseFeed: Address; readonly quoteFeed: Address },
  isPast: (node: Node) => Promise<boolean>,
): Check {
  return {
    title: "market.expectedPrice is within a factor of two of the feeds' price",
    async problem(node) {
      if (await isPast(node)) return undefined;
      const price = await priceOfFeeds(node, parameters, feeds);
      if (price === undefined) return "the feeds give no price";
      const { expectedPrice } = parameters.market;
      if (isNear(price, expectedPrice)) return undefined;
      return `the feeds' price is ${Number((price * 1_000n) / expectedPrice) / 1_000} times the expected price`;
    },
  };
}
