import { collateralDown, debtDown, debtUp, isWithin, sharesDown, valueDown, valueUp } from "../leverage-math.ts";
import { bonus, repaymentToTarget, withoutDust } from "../liquidation-math.ts";
import { ceilDiv, max, min, mulDivDown, saturatingSub } from "../rounding.ts";
import { WAD } from "../units.ts";
import type { MarketParameters } from "../parameters.ts";
import type { Position } from "./state.ts";

/** The parts of a position that a liquidation uses. */
export type Owed = Pick<Position, "debtShares" | "collateral">;

/**
 * The terms for every account of a batch. Corresponds to the contract's struct of the same name;
 * here the market's parameters replace its other members.
 */
export interface LiquidationTerms {
  readonly params: MarketParameters;
  readonly index: bigint;
  readonly price: bigint;
  readonly liquidationLeverage: bigint;
}

/** The amounts of one liquidation. Debt shares, collateral token units, loan token units. */
export interface LiquidationAmounts {
  readonly debtShares: bigint;
  readonly collateral: bigint;
  /** Loan tokens that the liquidator pays, the fee to the buffer included. */
  readonly payment: bigint;
  readonly fee: bigint;
  /** Debt that remains unpaid. */
  readonly loss: bigint;
}

/**
 * The amounts of liquidating a position for at most `budget` loan token units. `undefined` if the
 * batch skips it: it is not liquidatable, or the budget is too small. Payments and fees are rounded
 * up, burned debt shares and seized collateral down.
 */
export function liquidationAmounts(
  terms: LiquidationTerms,
  held: Owed,
  budget: bigint,
): LiquidationAmounts | undefined {
  const debt = debtUp(held.debtShares, terms.index);
  const value = valueDown(held.collateral, terms.price);
  if (isWithin(debt, value, terms.liquidationLeverage)) return undefined;
  const isSolvent = value * WAD >= (WAD + terms.params.bonusMin) * debt;
  const amounts = isSolvent ? toTarget(terms, held, debt, value, budget) : proRata(terms, held, debt, budget);
  return amounts.debtShares === 0n ? undefined : amounts;
}

/** Liquidates a solvent position down to the target leverage. */
function toTarget(
  terms: LiquidationTerms,
  held: Owed,
  debt: bigint,
  value: bigint,
  budget: bigint,
): LiquidationAmounts {
  const { params, index } = terms;
  const bonusRate = bonus(debt, value, terms.liquidationLeverage, params);
  const feeRate = ceilDiv(bonusRate * terms.params.liquidationFee, WAD);
  // At least one share: at a very high index the repayment to the target can be less than one.
  const wanted = max(repaymentToTarget(debt, value, params.targetLeverage, bonusRate), debtUp(1n, index));
  const repaid = withoutDust(wanted, mulDivDown(min(budget, 2n * debt), WAD, WAD + feeRate), debt, params.minDebt);
  const debtShares = repaid === debt ? held.debtShares : sharesDown(repaid, index);
  const effective = debtDown(debtShares, index);
  const fee = ceilDiv(effective * feeRate, WAD);
  return {
    debtShares,
    collateral: collateralDown(((WAD + bonusRate) * effective) / WAD, terms.price),
    payment: debtUp(debtShares, index) + fee,
    fee,
    loss: 0n,
  };
}

/**
 * Liquidates an insolvent position, or one without collateral. All amounts are proportional to the
 * burned shares.
 */
function proRata(terms: LiquidationTerms, held: Owed, debt: bigint, budget: bigint): LiquidationAmounts {
  let { debtShares, collateral } = held;
  let payment = insolventPayment(terms, collateral);
  if (payment > budget) {
    // The payment is rounded up three times and the debt once. Together that is less than four
    // units, so at most three.
    const affordable = mulDivDown(debt, saturatingSub(budget, 3n), payment);
    const repaid = withoutDust(affordable, affordable, debt, terms.params.minDebt);
    collateral = (sharesDown(repaid, terms.index) * held.collateral) / held.debtShares;
    // Burn only the shares that correspond to this collateral.
    debtShares = ceilDiv(collateral * held.debtShares, held.collateral);
    payment = insolventPayment(terms, collateral);
  }
  const burned = debtUp(debtShares, terms.index);
  return {
    debtShares,
    collateral,
    payment,
    fee: saturatingSub(payment, burned),
    loss: saturatingSub(burned, payment),
  };
}

/**
 * The collateral value without the minimum bonus, plus the buffer's share of the bonus; each
 * rounded up.
 */
function insolventPayment(terms: LiquidationTerms, collateral: bigint): bigint {
  const value = valueUp(collateral, terms.price);
  const payment = ceilDiv(value * WAD, WAD + terms.params.bonusMin);
  return payment + ceilDiv((value - payment) * terms.params.liquidationFee, WAD);
}
