import type { Provider } from "ethers";

import { readSqrtPriceX96, swapInPool, swapToPrice } from "../../client/uniswap-v3-pool.ts";
import { toUnits } from "../../client/units.ts";
import { PRICE_SCALE } from "../../protocol/units.ts";
import { priceFromSqrtPriceX96 } from "../../protocol/uniswap-v3/price.ts";
import type { ArbitrageConfig } from "../config.ts";
import type { Clock } from "../market/chain.ts";
import { sqrtPriceX96Of, type Deployment } from "../market/deployment.ts";
import type { Pool } from "./liquidity.ts";

/** Who keeps the pool near the price of the market, which this pool is too small to move. */
export class Arbitrageur {
  readonly collateralIsToken0: boolean;
  readonly #pool: Pool;
  readonly #provider: Provider;
  readonly #deployment: Deployment;
  readonly #clock: Clock;
  readonly #config: ArbitrageConfig;
  /** The market price, as the pool counts it. */
  #marketSqrtPriceX96: bigint;

  constructor(pool: Pool, provider: Provider, deployment: Deployment, clock: Clock, config: ArbitrageConfig) {
    this.collateralIsToken0 = pool.collateralIsToken0;
    this.#pool = pool;
    this.#provider = provider;
    this.#deployment = deployment;
    this.#clock = clock;
    this.#config = config;
    this.#marketSqrtPriceX96 = pool.sqrtPriceX96;
  }

  /**
   * The market moves, and the pool with it at once, by as much as the market moved. A price that
   * the keeper's sales have pressed below the market's stays below it in proportion, until it is
   * bought up.
   * @param price of the market, dollars per collateral token.
   */
  async follow(price: number): Promise<void> {
    const market = sqrtPriceX96Of(price, this.#deployment.decimals, this.collateralIsToken0);
    const target = ((await this.#sqrtPriceX96()) * market) / this.#marketSqrtPriceX96;
    this.#marketSqrtPriceX96 = market;
    await this.#tradeTo(target);
  }

  /** Trades the pool to the market price, whatever it takes. */
  async tradeToMarketPrice(): Promise<void> {
    await this.#tradeTo(this.#marketSqrtPriceX96);
  }

  /** Trades the pool towards the market price, with what is spent on that in so many seconds. */
  async recover(seconds: number): Promise<void> {
    const [market, pool] = [this.#marketSqrtPriceX96, await this.#sqrtPriceX96()];
    if (pool === market) return;
    const falls = market < pool;
    const usd = toUnits((this.#config.perMinuteUsd * seconds) / 60, this.#deployment.decimals.loan);
    const sellsCollateral = falls === this.collateralIsToken0;
    const amount = sellsCollateral ? (usd * PRICE_SCALE) / this.#price(market) : usd;
    await this.#clock.tick();
    await swapInPool(this.#pool.operator, this.#pool.address, falls, amount, market);
  }

  /** The pool's price, dollars per collateral token; for display and plots only. */
  async poolPrice(): Promise<number> {
    const { loan, collateral } = this.#deployment.decimals;
    return Number(this.#price(await this.#sqrtPriceX96())) / 10 ** (36 + loan - collateral);
  }

  /** Remembers the market price; the function that is returned brings it back. */
  save(): () => void {
    const marketSqrtPriceX96 = this.#marketSqrtPriceX96;
    return () => {
      this.#marketSqrtPriceX96 = marketSqrtPriceX96;
    };
  }

  async #tradeTo(target: bigint): Promise<void> {
    // Asked here too: where there is nothing to trade, no block is mined and no time passes.
    if ((await this.#sqrtPriceX96()) === target) return;
    await this.#clock.tick();
    await swapToPrice(this.#pool.operator, this.#pool.address, target);
  }

  #sqrtPriceX96(): Promise<bigint> {
    return readSqrtPriceX96(this.#provider, this.#pool.address);
  }

  #price(sqrtPriceX96: bigint): bigint {
    return priceFromSqrtPriceX96(sqrtPriceX96, this.collateralIsToken0);
  }
}
