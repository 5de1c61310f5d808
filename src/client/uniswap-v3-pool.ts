import {
  AbiCoder,
  Contract,
  getCreate2Address,
  Interface,
  keccak256,
  type ContractTransactionReceipt,
  type Provider,
} from "ethers";

import type { PoolOperator } from "../../types/index.ts";
import { liquidityForAmounts, type TokenAmounts } from "../protocol/uniswap-v3/liquidity.ts";
import { sortsFirst } from "../protocol/uniswap-v3/price.ts";
import { sqrtPriceX96AtTick } from "../protocol/uniswap-v3/ticks.ts";
import { PoolError } from "./errors.ts";

const POOL_ABI = new Interface([
  "function token0() view returns (address)",
  "function token1() view returns (address)",
  "function fee() view returns (uint24)",
  "function tickSpacing() view returns (int24)",
  "function liquidity() view returns (uint128)",
  "function slot0() view returns (uint160 sqrtPriceX96, int24 tick, uint16, uint16, uint16, uint8, bool)",
  "event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)",
]);

/** More than any pool can take: such a swap ends at its price limit. */
const ENDLESS = (1n << 255n) - 1n;

/** keccak256 of the creation code of `UniswapV3Pool` as @uniswap/v3-core 1.0.1 publishes it. */
export const POOL_INIT_CODE_HASH = "0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54";

/** Where the pool of two tokens, in either order, and a fee tier is or would be. */
export function poolAddress(factory: string, tokenA: string, tokenB: string, fee: number): string {
  const [token0, token1] = sortsFirst(tokenA, tokenB) ? [tokenA, tokenB] : [tokenB, tokenA];
  const salt = keccak256(AbiCoder.defaultAbiCoder().encode(["address", "address", "uint24"], [token0, token1, fee]));
  return getCreate2Address(factory, salt, POOL_INIT_CODE_HASH);
}

/** What a pool says about itself. */
export interface PoolState {
  readonly token0: string;
  readonly token1: string;
  readonly fee: number;
  readonly tickSpacing: number;
  readonly sqrtPriceX96: bigint;
  readonly tick: number;
  /** Liquidity in use at the present price. */
  readonly liquidity: bigint;
}

/**
 * A completed swap: what the pool took (above zero) and gave (below zero), and where it left the
 * price.
 */
export interface SwapResult extends TokenAmounts {
  readonly sqrtPriceX96: bigint;
}

/** Reads a pool. */
export async function readPool(provider: Provider, pool: string): Promise<PoolState> {
  const contract = new Contract(pool, POOL_ABI, provider);
  const read = (name: string): Promise<unknown> => contract.getFunction(name).staticCall();
  const [token0, token1, fee, tickSpacing, liquidity, slot0] = await Promise.all(
    ["token0", "token1", "fee", "tickSpacing", "liquidity", "slot0"].map(read),
  );
  const [sqrtPriceX96, tick] = slot0 as [bigint, bigint];
  return {
    token0: token0 as string,
    token1: token1 as string,
    fee: Number(fee),
    tickSpacing: Number(tickSpacing),
    sqrtPriceX96,
    tick: Number(tick),
    liquidity: liquidity as bigint,
  };
}

/** The price of a pool alone, as the pool counts it: one call, where `readPool` makes six. */
export async function readSqrtPriceX96(provider: Provider, pool: string): Promise<bigint> {
  const [sqrtPriceX96] = (await new Contract(pool, POOL_ABI, provider).getFunction("slot0").staticCall()) as [bigint];
  return sqrtPriceX96;
}

/**
 * Adds as much liquidity between two ticks as the amounts pay for, at the present price. The
 * operator's signer pays, and has approved the operator; the liquidity stays for good.
 * @returns the liquidity added.
 */
export async function addLiquidity(
  operator: PoolOperator,
  pool: string,
  range: { lower: number; upper: number },
  amounts: TokenAmounts,
): Promise<bigint> {
  const { sqrtPriceX96 } = await readPool(providerOf(operator), pool);
  const priceRange = { sqrtLowerX96: sqrtPriceX96AtTick(range.lower), sqrtUpperX96: sqrtPriceX96AtTick(range.upper) };
  // The pool rounds what it asks for up, in arithmetic of its own: one part in a million keeps it
  // within the amounts.
  const liquidity = (liquidityForAmounts(sqrtPriceX96, priceRange, amounts) * 999_999n) / 1_000_000n;
  await (await operator.mint(pool, range.lower, range.upper, liquidity)).wait();
  return liquidity;
}

/**
 * Swaps `amount` (above zero: to sell, below zero: to buy) up to a price limit. The operator's
 * signer pays.
 * @param zeroForOne whether token0 is sold; the price falls then.
 */
export async function swapInPool(
  operator: PoolOperator,
  pool: string,
  zeroForOne: boolean,
  amount: bigint,
  sqrtPriceLimitX96: bigint,
): Promise<SwapResult> {
  const receipt = await (await operator.swap(pool, zeroForOne, amount, sqrtPriceLimitX96)).wait();
  return swapIn(receipt, pool);
}

/**
 * Moves the pool's price to a given one by buying or selling whatever that takes: what arbitrage
 * does. The operator's signer pays.
 * @returns undefined if the price is there already.
 */
export async function swapToPrice(
  operator: PoolOperator,
  pool: string,
  sqrtPriceX96: bigint,
): Promise<SwapResult | undefined> {
  const state = await readPool(providerOf(operator), pool);
  if (state.sqrtPriceX96 === sqrtPriceX96) return undefined;
  return swapInPool(operator, pool, sqrtPriceX96 < state.sqrtPriceX96, ENDLESS, sqrtPriceX96);
}

function swapIn(receipt: ContractTransactionReceipt | null, pool: string): SwapResult {
  for (const log of receipt?.logs ?? []) {
    const event = log.address.toLowerCase() === pool.toLowerCase() ? POOL_ABI.parseLog(log) : null;
    if (event?.name !== "Swap") continue;
    const [, , amount0, amount1, sqrtPriceX96] = event.args as unknown as [string, string, bigint, bigint, bigint];
    return { amount0, amount1, sqrtPriceX96 };
  }
  throw new PoolError(
    `The transaction made no swap in the pool ${pool}`,
    "Check that the contract belongs to this pool.",
  );
}

function providerOf(operator: PoolOperator): Provider {
  const provider = operator.runner?.provider;
  if (provider === undefined || provider === null) {
    throw new PoolError("The pool operator has no provider", "Connect it to a signer that has one.");
  }
  return provider;
}
