import type { Address } from "../protocol/address.ts";
import { debtUp, isWithin, valueDown } from "../protocol/leverage-math.ts";
import { ONE_X, PRICE_SCALE, WAD } from "../protocol/units.ts";

/** A position with debt in the index. */
export interface IndexedPosition {
  readonly account: Address;
  /** Debt shares, above zero. */
  readonly debtShares: bigint;
  readonly collateral: bigint;
}

/** The values that determine which positions are liquidatable. */
export interface LiquidationTrigger {
  /** Debt units per debt share, WAD. */
  readonly borrowIndex: bigint;
  /** Liquidation price, scaled as in `IPriceOracle`. */
  readonly price: bigint;
  /** Liquidation limit in force, four decimals. */
  readonly liquidationLeverage: bigint;
}

/**
 * The positions with debt of one market, the riskiest first.
 *
 * The ratio of debt shares to collateral sorts positions by risk. Prices and interest don't change
 * that order, only events of a position do. So the liquidatable positions are the first ones, and
 * the search ends at the first position that is not liquidatable.
 */
export class RiskIndex {
  readonly #minDebt: bigint;
  readonly #byAccount = new Map<Address, IndexedPosition>();
  readonly #sorted: IndexedPosition[] = [];

  /** @param minDebt minimum debt of a position of the market, loan token units. */
  constructor(minDebt: bigint) {
    this.#minDebt = minDebt;
  }

  /** Number of positions with debt. */
  get size(): number {
    return this.#sorted.length;
  }

  /** All positions, the riskiest first. */
  get positions(): readonly IndexedPosition[] {
    return this.#sorted;
  }

  /** The position of an account; undefined without debt. */
  get(account: Address): IndexedPosition | undefined {
    return this.#byAccount.get(account);
  }

  /**
   * Sets the position of an account: debt shares and collateral token units. A position without
   * debt leaves the index.
   */
  set(account: Address, debtShares: bigint, collateral: bigint): void {
    const known = this.#byAccount.get(account);
    if (known !== undefined) {
      this.#sorted.splice(this.#place(known), 1);
      this.#byAccount.delete(account);
    }
    if (debtShares === 0n) return;
    const position = { account, debtShares, collateral };
    this.#sorted.splice(this.#place(position), 0, position);
    this.#byAccount.set(account, position);
  }

  /** The liquidatable positions, the riskiest first. */
  liquidatable(trigger: LiquidationTrigger): readonly IndexedPosition[] {
    const found: IndexedPosition[] = [];
    for (const position of this.#sorted) {
      if (!this.#mayBeLiquidatable(position, trigger)) break;
      if (isLiquidatable(position, trigger)) found.push(position);
    }
    return found;
  }

  /**
   * The market's rule without rounding, with the debt increased by the largest rounding error: two
   * units of at least the minimum debt. Unlike the exact rule it is monotonic in the order of the
   * index, so the first position that fails it ends the search.
   */
  #mayBeLiquidatable(
    position: IndexedPosition,
    { borrowIndex, price, liquidationLeverage }: LiquidationTrigger,
  ): boolean {
    const least = this.#minDebt > 1n ? this.#minDebt - 1n : 0n;
    const debt = position.debtShares * borrowIndex * PRICE_SCALE * liquidationLeverage;
    const value = position.collateral * price * WAD * (liquidationLeverage - ONE_X);
    return debt * (least + 2n) > value * least;
  }

  /** Index of a position, or the index at which to insert it. */
  #place(position: IndexedPosition): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#sorted[middle];
      if (other !== undefined && comesBefore(other, position)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Whether a position is liquidatable, with the roundings of the market. */
export function isLiquidatable(position: Omit<IndexedPosition, "account">, trigger: LiquidationTrigger): boolean {
  const debt = debtUp(position.debtShares, trigger.borrowIndex);
  return !isWithin(debt, valueDown(position.collateral, trigger.price), trigger.liquidationLeverage);
}

function comesBefore(one: IndexedPosition, other: IndexedPosition): boolean {
  const [left, right] = [one.debtShares * other.collateral, other.debtShares * one.collateral];
  // Positions without collateral have equal ratios. The order of equal positions doesn't matter, as
  // long as it is stable.
  return left === right ? one.account < other.account : left > right;
}
