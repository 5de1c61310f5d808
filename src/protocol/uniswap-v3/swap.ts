import { OutOfRangeError } from "../errors.ts";
import { ceilDiv, min } from "../rounding.ts";
import type { TokenAmounts } from "./liquidity.ts";
import { MAX_TICK, MIN_TICK, sqrtPriceX96AtTick, tickAtSqrtPriceX96 } from "./ticks.ts";

/** An initialized tick: a tick at which liquidity starts or ends. */
export interface PoolTick {
  readonly tick: number;
  /** Change of the active liquidity when the price rises past the tick. */
  readonly liquidityNet: bigint;
}

/** The state of a pool that swaps depend on. */
export interface PoolLiquidity {
  /** Hundredths of a basis point. */
  readonly fee: number;
  readonly tickSpacing: number;
  /** Square root of the price times 2^96. */
  readonly sqrtPriceX96: bigint;
  /**
   * Current tick. If the price is exactly that of an initialized tick, this may be the tick below
   * it.
   */
  readonly tick: number;
  /** Active liquidity at the price. */
  readonly liquidity: bigint;
  /** Initialized ticks from `lowest` to `highest`, in ascending order. */
  readonly ticks: readonly PoolTick[];
  /** Bounds of the known ticks: outside of them, initialized ticks are unknown. */
  readonly lowest: number;
  readonly highest: number;
}

/** Direction, amount and price limit of a swap. */
export interface SwapOrder {
  /** Whether token0 is sold, which lowers the price. */
  readonly zeroForOne: boolean;
  /** Token units. Positive: the amount to sell. Negative: the amount to buy. */
  readonly amount: bigint;
  /** The swap stops at this price. */
  readonly sqrtPriceLimitX96: bigint;
}

/**
 * Result of a swap: the amounts that the pool takes (positive) and gives (negative), and the state
 * of the pool afterwards.
 */
export interface SimulatedSwap extends TokenAmounts {
  readonly sqrtPriceX96: bigint;
  readonly tick: number;
  /** Active liquidity at that price. */
  readonly liquidity: bigint;
  /** Fee, in units of the sold token, included in its amount. */
  readonly fee: bigint;
  /** Number of initialized ticks that the price crossed. */
  readonly crossed: number;
  /**
   * Why the swap ended: the amount is traded, the price reached its limit, or the swap left the
   * known ticks of the pool, so that the rest can't be computed.
   */
  readonly end: "amount" | "limit" | "unknown";
}

const Q96 = 1n << 96n;
const MAX_UINT256 = (1n << 256n) - 1n;
/** Units per 100% of a fee: hundredths of a basis point. */
const FEE_UNITS = 1_000_000n;

/**
 * Computes `swap` of a Uniswap v3 pool, exact to the unit: it makes the same steps from tick to
 * tick and from word to word of the tick bitmap, with the same roundings.
 * @throws OutOfRangeError for an amount of zero or a price limit on the wrong side of the price,
 * which the pool rejects too.
 */
export function simulateSwap(pool: PoolLiquidity, order: SwapOrder): SimulatedSwap {
  const { zeroForOne, amount, sqrtPriceLimitX96: limit } = order;
  if (amount === 0n) throw new OutOfRangeError("The amount of a swap", amount, "other than zero");
  if (zeroForOne ? limit >= pool.sqrtPriceX96 : limit <= pool.sqrtPriceX96) {
    throw new OutOfRangeError("A price limit", limit, `${zeroForOne ? "below" : "above"} ${pool.sqrtPriceX96}`);
  }
  let { sqrtPriceX96, tick, liquidity } = pool;
  let [remaining, input, output, fees, crossed] = [amount, 0n, 0n, 0n, 0];
  let end: SimulatedSwap["end"] = "amount";
  while (remaining !== 0n) {
    if (sqrtPriceX96 === limit) {
      end = "limit";
      break;
    }
    const next = nextTick(pool, tick, zeroForOne);
    if (next === undefined) {
      end = "unknown";
      break;
    }
    const start = sqrtPriceX96;
    const priceAtNext = sqrtPriceX96AtTick(next.tick);
    const isBeyond = zeroForOne ? priceAtNext < limit : priceAtNext > limit;
    const step = swapStep(start, isBeyond ? limit : priceAtNext, liquidity, remaining, pool.fee);
    sqrtPriceX96 = step.sqrtPriceX96;
    input += step.input + step.fee;
    output += step.output;
    fees += step.fee;
    remaining = amount > 0n ? remaining - step.input - step.fee : remaining + step.output;
    if (sqrtPriceX96 === priceAtNext) {
      if (next.liquidityNet !== undefined) {
        liquidity += zeroForOne ? -next.liquidityNet : next.liquidityNet;
        ++crossed;
      }
      tick = zeroForOne ? next.tick - 1 : next.tick;
    } else if (sqrtPriceX96 !== start) {
      tick = tickAtSqrtPriceX96(sqrtPriceX96);
    }
  }
  const [amount0, amount1] = zeroForOne ? [input, -output] : [-output, input];
  return { amount0, amount1, sqrtPriceX96, tick, liquidity, fee: fees, crossed, end };
}

