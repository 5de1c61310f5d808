import { expect } from "chai";

import { OutOfRangeError } from "../../src/protocol/errors.ts";
import { isqrt } from "../../src/protocol/rounding.ts";
import { amountsForLiquidity, liquidityForAmounts } from "../../src/protocol/uniswap-v3/liquidity.ts";
import { poolAddress } from "../../src/client/uniswap-v3-pool.ts";
import { priceFromSqrtPriceX96, sqrtPriceX96FromPrice } from "../../src/protocol/uniswap-v3/price.ts";
import { simulateSwap, type PoolLiquidity } from "../../src/protocol/uniswap-v3/swap.ts";
import {
  fullRange,
  MAX_SQRT_PRICE_LIMIT,
  MAX_TICK,
  MIN_SQRT_PRICE_LIMIT,
  MIN_TICK,
  sqrtPriceX96AtTick,
  tickAtSqrtPriceX96,
  tickDown,
  tickUp,
} from "../../src/protocol/uniswap-v3/ticks.ts";

const Q96 = 1n << 96n;
const PRICES = [1n, 10n ** 12n, 2_000n * 10n ** 24n, 10n ** 36n, 60_000n * 10n ** 46n];

/** Whether two numbers differ by at most one part in `parts`. */
function expectNear(actual: bigint, expected: bigint, parts: bigint): void {
  const difference = actual > expected ? actual - expected : expected - actual;
  expect(difference * parts <= expected, `${actual} is not near ${expected}`).to.be.true;
}

describe("isqrt", () => {
  it("returns the largest number whose square is at or below the argument", () => {
    for (const value of [0n, 1n, 2n, 3n, 4n, 15n, 16n, 17n, 10n ** 40n - 1n, 10n ** 40n, (1n << 512n) + 12345n]) {
      const root = isqrt(value);
      expect(root * root <= value && (root + 1n) * (root + 1n) > value, `${value}`).to.be.true;
    }
  });

  it("throws for a negative number", () => {
    expect(() => isqrt(-1n)).to.throw(OutOfRangeError);
  });
});

describe("sqrtPriceX96FromPrice and priceFromSqrtPriceX96", () => {
  it("invert each other, in both token orders", () => {
    for (const price of PRICES.slice(1)) {
      for (const first of [true, false]) {
        expectNear(priceFromSqrtPriceX96(sqrtPriceX96FromPrice(price, first), first), price, 10n ** 9n);
      }
    }
  });

  it("give reciprocal prices in the two token orders", () => {
    for (const price of PRICES) {
      const product = sqrtPriceX96FromPrice(price, true) * sqrtPriceX96FromPrice(price, false);
      expectNear(product, Q96 * Q96, 10n ** 9n);
    }
  });

  it("map a price of one unit per unit to 2^96", () => {
    expect(sqrtPriceX96FromPrice(10n ** 36n, true)).to.equal(Q96);
    expect(priceFromSqrtPriceX96(Q96, false)).to.equal(10n ** 36n);
  });

  it("throw for a price of zero", () => {
    expect(() => sqrtPriceX96FromPrice(0n, true)).to.throw(OutOfRangeError);
    expect(() => priceFromSqrtPriceX96(0n, true)).to.throw(OutOfRangeError);
  });
});

describe("ticks", () => {
  it("sqrtPriceX96AtTick: matches the bounds of the contracts", () => {
    // TickMath's MIN_SQRT_RATIO and MAX_SQRT_RATIO, which a limit must lie strictly between.
    expect(sqrtPriceX96AtTick(MIN_TICK)).to.equal(MIN_SQRT_PRICE_LIMIT - 1n);
    expect(sqrtPriceX96AtTick(MAX_TICK)).to.equal(MAX_SQRT_PRICE_LIMIT + 1n);
    expect(sqrtPriceX96AtTick(0)).to.equal(Q96);
  });

  it("sqrtPriceX96AtTick: consecutive ticks are 0.01% of price apart", () => {
    for (const tick of [-800_000, -1, 0, 1, 200_000, 800_000]) {
      const [low, high] = [sqrtPriceX96AtTick(tick), sqrtPriceX96AtTick(tick + 1)];
      expectNear(high * high * 10_000n, low * low * 10_001n, 10n ** 9n);
    }
  });

  it("tickAtSqrtPriceX96: rounds down to the tick at or below the price", () => {
    for (const tick of [MIN_TICK, -276_325, -60, -1, 0, 1, 59, 200_311, MAX_TICK]) {
      const price = sqrtPriceX96AtTick(tick);
      expect(tickAtSqrtPriceX96(price)).to.equal(tick);
      if (tick > MIN_TICK) expect(tickAtSqrtPriceX96(price - 1n)).to.equal(tick - 1);
    }
  });

  it("sqrtPriceX96AtTick: throws for ticks out of bounds", () => {
    for (const tick of [MIN_TICK - 1, MAX_TICK + 1, 0.5, NaN]) {
      expect(() => sqrtPriceX96AtTick(tick)).to.throw(OutOfRangeError);
    }
  });

  it("tickDown and tickUp: round to a pool's spacing", () => {
    expect([tickDown(-61, 60), tickDown(119, 60), tickUp(-61, 60), tickUp(61, 60)]).to.deep.equal([-120, 60, -60, 120]);
    expect(fullRange(60)).to.deep.equal({ lower: -887_220, upper: 887_220 });
  });
});

