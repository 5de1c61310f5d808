import { collateralDown, debtDown, debtUp, isWithin, sharesDown, valueDown, valueUp } from "../leverage-math.ts";
import { bonus, repaymentToTarget, withoutDust } from "../liquidation-math.ts";
import { ceilDiv, min, mulDivDown, saturatingSub } from "../rounding.ts";
import { WAD } from "../units.ts";
import type { MarketParameters, Position } from "./state.ts";

/** What is the same for every account of a batch. */
export interface Terms {
  readonly params: MarketParameters;
  readonly index: bigint;
  readonly price: bigint;
  readonly liquidationLeverage: bigint;
  /** Share of the bonus for the buffer, WAD: zero once it is full. */
  readonly feeShare: bigint;
}

/** One liquidation. Debt shares, collateral token units, loan token units. */
export interface Settlement {
  readonly debtShares: bigint;
  readonly collateral: bigint;
  /** What comes in, the fee to the buffer included. */
  readonly payment: bigint;
  readonly fee: bigint;
  /** Debt that nobody pays. */
  readonly loss: bigint;
}

/** The liquidation of a position for at most `budget`; `undefined` where it is skipped. */
export function settle(terms: Terms, held: Position, budget: bigint): Settlement | undefined {
  const debt = debtUp(held.debtShares, terms.index);
  const value = valueDown(held.collateral, terms.price);
  if (isWithin(debt, value, terms.liquidationLeverage)) return undefined;
  const isSolvent = value * WAD >= (WAD + terms.params.bonusMin) * debt;
  const settlement = isSolvent ? toTarget(terms, held, debt, value, budget) : proRata(terms, held, debt, budget);
  return settlement.debtShares === 0n ? undefined : settlement;
}

/** A solvent position: down to the target. */
function toTarget(terms: Terms, held: Position, debt: bigint, value: bigint, budget: bigint): Settlement {
  const { params, index } = terms;
  const bonusRate = bonus(debt, value, terms.liquidationLeverage, params);
  const feeRate = ceilDiv(bonusRate * terms.feeShare, WAD);
  const repaid = withoutDust(
    repaymentToTarget(debt, value, params.targetLeverage, bonusRate),
    mulDivDown(min(budget, 2n * debt), WAD, WAD + feeRate),
    debt,
    params.minDebt,
  );
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

/** An insolvent position, or one without collateral: linear in the shares burned. */
function proRata(terms: Terms, held: Position, debt: bigint, budget: bigint): Settlement {
  let { debtShares, collateral } = held;
  let payment = insolventPayment(terms, collateral);
  if (payment > budget) {
    // Rounded up: the payment three times and the debt once. Together that is less than four units, so at most three.
    const affordable = mulDivDown(debt, saturatingSub(budget, 3n), payment);
    const repaid = withoutDust(affordable, affordable, debt, terms.params.minDebt);
    collateral = (sharesDown(repaid, terms.index) * held.collateral) / held.debtShares;
    // Only the shares that this much collateral stands for.
    debtShares = ceilDiv(collateral * held.debtShares, held.collateral);
    payment = insolventPayment(terms, collateral);
  }
  const settled = debtUp(debtShares, terms.index);
  return {
    debtShares,
    collateral,
    payment,
    fee: saturatingSub(payment, settled),
    loss: saturatingSub(settled, payment),
  };
}

/** The value less the least bonus, and the buffer's share of the bonus on top; each rounded up. */
function insolventPayment(terms: Terms, collateral: bigint): bigint {
  const value = valueUp(collateral, terms.price);
  const payment = ceilDiv(value * WAD, WAD + terms.params.bonusMin);
  return payment + ceilDiv((value - payment) * terms.feeShare, WAD);
}
