/**
 * A pool of constant product beside a market that is too large for it to move: what it is sold
 * presses its price below the market's, and arbitrage brings it back by so much a second. Amounts
 * are dollars, collateral at the market's price.
 */
export class ThinPool {
  /** Reserve on each side at the market's price. */
  readonly #reserve: number;
  /** What arbitrageurs spend in a second. */
  readonly #perSecond: number;
  readonly #fee: number;
  /** Square root of the pool's price over the market's: one at rest. */
  #root = 1;

  /**
   * @param depth what a sale brings that takes the price down by 2%, before the fee.
   * @param perSecond what is spent in a second on buying sales back.
   * @param fee share of a sale.
   */
  constructor(depth: number, perSecond: number, fee: number) {
    this.#reserve = depth / (1 - Math.sqrt(0.98));
    this.#perSecond = perSecond;
    this.#fee = fee;
  }

  /** The pool's price over the market's. */
  get price(): number {
    return this.#root ** 2;
  }

  /** What a sale of collateral worth so much would bring. */
  proceeds(value: number): number {
    return this.#reserve * (this.#root - this.#rootAfter(value));
  }

  /** Sells collateral worth so much. */
  sell(value: number): void {
    this.#root = this.#rootAfter(value);
  }

  /** Time passes, and arbitrageurs buy. */
  recover(seconds: number): void {
    this.#root = Math.min(1, this.#root + (this.#perSecond * seconds) / this.#reserve);
  }

  #rootAfter(value: number): number {
    return 1 / (1 / this.#root + (value * (1 - this.#fee)) / this.#reserve);
  }
}