describe("liquidity", () => {
  const range = { sqrtLowerX96: sqrtPriceX96AtTick(-5_000), sqrtUpperX96: sqrtPriceX96AtTick(5_000) };
  const amounts = { amount0: 10n ** 18n, amount1: 10n ** 18n };

  it("liquidityForAmounts: costs at most the given amounts, and nearly all of one of them", () => {
    for (const tick of [-6_000, -5_000, -1_234, 0, 4_000, 5_000, 7_000]) {
      const price = sqrtPriceX96AtTick(tick);
      const cost = amountsForLiquidity(price, range, liquidityForAmounts(price, range, amounts));
      expect(cost.amount0 <= amounts.amount0 && cost.amount1 <= amounts.amount1).to.be.true;
      const most = cost.amount0 > cost.amount1 ? cost.amount0 : cost.amount1;
      expectNear(most, 10n ** 18n, 10n ** 15n);
    }
  });

  it("amountsForLiquidity: takes only one token outside of the range", () => {
    expect(amountsForLiquidity(sqrtPriceX96AtTick(-6_000), range, 10n ** 18n).amount1).to.equal(0n);
    expect(amountsForLiquidity(sqrtPriceX96AtTick(6_000), range, 10n ** 18n).amount0).to.equal(0n);
  });

  it("throws for an empty range", () => {
    const empty = { sqrtLowerX96: Q96, sqrtUpperX96: Q96 };
    expect(() => liquidityForAmounts(Q96, empty, amounts)).to.throw(OutOfRangeError);
  });
});

describe("a simulated swap", () => {
  /** A range of two words around the price of 1, known from tick -600 to 600. */
  const pool: PoolLiquidity = {
    fee: 3_000,
    tickSpacing: 60,
    sqrtPriceX96: Q96,
    tick: 0,
    liquidity: 10n ** 18n,
    ticks: [
      { tick: -600, liquidityNet: 10n ** 18n },
      { tick: 600, liquidityNet: -(10n ** 18n) },
    ],
    lowest: -600,
    highest: 600,
  };

  it("takes the fee of what is sold, and moves the price by the rest", () => {
    const amount = 10n ** 15n;
    const swap = simulateSwap(pool, { zeroForOne: true, amount, sqrtPriceLimitX96: MIN_SQRT_PRICE_LIMIT });
    expect([swap.end, swap.crossed, swap.amount0]).to.deep.equal(["amount", 0, amount]);
    expect(swap.fee).to.equal((amount * 3n) / 1_000n);
    // x * y = k: of 10^18 each, 0.997 * 10^15 come in.
    expectNear(-swap.amount1, (10n ** 18n * 997n * 10n ** 12n) / (10n ** 18n + 997n * 10n ** 12n), 10n ** 12n);
  });

  it("ends at its limit, where no more is traded", () => {
    const limit = sqrtPriceX96AtTick(-100);
    const swap = simulateSwap(pool, { zeroForOne: true, amount: 10n ** 30n, sqrtPriceLimitX96: limit });
    expect([swap.end, swap.sqrtPriceX96, swap.tick]).to.deep.equal(["limit", limit, -100]);
    const bought = simulateSwap(pool, { zeroForOne: false, amount: -(10n ** 30n), sqrtPriceLimitX96: 2n * Q96 });
    expect(bought.amount0 < 0n && bought.amount1 > 0n).to.be.true;
  });

  it("ends where what is known of the pool ends", () => {
    const down = simulateSwap(pool, { zeroForOne: true, amount: 10n ** 30n, sqrtPriceLimitX96: MIN_SQRT_PRICE_LIMIT });
    expect([down.end, down.crossed, down.liquidity]).to.deep.equal(["unknown", 1, 0n]);
    const up = simulateSwap(pool, { zeroForOne: false, amount: 10n ** 30n, sqrtPriceLimitX96: MAX_SQRT_PRICE_LIMIT });
    expect([up.end, up.crossed, up.sqrtPriceX96]).to.deep.equal(["unknown", 1, sqrtPriceX96AtTick(600)]);
  });

  it("goes on to the last tick where all is known", () => {
    const whole = { ...pool, lowest: MIN_TICK, highest: MAX_TICK };
    const swap = simulateSwap(whole, { zeroForOne: true, amount: 10n ** 30n, sqrtPriceLimitX96: MIN_SQRT_PRICE_LIMIT });
    expect([swap.end, swap.sqrtPriceX96]).to.deep.equal(["limit", MIN_SQRT_PRICE_LIMIT]);
  });

  it("is of something, and in the direction of its limit", () => {
    expect(() => simulateSwap(pool, { zeroForOne: true, amount: 0n, sqrtPriceLimitX96: 1n })).to.throw(OutOfRangeError);
    for (const zeroForOne of [true, false]) {
      const order = { zeroForOne, amount: 1n, sqrtPriceLimitX96: Q96 };
      expect(() => simulateSwap(pool, order)).to.throw(OutOfRangeError, "A price limit");
    }
  });
});

describe("poolAddress", () => {
  it("matches a pool on Ethereum, in either token order", () => {
    const factory = "0x1F98431c8aD98523631AE4a59f267346ea31F984";
    const usdc = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
    const weth = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2";
    const pool = "0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640";
    expect(poolAddress(factory, usdc, weth, 500)).to.equal(pool);
    expect(poolAddress(factory, weth, usdc, 500)).to.equal(pool);
  });
});
