import { debtUp, isWithin, sharesUp, valueDown } from "../protocol/leverage-math.ts";
import { leverageOf } from "../protocol/closed-forms.ts";
import { debtAllowanceAt } from "../protocol/market/debt-ceilings.ts";
import { indexAt } from "../protocol/market/interest.ts";
import { positionOf } from "../protocol/market/state.ts";
import { max, saturatingSub } from "../protocol/rounding.ts";
import { MAX_UINT128 } from "../protocol/units.ts";
import type { QuoteBasis } from "./quote.ts";

/** What keeps the leverage of a position from being higher. */
export type BoundName =
  "position limit" | "system cap" | "debt cap" | "debt allowance" | "cash" | "collateral cap" | "pool depth";

/** A bound, and how far it lets a position go if it were alone. */
export interface Bound {
  readonly name: BoundName;
  /**
   * The most debt that the position can add, loan token units; within a part in a million million
   * below it.
   */
  readonly maxDebt: bigint;
  /** The leverage that it then has, four decimals; undefined where no equity would be left. */
  readonly maxLeverage: bigint | undefined;
}

/** A position that adds debt, and collateral that a swap buys with it. */
export interface Raise {
  /**
   * Collateral that the position gets for that much more debt, token units; undefined if the pool
   * can't sell so much.
   */
  readonly collateralFor: (debt: bigint) => bigint | undefined;
  /** The market's open price. */
  readonly price: bigint;
  readonly now: bigint;
}

/** Where the search for an amount ends: a part in 2^40 below the greatest one. */
const PRECISION_BITS = 40n;

/**
 * The greatest amount up to `most` with which a condition holds that holds for all smaller ones;
 * zero if for none.
 */
export function greatest(most: bigint, holds: (amount: bigint) => boolean): bigint {
  if (holds(most)) return most;
  let [low, high] = [0n, most];
  while (high - low > 1n && high - low > low >> PRECISION_BITS) {
    const middle = (low + high) >> 1n;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** A leverage that is kept: the position's own, or that of the whole market. */
function keepsLeverage(basis: QuoteBasis, raise: Raise, leverage: bigint, debt: bigint): boolean {
  const added = raise.collateralFor(debt);
  if (added === undefined) return false;
  const after = positionAfter(basis, raise, added, debt);
  return isWithin(after.debt, after.value, leverage);
}

/** The most debt to add that leaves the position at a leverage, or below it. */
export function debtAtLeverage(basis: QuoteBasis, raise: Raise, leverage: bigint): bigint {
  return greatest(most(basis, raise, leverage), (debt) => keepsLeverage(basis, raise, leverage, debt));
}

/** All that bounds the leverage of a position, the tightest first. */
export function boundsOf(basis: QuoteBasis, raise: Raise): readonly Bound[] {
  const { model } = basis;
  const { now } = raise;
  const index = indexAt(model, now);
  const depth = depthOf(raise, model.books.cash + 1n);
  const totalDebt = debtUp(model.books.debtShares, index);
  const room = saturatingSub(model.collateralCap, model.totalCollateral);
  const systemDebt = greatest(depth, (debt) => keepsSystemCap(basis, raise, debt));
  const amounts: Readonly<Record<BoundName, bigint>> = {
    "position limit": debtAtLeverage(basis, raise, model.maxLeverage),
    "system cap": systemDebt,
    "debt cap": max(saturatingSub(model.ceiling.cap, totalDebt + 1n), 0n),
    "debt allowance": debtAllowanceAt(model, now),
    cash: model.books.cash,
    "collateral cap": greatest(depth, (debt) => (raise.collateralFor(debt) ?? room + 1n) <= room),
    "pool depth": depth,
  };
  const bounds = Object.entries(amounts).map(([name, maxDebt]) => ({
    name: name as BoundName,
    maxDebt,
    maxLeverage: leverageAfter(basis, raise, maxDebt < depth ? maxDebt : depth),
  }));
  // Of equal ones the pool's comes last: the search for the others ends there.
  const isPool = ({ name }: Bound): number => (name === "pool depth" ? 1 : 0);
  return bounds.sort((one, other) =>
    one.maxDebt === other.maxDebt ? isPool(one) - isPool(other) : one.maxDebt < other.maxDebt ? -1 : 1,
  );
}

/** The most that the pool can be sold. @param from where the search begins. */
function depthOf({ collateralFor }: Raise, from: bigint): bigint {
  const canBuy = (debt: bigint): boolean => collateralFor(debt) !== undefined;
  let most = from;
  while (most < MAX_UINT128 && canBuy(most)) most *= 4n;
  return greatest(most, canBuy);
}

function positionAfter(
  { model, reading }: QuoteBasis,
  { price, now }: Raise,
  addedCollateral: bigint,
  addedDebt: bigint,
): { readonly debt: bigint; readonly value: bigint } {
  const index = indexAt(model, now);
  const { debtShares, collateral } = positionOf(model, reading.position.account);
  const debt = debtUp(debtShares + sharesUp(addedDebt, index), index);
  return { debt, value: valueDown(collateral + addedCollateral, price) };
}

function leverageAfter(basis: QuoteBasis, raise: Raise, addedDebt: bigint): bigint | undefined {
  const added = raise.collateralFor(addedDebt);
  if (added === undefined) return undefined;
  const { debt, value } = positionAfter(basis, raise, added, addedDebt);
  return leverageOf(debt, value);
}

/** As `checkRisk` of the model: within the cap, or the whole market's leverage does not rise. */
function keepsSystemCap({ model }: QuoteBasis, raise: Raise, addedDebt: bigint): boolean {
  const added = raise.collateralFor(addedDebt);
  if (added === undefined) return false;
  const index = indexAt(model, raise.now);
  const { debtShares } = model.books;
  const shares = debtShares + sharesUp(addedDebt, index);
  const collateral = model.totalCollateral + added;
  const rises = model.totalCollateral === 0n || shares * model.totalCollateral > debtShares * collateral;
  return !rises || isWithin(debtUp(shares, index), valueDown(collateral, raise.price), model.systemLeverageCap);
}

/** More debt than any leverage up to this one allows, were the swap free of cost. */
function most({ model, reading }: QuoteBasis, { price, collateralFor }: Raise, leverage: bigint): bigint {
  const { collateral } = positionOf(model, reading.position.account);
  const own = collateralFor(0n) ?? 0n;
  return (valueDown(collateral + own, price) * leverage) / 10_000n + 1n;
}
