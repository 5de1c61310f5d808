import { collateralDown, debtDown, debtUp, isWithin, sharesDown, valueDown, valueUp } from "../leverage-math.ts";
import { bonus, repaymentToTarget, withoutDust } from "../liquidation-math.ts";
import { ceilDiv, max, min, mulDivDown, saturatingSub } from "../rounding.ts";
import { WAD } from "../units.ts";
import type { MarketParameters } from "../parameters.ts";
import type { Position } from "./state.ts";

/** What of a position a liquidation asks for. */
export type Owed = Pick<Position, "debtShares" | "collateral">;

/** The terms that hold for every account of a batch: as the contract's struct of the same name, whose other members are
 * here the market's parameters. */
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
  /** Loan tokens that come in, the fee to the buffer included. */
  readonly payment: bigint;
  readonly fee: bigint;
  /** Debt that nobody pays. */
  readonly loss: bigint;
}

/** The amounts of liquidating a position for at most `budget`; `undefined` where it is skipped. */
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

/** A solvent position: down to the target. */
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
  // A share at least: at a huge index the target may lie within the first one.
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

/** An insolvent position, or one without collateral: linear in the shares burned. */
function proRata(terms: LiquidationTerms, held: Owed, debt: bigint, budget: bigint): LiquidationAmounts {
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
  const burned = debtUp(debtShares, terms.index);
  return {
    debtShares,
    collateral,
    payment,
    fee: saturatingSub(payment, burned),
    loss: saturatingSub(burned, payment),
  };
}

/** The value less the least bonus, and the buffer's share of the bonus on top; each rounded up. */
function insolventPayment(terms: LiquidationTerms, collateral: bigint): bigint {
  const value = valueUp(collateral, terms.price);
  const payment = ceilDiv(value * WAD, WAD + terms.params.bonusMin);
  return payment + ceilDiv((value - payment) * terms.params.liquidationFee, WAD);
}
