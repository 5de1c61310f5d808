import type { Provider, Signer } from "ethers";

import { PoolOperator__factory, type PoolOperator } from "../../types/index.ts";
import { send } from "../client/send.ts";
import { toUnits } from "../client/units.ts";
import { createPool } from "../deployment/uniswap-v3.ts";
import { liquidityForAmounts } from "../protocol/uniswap-v3/liquidity.ts";
import { readSqrtPriceX96, swapInPool } from "../client/uniswap-v3/pool.ts";
import { priceFromSqrtPriceX96, sortsFirst, sqrtPriceX96FromPrice } from "../protocol/uniswap-v3/price.ts";
import { tickAtSqrtPriceX96, tickDown, tickUp } from "../protocol/uniswap-v3/ticks.ts";
import type { Clock } from "./clock.ts";
import type { Deployment } from "./deploy.ts";
import { feedAnswer, oraclePrice } from "./prices.ts";
import { FEED_DECIMALS, SETTINGS, USD_DECIMALS } from "./settings.ts";

/** The quote feed speaks once in so many seconds; the oracle takes its answer for a day and an hour. */
const QUOTE_HEARTBEAT = 6 * 3_600;

/** More than any pool can take: such a swap ends at its price limit. */
const WHATEVER_IT_TAKES = 2n ** 255n - 1n;

/** The prices that a pool is to reach, in dollars. */
export interface PriceBounds {
  readonly low: number;
  readonly high: number;
}

/**
 * What the protocol gets its prices from: the feed, which says the market price, and the pool, which arbitrageurs keep
 * near it.
 */
export class MarketPlace {
  readonly pool: string;
  readonly collateralIsToken0: boolean;
  readonly #operator: PoolOperator;
  readonly #provider: Provider;
  readonly #deployment: Deployment;
  #marketSqrtPriceX96: bigint;
  #quoteSpokeAt = 0;

  private constructor(
    deployment: Deployment,
    operator: PoolOperator,
    provider: Provider,
    at: { pool: string; collateralIsToken0: boolean; sqrtPriceX96: bigint },
  ) {
    this.pool = at.pool;
    this.collateralIsToken0 = at.collateralIsToken0;
    this.#operator = operator;
    this.#provider = provider;
    this.#deployment = deployment;
    this.#marketSqrtPriceX96 = at.sqrtPriceX96;
  }

  /** Creates the pool, at a price, with liquidity spread evenly between the bounds. */
  static async open(
    deployment: Deployment,
    trader: Signer,
    provider: Provider,
    price: number,
    bounds: PriceBounds,
  ): Promise<MarketPlace> {
    const [loan, collateral] = await Promise.all([
      deployment.loanToken.getAddress(),
      deployment.collateralToken.getAddress(),
    ]);
    const collateralIsToken0 = sortsFirst(collateral, loan);
    const sqrtPriceX96 = sqrtOf(price, collateralIsToken0);
    const pool = await createPool(trader, deployment.uniswapFactory, {
      tokenA: loan,
      tokenB: collateral,
      fee: SETTINGS.poolFee,
      sqrtPriceX96,
    });
    const operator = await new PoolOperator__factory(trader).deploy();
    await operator.waitForDeployment();
    const place = new MarketPlace(deployment, operator, provider, { pool, collateralIsToken0, sqrtPriceX96 });
    await place.#fund(trader, price);
    await place.#provide(price, bounds);
    return place;
  }

