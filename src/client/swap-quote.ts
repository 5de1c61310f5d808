import { isqrt, max, min, mulDivUp, saturatingSub } from "../protocol/rounding.ts";
import { WAD } from "../protocol/units.ts";
import { priceFromSqrtPriceX96, sortsFirst } from "../protocol/uniswap-v3/price.ts";
import { simulateSwap, type PoolLiquidity, type SimulatedSwap } from "../protocol/uniswap-v3/swap.ts";
import { MAX_SQRT_PRICE_LIMIT, MIN_SQRT_PRICE_LIMIT } from "../protocol/uniswap-v3/ticks.ts";
import { valueDown, valueUp } from "../protocol/leverage-math.ts";
import type { Market } from "./markets.ts";

/** Which token is sold. */
export type Selling = "loan" | "collateral";

/**
 * A swap in the market's pool, to the unit. Prices as `IPriceOracle` scales them; of the token that
 * is sold, and bought.
 */
export interface SwapQuote {
  readonly selling: Selling;
  /** Token units, the pool's fee included. */
  readonly sold: bigint;
  /** Token units. */
  readonly bought: bigint;
  /** What liquidity providers earn of what is sold, its token units. */
  readonly fee: bigint;
  /** How much less is bought than at the pool's price before, the fee aside: WAD, rounded up. */
  readonly priceImpact: bigint;
  /**
   * How much less what is bought is worth than what is sold, at the market's price, fee and impact
   * included: WAD; below zero for a gain. Undefined without a price.
   */
  readonly loss: bigint | undefined;
  /** The pool's price before and after. */
  readonly priceBefore: bigint;
  readonly priceAfter: bigint;
  /** At the worst: the pool's price beyond which the swap stops, in the pool's own form. */
  readonly sqrtPriceLimitX96: bigint;
}

/** A pool as the market's trades see it. */
export interface MarketPool {
  readonly pool: PoolLiquidity;
  readonly collateralIsToken0: boolean;
}

/** The pool of a market. */
export function marketPool(market: Market, pool: PoolLiquidity): MarketPool {
  return { pool, collateralIsToken0: isCollateralToken0(market) };
}

/** Whether a pool of the market's tokens counts the collateral as its token0. */
export function isCollateralToken0({ collateralToken, loanToken }: Market): boolean {
  return sortsFirst(collateralToken.address, loanToken.address);
}

/** Whether the pool sells its token1, so that its price falls. */
function isZeroForOne({ collateralIsToken0 }: MarketPool, selling: Selling): boolean {
  return (selling === "collateral") === collateralIsToken0;
}

/**
 * What a swap of the market's swapper does.
 * @param amount above zero: to sell; below zero: to buy.
 */
export function swapIn(pool: MarketPool, selling: Selling, amount: bigint): SimulatedSwap {
  const zeroForOne = isZeroForOne(pool, selling);
  const sqrtPriceLimitX96 = zeroForOne ? MIN_SQRT_PRICE_LIMIT : MAX_SQRT_PRICE_LIMIT;
  return simulateSwap(pool.pool, { zeroForOne, amount, sqrtPriceLimitX96 });
}

/** What went in, and what came out. */
export function amountsOf(swap: SimulatedSwap): { readonly sold: bigint; readonly bought: bigint } {
  return { sold: max(swap.amount0, swap.amount1), bought: -min(swap.amount0, swap.amount1) };
}

/**
 * The swap with all that people ask about it.
 * @param slippage how far beyond the price at its end the pool's price may be, WAD.
 * @param price of the market; undefined where there is none.
 */
export function quoteOf(
  pool: MarketPool,
  selling: Selling,
  swap: SimulatedSwap,
  slippage: bigint,
  price: bigint | undefined,
): SwapQuote {
  const { sold, bought } = amountsOf(swap);
  const ideal = atPrice(pool, selling, sold - swap.fee);
  return {
    selling,
    sold,
    bought,
    fee: swap.fee,
    priceImpact: ideal === 0n ? 0n : mulDivUp(saturatingSub(ideal, bought), WAD, ideal),
    loss: price === undefined ? undefined : lossOf(selling, sold, bought, price),
    priceBefore: priceFromSqrtPriceX96(pool.pool.sqrtPriceX96, pool.collateralIsToken0),
    priceAfter: priceFromSqrtPriceX96(swap.sqrtPriceX96, pool.collateralIsToken0),
    sqrtPriceLimitX96: limitBeyond(swap.sqrtPriceX96, isZeroForOne(pool, selling), slippage),
  };
}

/** What an amount buys at the pool's price, rounded down. */
function atPrice(pool: MarketPool, selling: Selling, amount: bigint): bigint {
  const square = pool.pool.sqrtPriceX96 ** 2n;
  return isZeroForOne(pool, selling) ? (amount * square) >> 192n : (amount << 192n) / square;
}

function lossOf(selling: Selling, sold: bigint, bought: bigint, price: bigint): bigint {
  const [given, got] = selling === "loan" ? [sold, valueDown(bought, price)] : [valueUp(sold, price), bought];
  return given === 0n ? 0n : ((given - got) * WAD) / given;
}

/**
 * The pool's price, worse for the seller by the slippage: that of the token that is sold falls by
 * so much.
 */
function limitBeyond(sqrtPriceX96: bigint, falls: boolean, slippage: bigint): bigint {
  const kept = saturatingSub(WAD, slippage);
  if (kept === 0n) return falls ? MIN_SQRT_PRICE_LIMIT : MAX_SQRT_PRICE_LIMIT;
  const square = sqrtPriceX96 ** 2n;
  const limit = isqrt(falls ? (square * kept) / WAD : (square * WAD) / kept);
  return min(max(limit, MIN_SQRT_PRICE_LIMIT), MAX_SQRT_PRICE_LIMIT);
}

/**
 * The most that a swap of that exact output costs within its limit, token units of what is sold,
 * rounded up.
 */
export function mostSold(pool: MarketPool, selling: Selling, bought: bigint, sqrtPriceLimitX96: bigint): bigint {
  const square = sqrtPriceLimitX96 ** 2n;
  const input = isZeroForOne(pool, selling)
    ? mulDivUp(bought, 1n << 192n, square)
    : mulDivUp(bought, square, 1n << 192n);
  return mulDivUp(input, 1_000_000n, 1_000_000n - BigInt(pool.pool.fee)) + 1n;
}
