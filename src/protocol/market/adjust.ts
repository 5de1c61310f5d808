import { ZERO_ADDRESS, type Address } from "../address.ts";
import { debtUp, sharesDown, sharesUp, valueDown } from "../leverage-math.ts";
import { ALL } from "../units.ts";
import { accrued } from "./interest.ts";
import { aged, drawTime, restoreAllowance, useAllowance } from "./debt-ceilings.ts";
import { checkDebtCap, checkMinDebt, checkPosition, checkSystem, openPrice, type OraclePrices } from "./limits.ts";
import { RefusedError } from "../errors.ts";
import { positionOf, type Books, type DebtCeiling, type Interest, type MarketState, type Position } from "./state.ts";

/** What an adjustment moved: collateral token units and loan token units, above zero into the position. */
export interface Adjusted {
  readonly collateralDelta: bigint;
  readonly debtDelta: bigint;
  readonly debtSharesDelta: bigint;
}

/** The debt side of an adjustment, not booked yet. */
interface DebtMove {
  readonly books: Books;
  readonly debtShares: bigint;
  readonly drawnAt: bigint;
  readonly debtDelta: bigint;
  readonly ceiling: DebtCeiling;
}

/**
 * `adjust` in a transaction of its own, by somebody who may. `supplyCollateral`, `withdrawCollateral`, `borrow` and `repay`
 * are cases of it.
 * @param prices called only where the contract reads its oracle; may throw as the oracle would revert.
 * @throws RefusedError as the contract would.
 */
export function adjust(
  market: MarketState,
  account: Address,
  collateralDelta: bigint,
  debtDelta: bigint,
  prices: () => OraclePrices,
  now: bigint,
): Adjusted {
  if (collateralDelta > 0n && (account === ZERO_ADDRESS || account === market.address)) {
    throw new RefusedError("InvalidReceiver", "nobody could take the collateral out again");
  }
  const was = positionOf(market, account);
  const moved = collateralDelta === ALL ? -was.collateral : collateralDelta;
  if (-moved > was.collateral) {
    throw new RefusedError("InsufficientCollateral", `${-moved} of ${was.collateral}`);
  }
  const collateral = was.collateral + moved;
  const totalCollateral = market.totalCollateral + moved;

  let { interest } = market;
  let debt: DebtMove = { ...was, books: market.books, debtDelta: 0n, ceiling: market.ceiling };
  if (debtDelta !== 0n || (moved < 0n && was.debtShares !== 0n)) {
    interest = accrued(market, now);
    if (debtDelta !== 0n) debt = moveDebt(market, interest, was, debtDelta, now);
    const after = { debtShares: debt.debtShares, collateral };
    checkRisk(market, interest, was, after, debt.books.debtShares, totalCollateral, prices);
  }
  const bindsCap = debt.debtDelta > 0n || (moved > 0n && debt.debtShares === 0n);
  if (bindsCap && totalCollateral > market.collateralCap) {
    throw new RefusedError("CollateralCapExceeded", `${totalCollateral} in all, the cap is ${market.collateralCap}`);
  }

  market.interest = interest;
  market.books = debt.books;
  market.ceiling = debt.ceiling;
  market.totalCollateral = totalCollateral;
  market.positions.set(account, { debtShares: debt.debtShares, collateral, drawnAt: debt.drawnAt });
  return { collateralDelta: moved, debtDelta: debt.debtDelta, debtSharesDelta: debt.debtShares - was.debtShares };
}

/** Rounding: shares minted up, shares burned down, payment for them up. */
function moveDebt(market: MarketState, interest: Interest, was: Position, delta: bigint, now: bigint): DebtMove {
  const { books } = market;
  const index = interest.borrowIndex;
  const debt = debtUp(was.debtShares, index);
  const agedDebt = aged(debt, was.drawnAt, now);
  if (delta > 0n) {
    if (delta > books.cash) throw new RefusedError("InsufficientCash", `${delta} of ${books.cash}`);
    const minted = sharesUp(delta, index);
    const totalShares = books.debtShares + minted;
    checkDebtCap(market, debtUp(totalShares, index));
    const ceiling = useAllowance(market, delta, now);
    const debtShares = was.debtShares + minted;
    return {
      books: { cash: books.cash - delta, debtShares: totalShares },
      debtShares,
      drawnAt: drawTime(checkMinDebt(market, debtUp(debtShares, index)), agedDebt, now),
      debtDelta: delta,
      ceiling,
    };
  }
  const burned = delta !== ALL && -delta < debt ? sharesDown(-delta, index) : was.debtShares;
  const paid = debtUp(burned, index);
  const debtShares = was.debtShares - burned;
  return {
    books: { cash: books.cash + paid, debtShares: books.debtShares - burned },
    debtShares,
    drawnAt: drawTime(checkMinDebt(market, debtUp(debtShares, index)), agedDebt, now),
    debtDelta: -paid,
    ceiling: restoreAllowance(market, paid, debt, agedDebt, now),
  };
}

/** Ratios are compared crosswise, in shares, so that interest plays no part. */
function checkRisk(
  market: MarketState,
  { borrowIndex }: Interest,
  was: Position,
  after: Pick<Position, "debtShares" | "collateral">,
  totalShares: bigint,
  totalCollateral: bigint,
  prices: () => OraclePrices,
): void {
  const addsDebt = after.debtShares > was.debtShares;
  const raisesRisk = addsDebt || after.debtShares * was.collateral > was.debtShares * after.collateral;
  // As in a transaction of its own: nothing else in it has raised risk, and only this call may have taken collateral.
  const takesCollateral = after.collateral < was.collateral;
  const raisesSystem =
    raisesRisk &&
    (takesCollateral ||
      market.totalCollateral === 0n ||
      totalShares * market.totalCollateral > market.books.debtShares * totalCollateral);
  if (raisesRisk) {
    const price = openPrice(prices());
    checkPosition(market, debtUp(after.debtShares, borrowIndex), valueDown(after.collateral, price));
    if (raisesSystem) checkSystem(market, debtUp(totalShares, borrowIndex), valueDown(totalCollateral, price));
  }
}
