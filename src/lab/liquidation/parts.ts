import { debtUp, isWithin, valueDown } from "../../protocol/leverage-math.ts";
import {
  liquidationAmounts,
  type LiquidationAmounts,
  type LiquidationTerms,
  type Owed,
} from "../../protocol/market/liquidation-amounts.ts";
import { ETHER_5X } from "../../protocol/presets.ts";
import { PRICE_SCALE, WAD } from "../../protocol/units.ts";
import { durationOf, priceAt, type PricePath } from "../scenario/price-path.ts";
import { ThinPool } from "./pool.ts";

/** Seconds from one block to the next. */
const BLOCK = 12;
/** A position is opened so often, at each leverage. */
const OPENING_INTERVAL = 6 * 3_600;
const LEVERAGES = [3, 4, 5];
/** Debt of a position, dollars. It stands for all that is due at once. */
const DEBT = 1_000_000;
const USD = 10n ** 6n;
/** The pool's fee of 0.05%. */
const POOL_FEE = 0.0005;
/** Share of its depth that arbitrage buys back in a minute: as in the demo. */
const RECOVERY_PER_MINUTE = 1 / 3;
/**
 * To a thousandth of the whole payment: how finely the greatest and the least part are searched.
 */
const SEARCH_STEPS = 10;

/** Falls of the price at once after which losses are counted, as shares. */
export const FALLS: readonly number[] = [0.05, 0.1, 0.15, 0.2];

/** How positions are liquidated in parts. */
export interface PartsSettings {
  /** What a sale brings that takes the pool's price down by 2%, as a share of the debt. */
  readonly depth: number;
  /**
   * Least share of what is wanted, the repayment to the target, that a part of a solvent position
   * may be; zero is the market's rule.
   */
  readonly leastShare: number;
  /**
   * Whether the borrower liquidates itself, just before the keeper would and by as little as
   * suffices to make the keeper's liquidation fail.
   */
  readonly griefed: boolean;
}

/** What lenders lose, as shares of all debt. */
export interface PartsLosses {
  /** Along the path. */
  readonly onPath: number;
  /**
   * In addition if the price falls at once by each of `FALLS`, at a random moment after the
   * position was first due.
   */
  readonly afterFall: readonly number[];
}

interface Sums {
  debts: number;
  onPath: number;
  moments: number;
  readonly afterFall: number[];
}

/**
 * Opens positions at the true price and liquidates each by the market's own mathematics, in blocks
 * of twelve seconds: a keeper without capital repays as much as the pool pays for. The oracle says
 * the truth at once.
 * @throws RangeError if no position was ever due.
 */
export function lossesByParts(path: PricePath, settings: PartsSettings): PartsLosses {
  const sums: Sums = { debts: 0, onPath: 0, moments: 0, afterFall: FALLS.map(() => 0) };
  for (let begins = 0; begins < durationOf(path); begins += OPENING_INTERVAL) {
    for (const leverage of LEVERAGES) follow(path, begins, leverage, settings, sums);
  }
  if (sums.moments === 0) throw new RangeError("No position was ever due: the prices don't fall far enough.");
  return {
    onPath: sums.onPath / sums.debts,
    afterFall: sums.afterFall.map((loss) => loss / (sums.moments * DEBT)),
  };
}

/** One position, from its opening to the end of the path. */
function follow(path: PricePath, begins: number, leverage: number, settings: PartsSettings, sums: Sums): void {
  const opening = priceAt(path, begins);
  const debtShares = BigInt(DEBT) * USD;
  const value = (DEBT * leverage) / (leverage - 1);
  let held: Owed = { debtShares, collateral: BigInt(Math.round((value / opening) * 1e18)) };
  const depth = settings.depth * DEBT;
  const pool = new ThinPool(depth, (depth * RECOVERY_PER_MINUTE) / 60, POOL_FEE);
  let wasDue = false;
  sums.debts += DEBT;
  for (let seconds = begins; seconds <= durationOf(path); seconds += BLOCK) {
    const terms = termsAt(priceAt(path, seconds));
    if (isDue(terms, held)) {
      wasDue = true;
      const { left, loss } = liquidateOnce(terms, held, pool, settings);
      held = left;
      sums.onPath += loss;
    }
    if (wasDue) {
      ++sums.moments;
      FALLS.forEach((fall, i) => {
        sums.afterFall[i] = (sums.afterFall[i] ?? 0) + shortfall(terms, held, fall) - shortfall(terms, held, 0);
      });
    }
    pool.recover(BLOCK);
  }
  sums.onPath += shortfall(termsAt(priceAt(path, durationOf(path))), held, 0);
}

