import { ZERO_ADDRESS, type Address } from "../address.ts";
import { debtUp, sharesDown, sharesUp, valueDown } from "../leverage-math.ts";
import { ALL } from "../units.ts";
import { accrued } from "./interest.ts";
import { aged, drawTime, restoreAllowance, useAllowance } from "./debt-ceilings.ts";
import { checkDebtCap, checkMinDebt, checkPosition, checkSystem, openPrice, type OraclePrices } from "./limits.ts";
import { RefusedError } from "../errors.ts";
import { positionOf, type Books, type DebtCeiling, type Interest, type MarketState, type Position } from "./state.ts";

/**
 * Changes of a position by `adjust`: collateral token units, loan token units and debt shares.
 * Positive values are added to the position.
 */
export interface Adjusted {
  readonly collateralDelta: bigint;
  readonly debtDelta: bigint;
  readonly debtSharesDelta: bigint;
}

/** The debt side of an adjustment, not written to the market yet. */
interface DebtMove {
  readonly books: Books;
  readonly debtShares: bigint;
  readonly drawnAt: bigint;
  readonly debtDelta: bigint;
  readonly ceiling: DebtCeiling;
}

/**
 * `adjust` of the contract, as the only call of a transaction and by an authorized caller.
 * `supplyCollateral`, `withdrawCollateral`, `borrow` and `repay` are special cases. Rounding: debt
 * shares are minted rounded up and burned rounded down; the payment for burned shares is rounded
 * up.
 * @param collateralDelta collateral token units; `ALL` withdraws everything.
 * @param debtDelta loan token units; `ALL` repays everything.
 * @param prices called only where the contract reads its oracle; may throw where the oracle would
 * revert.
 * @param now block time, Unix seconds.
 * @throws RefusedError if the contract would revert; `reason` names its error. The market then is
 * unchanged.
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
    throw new RefusedError("InvalidReceiver", "nobody could withdraw the collateral again");
  }
  const was = positionOf(market, account);
  const moved = collateralDelta === ALL ? -was.collateral : collateralDelta;
  if (-moved > was.collateral) {
    throw new RefusedError("InsufficientCollateral", `${-moved} requested, ${was.collateral} available`);
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
    throw new RefusedError(
      "CollateralCapExceeded",
      `the total would be ${totalCollateral}, the cap is ${market.collateralCap}`,
    );
  }

  market.interest = interest;
  market.books = debt.books;
  market.ceiling = debt.ceiling;
  market.totalCollateral = totalCollateral;
  market.positions.set(account, { debtShares: debt.debtShares, collateral, drawnAt: debt.drawnAt });
  return { collateralDelta: moved, debtDelta: debt.debtDelta, debtSharesDelta: debt.debtShares - was.debtShares };
}

/** Rounding: minted shares up, burned shares down, the payment for them up. */
function moveDebt(market: MarketState, interest: Interest, was: Position, delta: bigint, now: bigint): DebtMove {
  const { books } = market;
  const index = interest.borrowIndex;
  const debt = debtUp(was.debtShares, index);
  const agedDebt = aged(debt, was.drawnAt, now);
  if (delta > 0n) {
    if (delta > books.cash) throw new RefusedError("InsufficientCash", `${delta} requested, ${books.cash} available`);
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

/**
 * Checks the limits if the call raises risk. Ratios are compared in shares, by cross
 * multiplication, so that interest does not affect them.
 */
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
  // The call is the only one of its transaction, so only this call can have raised risk or
  // withdrawn collateral.
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
