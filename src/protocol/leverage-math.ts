import { ceilDiv, mulDivDown, mulDivUp } from "./rounding.ts";
import { ONE_X, PRICE_SCALE, WAD } from "./units.ts";

/**
 * Whether leverage is at most `leverage`: `D * L <= C * (L - 1)`, exact; false for debt above the collateral's value.
 * @param debt loan token units.
 * @param collateralValue loan token units.
 * @param leverage four decimals.
 */
export function isWithin(debt: bigint, collateralValue: bigint, leverage: bigint): boolean {
  return debt * leverage <= collateralValue * (leverage - ONE_X);
}

/** Value of collateral in loan token units, rounded down. */
export function valueDown(collateral: bigint, price: bigint): bigint {
  return mulDivDown(collateral, price, PRICE_SCALE);
}

/** Value of collateral in loan token units, rounded up. */
export function valueUp(collateral: bigint, price: bigint): bigint {
  return mulDivUp(collateral, price, PRICE_SCALE);
}

/** Collateral token units worth `value`, rounded down. */
export function collateralDown(value: bigint, price: bigint): bigint {
  return mulDivDown(value, PRICE_SCALE, price);
}

/** Debt of shares at a borrow index, loan token units, rounded down. */
export function debtDown(shares: bigint, index: bigint): bigint {
  return (shares * index) / WAD;
}

/** Debt of shares at a borrow index, loan token units, rounded up. */
export function debtUp(shares: bigint, index: bigint): bigint {
  return ceilDiv(shares * index, WAD);
}

/** Debt shares worth `debt`, rounded down. */
export function sharesDown(debt: bigint, index: bigint): bigint {
  return mulDivDown(debt, WAD, index);
}

/** Debt shares worth `debt`, rounded up. */
export function sharesUp(debt: bigint, index: bigint): bigint {
  return mulDivUp(debt, WAD, index);
}