interface NextTick {
  readonly tick: number;
  /** Undefined for a tick that is not initialized: the end of a word of the bitmap. */
  readonly liquidityNet: bigint | undefined;
}

/** The tick at which the pool's next step ends at the latest; undefined if it isn't known. */
function nextTick(pool: PoolLiquidity, tick: number, falls: boolean): NextTick | undefined {
  const { tickSpacing, ticks, lowest, highest } = pool;
  const compressed = Math.floor(tick / tickSpacing) + (falls ? 0 : 1);
  // A word has 256 ticks. The pool searches no further than the end of the current word.
  const word = Math.floor(compressed / 256) * 256;
  const [from, to] = falls
    ? [word * tickSpacing, compressed * tickSpacing]
    : [compressed * tickSpacing, (word + 255) * tickSpacing];
  const found = falls ? lastUpTo(ticks, to) : firstFrom(ticks, from);
  if (found !== undefined && found.tick >= from && found.tick <= to) return found;
  const last = falls ? from : to;
  if (last < lowest || last > highest) {
    // Outside the known ticks there may be further initialized ones, except beyond the first and
    // last tick of all.
    const isEnd = falls ? lowest <= MIN_TICK : highest >= MAX_TICK;
    if (!isEnd) return undefined;
  }
  return { tick: Math.min(Math.max(last, MIN_TICK), MAX_TICK), liquidityNet: undefined };
}

/** The index of the first initialized tick at or above `tick`. */
function placeOf(ticks: readonly PoolTick[], tick: number): number {
  let [low, high] = [0, ticks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ticks[middle]?.tick ?? 0) < tick) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstFrom(ticks: readonly PoolTick[], tick: number): PoolTick | undefined {
  return ticks[placeOf(ticks, tick)];
}

function lastUpTo(ticks: readonly PoolTick[], tick: number): PoolTick | undefined {
  return ticks[placeOf(ticks, tick + 1) - 1];
}

interface SwapStep {
  readonly sqrtPriceX96: bigint;
  /** Without the fee. */
  readonly input: bigint;
  readonly output: bigint;
  readonly fee: bigint;
}

/** One step of a swap at constant liquidity: the input is rounded up, the output down. */
function swapStep(price: bigint, target: bigint, liquidity: bigint, remaining: bigint, feeUnits: number): SwapStep {
  const falls = price >= target;
  const sells = remaining > 0n;
  const fee = BigInt(feeUnits);
  const inputTo = (end: bigint): bigint =>
    falls ? amount0Up(end, price, liquidity) : amount1Up(price, end, liquidity);
  const outputTo = (end: bigint): bigint =>
    falls ? amount1Down(end, price, liquidity) : amount0Down(price, end, liquidity);

  const afterFee = sells ? (remaining * (FEE_UNITS - fee)) / FEE_UNITS : 0n;
  const reaches = sells ? afterFee >= inputTo(target) : -remaining >= outputTo(target);
  let end = target;
  if (!reaches)
    end = sells
      ? priceAfterInput(price, liquidity, afterFee, falls)
      : priceAfterOutput(price, liquidity, -remaining, falls);
  const input = inputTo(end);
  const output = sells ? outputTo(end) : min(outputTo(end), -remaining);
  // If the step does not reach its target, the whole remainder is the fee.
  const feeAmount = sells && end !== target ? remaining - input : ceilDiv(input * fee, FEE_UNITS - fee);
  return { sqrtPriceX96: end, input, output, fee: feeAmount };
}

function amount0Up(lower: bigint, upper: bigint, liquidity: bigint): bigint {
  return ceilDiv(ceilDiv(liquidity * Q96 * (upper - lower), upper), lower);
}

function amount0Down(lower: bigint, upper: bigint, liquidity: bigint): bigint {
  return (liquidity * Q96 * (upper - lower)) / upper / lower;
}

function amount1Up(lower: bigint, upper: bigint, liquidity: bigint): bigint {
  return ceilDiv(liquidity * (upper - lower), Q96);
}

function amount1Down(lower: bigint, upper: bigint, liquidity: bigint): bigint {
  return (liquidity * (upper - lower)) / Q96;
}

/**
 * The price after an input, rounded up for token0 and down for token1, so that rounding favors the
 * pool.
 */
function priceAfterInput(price: bigint, liquidity: bigint, amount: bigint, isToken0: boolean): bigint {
  if (!isToken0) return price + (amount * Q96) / liquidity;
  if (amount === 0n) return price;
  const scaled = liquidity * Q96;
  const product = amount * price;
  // Where the exact formula overflows 256 bits, the pool uses a less exact one.
  if (product <= MAX_UINT256 && scaled + product <= MAX_UINT256) return ceilDiv(scaled * price, scaled + product);
  return ceilDiv(scaled, scaled / price + amount);
}

/** The price after an output; called only for outputs below the reserves of the step. */
function priceAfterOutput(price: bigint, liquidity: bigint, amount: bigint, falls: boolean): bigint {
  if (falls) return price - ceilDiv(amount * Q96, liquidity);
  const scaled = liquidity * Q96;
  return ceilDiv(scaled * price, scaled - amount * price);
}
