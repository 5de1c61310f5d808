import { debtUp, isWithin, valueDown } from "../protocol/leverage-math.ts";
import { ONE_X, PRICE_SCALE, WAD } from "../protocol/units.ts";

export interface BookedPosition {
  readonly account: string;
  /** Above zero. */
  readonly debtShares: bigint;
  readonly collateral: bigint;
}

/** When the market liquidates. */
export interface LiquidationTerms {
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
export class PositionBook {
  readonly #minDebt: bigint;
  readonly #byAccount = new Map<string, BookedPosition>();
  readonly #sorted: BookedPosition[] = [];

  /** @param minDebt of the market, loan token units: no position of it owes less. */
  constructor(minDebt: bigint) {
    this.#minDebt = minDebt;
  }

  get size(): number {
    return this.#sorted.length;
  }

  /** All positions, the riskiest first. */
  get positions(): readonly BookedPosition[] {
    return this.#sorted;
  }

  get(account: string): BookedPosition | undefined {
    return this.#byAccount.get(account);
  }

  /** Sets what an account holds; without debt it leaves the book. */
  set(account: string, debtShares: bigint, collateral: bigint): void {
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

  /** What the market would liquidate on these terms, the riskiest first. */
  liquidatable(terms: LiquidationTerms): readonly BookedPosition[] {
    const found: BookedPosition[] = [];
    for (const position of this.#sorted) {
      if (!this.#mayBeLiquidatable(position, terms)) break;
      if (isLiquidatable(position, terms)) found.push(position);
    }
    return found;
  }

  /**
   * The rule without rounding, and with a debt greater by the most that rounding can make of it: two units, of at least the
   * minimum debt. Unlike the market's own rule it follows the order of the book strictly, so the first position that
   * fails it ends the search.
   */
  #mayBeLiquidatable(position: BookedPosition, { borrowIndex, price, liquidationLeverage }: LiquidationTerms): boolean {
    const least = this.#minDebt > 1n ? this.#minDebt - 1n : 0n;
    const debt = position.debtShares * borrowIndex * PRICE_SCALE * liquidationLeverage;
    const value = position.collateral * price * WAD * (liquidationLeverage - ONE_X);
    return debt * (least + 2n) > value * least;
  }

  /** Index of a position, or of the place where it belongs. */
  #place(position: BookedPosition): number {
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
export function isLiquidatable(position: Omit<BookedPosition, "account">, terms: LiquidationTerms): boolean {
  const debt = debtUp(position.debtShares, terms.borrowIndex);
  return !isWithin(debt, valueDown(position.collateral, terms.price), terms.liquidationLeverage);
}

function comesBefore(one: BookedPosition, other: BookedPosition): boolean {
  const [left, right] = [one.debtShares * other.collateral, other.debtShares * one.collateral];
  // Two without collateral are equal that way; which of two equals is first does not matter, as long as it is settled.
  return left === right ? one.account < other.account : left > right;
}
