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

/**
 * Maximum deviation of a pool initialized by somebody else from the feeds' price, WAD. It is below
 * the limit of `TestLiquidity`.
 */
const SAME_PRICE = WAD / 1_000n;

/** Token units minted to `TestLiquidity`, which fills pool and market. */
export interface Stock {
  readonly loan: bigint;
  readonly collateral: bigint;
}

/**
 * The tokens that pool and market need. The pool's loan tokens are computed at twice the expected
 * price, which is the highest price allowed.
 */
export function stockOf({ pool, market }: DeploymentParameters): Stock {
  const worth = (2n * pool.collateral * market.expectedPrice) / PRICE_SCALE;
  return { loan: worth + market.lendersStock, collateral: pool.collateral + market.idleCollateral };
}

/**
 * The minimum liquidity for a valid mean price: half of the pool's liquidity at the expected price.
 * At half the expected price, the pool has 0.7 of that liquidity.
 */
export function leastLiquidity({ pool, market }: MarketTerms): bigint {
  return isqrt((pool.collateral ** 2n * market.expectedPrice) / PRICE_SCALE) / 2n;
}

/** Addresses of the contracts that filling the pool needs. */
export interface PoolParts {
  /** The `TestLiquidity`. */
  readonly liquidity: Address;
  readonly uniswapFactory: Address;
  readonly loanToken: Address;
  readonly collateralToken: Address;
  readonly baseFeed: Address;
  readonly quoteFeed: Address;
  /** The oracle over the feeds, whose price initializes the pool. */
  readonly oracle: Address;
}

/**
 * Adds the pool, which one transaction creates, initializes and fills.
 * @param isPast whether a guard on the pool exists already. Then the pool's price is no longer
 * checked.
 * @param after ids of the steps that must be done first.
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
    title: `the pool of both tokens at ${pool}, at the feeds' price, with permanent liquidity`,
    after,
    usualGas: 4_950_000n,
    async missing(node) {
      return (await isFilled(node, liquidity)) ? undefined : { to: liquidity, data };
    },
  });
  checks.push(poolCheck(parameters, parts, pool, isPast));
  return pool;
}

/**
 * Seconds until a window has passed since the pool was filled. Before that, the pool has no mean
 * over a whole window.
 */
export async function untilWindow(node: Node, liquidity: Address, window: bigint): Promise<bigint> {
  const [filledAt] = (await node.answer(liquidity, liquidityInterface, "filledAt")) ?? [];
  // A lagging node may not have the filled pool yet.
  if (typeof filledAt !== "bigint" || filledAt === 0n) return window;
  const left = filledAt + window - (await node.time());
  return left > 0n ? left : 0n;
}

/**
 * Adds the market's initial liquidity: a deposit to borrow from, and collateral without debt that
 * leaves room below the market's leverage cap. The step is made even if both are zero, because
 * after it the deployer can't call the contract any more.
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
    title: `the initial loan and collateral tokens of the market, held permanently by ${liquidity}`,
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

/** Checks that the pool can be filled, or that a filled pool can still be a source of the guard. */
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
      "Choose another name for the deployment (--name), which gives its tokens and its pool other addresses. " +
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
      const since = filled ? "it was filled and is now" : "somebody initialized it";
      return `${since} at ${factor} times the feeds' price`;
    },
  };
}