  /** Gives the trader enough of both tokens for all of the run's trading. */
  async #fund(trader: Signer, price: number): Promise<void> {
    const { loanToken, collateralToken } = this.#deployment;
    const usd = 4_000_000_000;
    await send(loanToken.mint(trader, toUnits(usd, USD_DECIMALS)));
    await send(collateralToken.mint(trader, toUnits(usd / price, 18)));
    for (const token of [loanToken, collateralToken]) {
      await send(token.connect(trader).approve(this.#operator, 2n ** 256n - 1n));
    }
  }

  async #provide(price: number, { low, high }: PriceBounds): Promise<void> {
    const ends = [low, high].map((bound) => sqrtOf(bound, this.collateralIsToken0));
    const [lower, upper] = this.collateralIsToken0 ? ends : ends.reverse();
    const tickLower = tickDown(tickAtSqrtPriceX96(lower ?? 0n), SETTINGS.poolTickSpacing);
    const tickUpper = tickUp(tickAtSqrtPriceX96(upper ?? 0n), SETTINGS.poolTickSpacing);
    await send(this.#operator.mint(this.pool, tickLower, tickUpper, this.#liquidityFor(price)));
  }

  /** Liquidity with which a sale that takes the price down by 2% brings the depth of the settings. */
  #liquidityFor(price: number): bigint {
    const ends = [price * 0.98, price].map((bound) => sqrtOf(bound, this.collateralIsToken0));
    const [sqrtLowerX96 = 0n, sqrtUpperX96 = 0n] = this.collateralIsToken0 ? ends : ends.reverse();
    const usd = toUnits(SETTINGS.poolDepthUsd, USD_DECIMALS);
    const [amount0, amount1] = this.collateralIsToken0 ? [0n, usd] : [usd, 0n];
    return liquidityForAmounts(
      sqrtOf(price, this.collateralIsToken0),
      { sqrtLowerX96, sqrtUpperX96 },
      { amount0, amount1 },
    );
  }

  /** Lets the feed report a price. */
  async report(clock: Clock, price: number): Promise<void> {
    await clock.tick();
    await send(this.#deployment.baseFeed.setAnswer(feedAnswer(price)));
    if (clock.now - this.#quoteSpokeAt < QUOTE_HEARTBEAT) return;
    await clock.tick();
    await send(this.#deployment.quoteFeed.setAnswer(10n ** BigInt(FEED_DECIMALS)));
    this.#quoteSpokeAt = clock.now;
  }

  /**
   * The market moves, and the pool with it: arbitrageurs see to it at once, by as much as the market moved. A price that
   * the keeper's sales have pressed below the market's stays below it in proportion, until it is bought up.
   */
  async follow(clock: Clock, price: number): Promise<void> {
    const market = sqrtOf(price, this.collateralIsToken0);
    const sqrtPriceX96 = await readSqrtPriceX96(this.#provider, this.pool);
    const target = (sqrtPriceX96 * market) / this.#marketSqrtPriceX96;
    this.#marketSqrtPriceX96 = market;
    await this.#trade(clock, target);
  }

  /** Trades the pool to the market price, whatever it takes. */
  async settle(clock: Clock): Promise<void> {
    await this.#trade(clock, this.#marketSqrtPriceX96);
  }

  /** Trades the pool towards the market price, with what arbitrageurs can spend in so many seconds. */
  async recover(clock: Clock, seconds: number): Promise<void> {
    const sqrtPriceX96 = await readSqrtPriceX96(this.#provider, this.pool);
    if (sqrtPriceX96 === this.#marketSqrtPriceX96) return;
    const falls = this.#marketSqrtPriceX96 < sqrtPriceX96;
    const usd = toUnits((SETTINGS.arbitragePerMinuteUsd * seconds) / 60, USD_DECIMALS);
    const sellsCollateral = falls === this.collateralIsToken0;
    const amount = sellsCollateral ? (usd * 10n ** 36n) / this.#price(this.#marketSqrtPriceX96) : usd;
    await clock.tick();
    await swapInPool(this.#operator, this.pool, falls, amount, this.#marketSqrtPriceX96);
  }

  /** The pool's price, in dollars. */
  async poolPrice(): Promise<number> {
    const sqrtPriceX96 = await readSqrtPriceX96(this.#provider, this.pool);
    return Number(this.#price(sqrtPriceX96)) / 1e24;
  }

  async #trade(clock: Clock, target: bigint): Promise<void> {
    const sqrtPriceX96 = await readSqrtPriceX96(this.#provider, this.pool);
    if (sqrtPriceX96 === target) return;
    await clock.tick();
    await swapInPool(this.#operator, this.pool, target < sqrtPriceX96, WHATEVER_IT_TAKES, target);
  }

  #price(sqrtPriceX96: bigint): bigint {
    return priceFromSqrtPriceX96(sqrtPriceX96, this.collateralIsToken0);
  }
}

function sqrtOf(price: number, collateralIsToken0: boolean): bigint {
  return sqrtPriceX96FromPrice(oraclePrice(feedAnswer(price)), collateralIsToken0);
}
