import { ceilDiv, max, min, saturatingSub } from "./rounding.ts";
import { ONE_X, WAD } from "./units.ts";

/** Parameters of the liquidation bonus, WAD. */
export interface BonusTerms {
  readonly bonusMin: bigint;
  readonly bonusMax: bigint;
  readonly bonusSlope: bigint;
}

/**
 * The liquidation bonus: `min(bonusMax, bonusMin + slope * (1 - HF), C/D - 1)`, but at least
 * `bonusMin`; WAD, rounded down.
 * @param debt loan token units, of a position above the liquidation limit.
 * @param value collateral value, loan token units, at least `debt`.
 * @param liquidationLeverage four decimals.
 */
export function bonus(debt: bigint, value: bigint, liquidationLeverage: bigint, terms: BonusTerms): bigint {
  const health = ceilDiv(value * (liquidationLeverage - ONE_X) * WAD, debt * liquidationLeverage);
  const rising = terms.bonusMin + (terms.bonusSlope * (WAD - health)) / WAD;
  const bearable = ((value - debt) * WAD) / debt;
  return max(terms.bonusMin, min(min(rising, terms.bonusMax), bearable));
}

/**
 * Loan token units to repay so that the position ends at leverage `target`:
 * `(T*D - (T-1)*C) / (T - (1+b)*(T-1))`, rounded up.
 * @param debt loan token units.
 * @param value collateral value, loan token units.
 * @param target leverage, four decimals.
 * @param bonusRate WAD.
 */
export function repaymentToTarget(debt: bigint, value: bigint, target: bigint, bonusRate: bigint): bigint {
  const excess = target * debt - (target - ONE_X) * value;
  return ceilDiv(excess * WAD, target * WAD - (WAD + bonusRate) * (target - ONE_X));
}

/**
 * The amount to repay if at most `affordable` can be paid and the remaining debt must be zero or at
 * least `minDebt`. If `wanted` would leave less than `minDebt`, the whole debt is repaid. If the
 * repayment exceeds `affordable`, the largest affordable amount that leaves at least `minDebt` is
 * repaid, possibly zero. Loan token units.
 */
export function withoutDust(wanted: bigint, affordable: bigint, debt: bigint, minDebt: bigint): bigint {
  const most = saturatingSub(debt, minDebt);
  const repaid = wanted > most ? debt : wanted;
  return repaid <= affordable ? repaid : min(affordable, most);
}
