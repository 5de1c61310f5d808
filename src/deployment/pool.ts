import { Interface } from "ethers";

import poolArtifact from "@uniswap/v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json" with { type: "json" };

import { abi as liquidityAbi } from "../../abis/TestLiquidity.ts";
import { poolAddress } from "../client/uniswap-v3-pool.ts";
import { toAddress, type Address } from "../protocol/address.ts";
import { agree } from "../protocol/guard-rules.ts";
import { isqrt } from "../protocol/rounding.ts";
import { PRICE_SCALE, WAD } from "../protocol/units.ts";
import { priceFromSqrtPriceX96, sortsFirst } from "../protocol/uniswap-v3/price.ts";
import { priceOfFeeds } from "./assets.ts";
import type { Node } from "./node.ts";
import type { DeploymentParameters, MarketTerms } from "./parameters.ts";
import type { Check, Steps } from "./plan.ts";

const liquidityInterface = new Interface(liquidityAbi);
const poolInterface = new Interface(poolArtifact.abi);

/** How far a pool that somebody else has initialized may be from the feeds: less than what `TestLiquidity` accepts. */
const SAME_PRICE = WAD / 1_000n;

/** What the contract that fills pool and market is given of each token when that is created. */
export interface Stock {
  readonly loan: bigint;
  readonly collateral: bigint;
}

/**
 * What pool and market take: of loan tokens as many as the pool's collateral is worth at twice the expected price, which is
 * the most that the price may be.
 */
export function stockOf({ pool, market }: DeploymentParameters): Stock {
  const worth = (2n * pool.collateral * market.expectedPrice) / PRICE_SCALE;
  return { loan: worth + market.lendersStock, collateral: pool.collateral + market.idleCollateral };
}

/**
 * The least liquidity with which the pool's mean is believed: half of what it will have at the expected price. At half that
 * price it has 0.7 of it.
 */
export function leastLiquidity({ pool, market }: MarketTerms): bigint {
  return isqrt((pool.collateral ** 2n * market.expectedPrice) / PRICE_SCALE) / 2n;
}

/** Where the pool and all that it is made of are. */
export interface PoolParts {
  /** The `TestLiquidity`. */
  readonly liquidity: Address;
  readonly uniswapFactory: Address;
  readonly loanToken: Address;
  readonly collateralToken: Address;
  readonly baseFeed: Address;
  readonly quoteFeed: Address;
  /** The oracle over the feeds, at whose price the pool starts. */
  readonly oracle: Address;
}

/**
 * The pool: created, initialized and filled by one transaction.
 * @param isPast whether there is a guard on the pool already: then its price is everybody's.
 * @param after steps that must be done before.
 */
export function addPool(
  steps: Steps,
  checks: Check[],
  parameters: DeploymentParameters,
  parts: PoolParts,
  isPast: (node: Node) => Promise<boolean>,
  after: readonly string[],
): Address {
  const { fee, collateral } = parameters.pool;
  const { liquidity, uniswapFactory, loanToken, collateralToken, oracle } = parts;
  const pool = toAddress(poolAddress(uniswapFactory, loanToken, collateralToken, fee));
  const args = [uniswapFactory, loanToken, collateralToken, fee, oracle, collateral];
  const data = liquidityInterface.encodeFunctionData("fillPool", args);
  steps.contracts.push({
    id: "Pool",
    address: pool,
    artifact: poolArtifact,
    args: [],
    publishedBy: "@uniswap/v3-core",
  });
  steps.add({
    id: "Pool",
    title: `the pool of both tokens at ${pool}, at the feeds' price, with liquidity that nobody can take`,
    after,
    usualGas: 4_950_000n,
    async missing(node) {
      return (await isFilled(node, liquidity)) ? undefined : { to: liquidity, data };
    },
  });
  checks.push(poolCheck(parameters, parts, pool, isPast));
  return pool;
}

/** Seconds until a window has passed since the pool was filled: before, it has no mean that reaches back so far. */
export async function untilWindow(node: Node, liquidity: Address, window: bigint): Promise<bigint> {
  const [filledAt] = (await node.answer(liquidity, liquidityInterface, "filledAt")) ?? [];
  // Not seen yet by a node that lags behind another.
  if (typeof filledAt !== "bigint" || filledAt === 0n) return window;
  const left = filledAt + window - (await node.time());
  return left > 0n ? left : 0n;
}

/**
 * What the first borrowers find: loan tokens, and collateral without debt that leaves room under the system's cap. Made
 * even where both are zero: after it the deployer can't call the contract any more.
 */
export function addMarketStock(
  steps: Steps,
  { market: { lendersStock, idleCollateral } }: DeploymentParameters,
  liquidity: Address,
  market: Address,
): void {
  const data = liquidityInterface.encodeFunctionData("fillMarket", [market, lendersStock, idleCollateral]);
  steps.add({
    id: "MarketStock",
    title: `the first loan and collateral tokens of the market, of ${liquidity}, which can withdraw neither`,
    after: ["Market"],
    usualGas: 260_000n,
    async missing(node) {
      const [filled] = (await node.answer(liquidity, liquidityInterface, "market")) ?? [];
      const isDone = typeof filled === "string" && toAddress(filled) === market;
      return isDone ? undefined : { to: liquidity, data };
    },
  });
}

async function isFilled(node: Node, liquidity: Address): Promise<boolean> {
  const [filledAt] = (await node.answer(liquidity, liquidityInterface, "filledAt")) ?? [];
  return typeof filledAt === "bigint" && filledAt > 0n;
}

/** Whether the pool can be filled, or what was filled earlier can still be a source of the guard. */
function poolCheck(
  parameters: DeploymentParameters,
  parts: PoolParts,
  pool: Address,
  isPast: (node: Node) => Promise<boolean>,
): Check {
  const collateralIsToken0 = sortsFirst(parts.collateralToken, parts.loanToken);
  return {
    title: `the pool ${pool} is at the feeds' price, or has none yet`,
    advice:
      "Choose another name for the deployment (--name): its tokens and its pool have other addresses. " +
      "Or trade the pool to the feeds' price first.",
    async problem(node) {
      if (await isPast(node)) return undefined;
      const [sqrtPriceX96] = (await node.answer(pool, poolInterface, "slot0")) ?? [];
      if (typeof sqrtPriceX96 !== "bigint" || sqrtPriceX96 === 0n) return undefined;
      const expected = await priceOfFeeds(node, parameters, parts);
      if (expected === undefined) return undefined;
      const filled = await isFilled(node, parts.liquidity);
      const found = priceFromSqrtPriceX96(sqrtPriceX96, collateralIsToken0);
      if (agree(found, expected, filled ? parameters.guard.maxDeviation : SAME_PRICE)) return undefined;
      const factor = Number((found * 10_000n) / expected) / 10_000;
      const since = filled ? "it has been filled, and stands" : "somebody has initialized it";
      return `${since} at ${factor} times the feeds' price`;
    },
  };
}
