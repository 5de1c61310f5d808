import { ceilDiv, max, min, saturatingSub } from "./rounding.ts";
import { ONE_X, WAD } from "./units.ts";

/** How the bonus of a market rises; WAD. */
export interface BonusTerms {
  readonly bonusMin: bigint;
  readonly bonusMax: bigint;
  readonly bonusSlope: bigint;
}

/**
 * The bonus of a liquidation: `min(bonusMax, bonusMin + slope * (1 - HF), C/D - 1)`, but never below `bonusMin`; WAD,
 * rounded down.
 * @param debt loan token units, of a position above the liquidation limit.
 * @param value loan token units, at least `debt`.
 */
export function bonus(debt: bigint, value: bigint, liquidationLeverage: bigint, terms: BonusTerms): bigint {
  const health = ceilDiv(value * (liquidationLeverage - ONE_X) * WAD, debt * liquidationLeverage);
  const rising = terms.bonusMin + (terms.bonusSlope * (WAD - health)) / WAD;
  const bearable = ((value - debt) * WAD) / debt;
  return max(terms.bonusMin, min(min(rising, terms.bonusMax), bearable));
}

/** Loan token units to repay so that the position stands at `target`: `(T*D - (T-1)*C) / (T - (1+b)*(T-1))`, rounded up. */
export function repaymentToTarget(debt: bigint, value: bigint, target: bigint, bonusRate: bigint): bigint {
  const excess = target * debt - (target - ONE_X) * value;
  return ceilDiv(excess * WAD, target * WAD - (WAD + bonusRate) * (target - ONE_X));
}

/**
 * What to repay when at most `affordable` can be paid and no debt below `minDebt` may be left: all of it rather than leave
 * dust, less than wanted rather than pay too much, zero if neither can be had. Loan token units.
 */
export function withoutDust(wanted: bigint, affordable: bigint, debt: bigint, minDebt: bigint): bigint {
  const most = saturatingSub(debt, minDebt);
  const repaid = wanted > most ? debt : wanted;
  return repaid <= affordable ? repaid : min(affordable, most);
}