function termsAt(price: number): LiquidationTerms {
  return {
    params: ETHER_5X,
    index: WAD,
    price: BigInt(Math.round(price * 1e6)) * 10n ** 18n,
    liquidationLeverage: ETHER_5X.liquidationLeverage,
  };
}

/** A block in which the position is due: the borrower, if it acts, and then the keeper. */
function liquidateOnce(
  terms: LiquidationTerms,
  held: Owed,
  pool: ThinPool,
  settings: PartsSettings,
): { readonly left: Owed; readonly loss: number } {
  const byKeeper = greatestPart(terms, held, pool, settings);
  if (byKeeper === undefined) return { left: held, loss: 0 };
  // What it owes more than it has, the borrower leaves to others.
  const own = settings.griefed && isSolvent(terms, held) ? leastPart(terms, held, settings) : undefined;
  if (own !== undefined) return { left: without(held, own), loss: 0 };
  pool.sell(usd(valueDown(byKeeper.collateral, terms.price)));
  return { left: without(held, byKeeper), loss: usd(byKeeper.loss) };
}

/** The greatest part that a sale in the pool pays for. */
function greatestPart(
  terms: LiquidationTerms,
  held: Owed,
  pool: ThinPool,
  settings: PartsSettings,
): LiquidationAmounts | undefined {
  return greatestThat(terms, held, settings, (part) => {
    const proceeds = pool.proceeds(usd(valueDown(part.collateral, terms.price)));
    return proceeds >= usd(part.payment);
  });
}

/**
 * The least part after which the position is not due any more: the whole of it if no less suffices.
 */
function leastPart(terms: LiquidationTerms, held: Owed, settings: PartsSettings): LiquidationAmounts | undefined {
  const whole = partOf(terms, held, 2n * debtUp(held.debtShares, terms.index), settings);
  if (whole === undefined) return undefined;
  let [low, high] = [0n, whole.payment];
  for (let i = 0; i < SEARCH_STEPS; ++i) {
    const middle = (low + high) / 2n;
    const part = partOf(terms, held, middle, settings);
    if (part !== undefined && !isDue(terms, without(held, part))) high = middle;
    else low = middle;
  }
  return partOf(terms, held, high, settings);
}

/** The whole, or the greatest part, that pays. */
function greatestThat(
  terms: LiquidationTerms,
  held: Owed,
  settings: PartsSettings,
  pays: (part: LiquidationAmounts) => boolean,
): LiquidationAmounts | undefined {
  const whole = partOf(terms, held, 2n * debtUp(held.debtShares, terms.index), settings);
  if (whole === undefined || pays(whole)) return whole;
  let [low, high] = [0n, whole.payment];
  let best: LiquidationAmounts | undefined;
  for (let i = 0; i < SEARCH_STEPS; ++i) {
    const middle = (low + high) / 2n;
    const part = partOf(terms, held, middle, settings);
    // Where the rule allows no part that small, the search goes on above it.
    if (part === undefined || pays(part)) [low, best] = [middle, part ?? best];
    else high = middle;
  }
  return best;
}

/** What the market takes for at most `budget`, if the rule allows such a part. */
function partOf(
  terms: LiquidationTerms,
  held: Owed,
  budget: bigint,
  { leastShare }: PartsSettings,
): LiquidationAmounts | undefined {
  const part = liquidationAmounts(terms, held, budget);
  if (part === undefined || leastShare === 0 || !isSolvent(terms, held)) return part;
  const whole = liquidationAmounts(terms, held, 2n * debtUp(held.debtShares, terms.index));
  const least = Number(whole?.debtShares ?? 0n) * leastShare;
  return Number(part.debtShares) >= least * (1 - 1e-9) ? part : undefined;
}

function isDue(terms: LiquidationTerms, { debtShares, collateral }: Owed): boolean {
  const value = valueDown(collateral, terms.price);
  return !isWithin(debtUp(debtShares, terms.index), value, terms.liquidationLeverage);
}

function isSolvent(terms: LiquidationTerms, { debtShares, collateral }: Owed): boolean {
  const value = valueDown(collateral, terms.price);
  return value * WAD >= (WAD + terms.params.bonusMin) * debtUp(debtShares, terms.index);
}

function without(held: Owed, part: LiquidationAmounts): Owed {
  return { debtShares: held.debtShares - part.debtShares, collateral: held.collateral - part.collateral };
}

/** What lenders lose if the price falls by a share and all is liquidated, dollars. */
function shortfall(terms: LiquidationTerms, { debtShares, collateral }: Owed, fall: number): number {
  const value = usd((collateral * terms.price) / PRICE_SCALE) * (1 - fall);
  return Math.max(0, usd(debtUp(debtShares, terms.index)) - value / (1 + Number(terms.params.bonusMin) / 1e18));
}

const usd = (units: bigint): number => Number(units) / Number(USD);
