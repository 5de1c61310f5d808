import type { Address } from "../protocol/address.ts";
import { debtUp, isWithin, valueDown } from "../protocol/leverage-math.ts";
import { ONE_X, PRICE_SCALE, WAD } from "../protocol/units.ts";

export interface IndexedPosition {
  readonly account: Address;
  /** Above zero. */
  readonly debtShares: bigint;
  readonly collateral: bigint;
}

/** The numbers that decide which positions a market liquidates now. */
export interface LiquidationTrigger {
  /** Debt units per debt share, WAD. */
  readonly borrowIndex: bigint;
  /** As `IPriceOracle` scales it. */
  readonly price: bigint;
  /** Four decimals. */
  readonly liquidationLeverage: bigint;
}

/**
 * The positions of one market that have debt, the riskiest first.
 *
 * Debt shares over collateral order positions by risk, and neither a price nor interest changes that order; only events
 * of a position move it. So what can be liquidated is at the front, and finding it costs no more than reading it.
 */
export class RiskIndex {
  readonly #minDebt: bigint;
  readonly #byAccount = new Map<Address, IndexedPosition>();
  readonly #sorted: IndexedPosition[] = [];

  /** @param minDebt of the market, loan token units: no position of it owes less. */
  constructor(minDebt: bigint) {
    this.#minDebt = minDebt;
  }

  get size(): number {
    return this.#sorted.length;
  }

  /** All positions, the riskiest first. */
  get positions(): readonly IndexedPosition[] {
    return this.#sorted;
  }

  get(account: Address): IndexedPosition | undefined {
    return this.#byAccount.get(account);
  }

  /** Sets what an account holds; without debt it leaves the index. */
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

  /** The positions that the market would liquidate now, the riskiest first. */
  liquidatable(trigger: LiquidationTrigger): readonly IndexedPosition[] {
    const found: IndexedPosition[] = [];
    for (const position of this.#sorted) {
      if (!this.#mayBeLiquidatable(position, trigger)) break;
      if (isLiquidatable(position, trigger)) found.push(position);
    }
    return found;
  }

  /**
   * The rule without rounding, and with a debt greater by the most that rounding can make of it: two units, of at least the
   * minimum debt. Unlike the market's own rule it follows the order of the index strictly, so the first position that
   * fails it ends the search.
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

  /** Index of a position, or of the place where it belongs. */
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

/** Whether the market would liquidate a position, with its roundings. */
export function isLiquidatable(position: Omit<IndexedPosition, "account">, trigger: LiquidationTrigger): boolean {
  const debt = debtUp(position.debtShares, trigger.borrowIndex);
  return !isWithin(debt, valueDown(position.collateral, trigger.price), trigger.liquidationLeverage);
}

function comesBefore(one: IndexedPosition, other: IndexedPosition): boolean {
  const [left, right] = [one.debtShares * other.collateral, other.debtShares * one.collateral];
  // Two without collateral are equal that way; which of two equals is first does not matter, as long as it is always the same.
  return left === right ? one.account < other.account : left > right;
}
