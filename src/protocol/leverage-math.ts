import { ceilDiv, mulDivDown, mulDivUp } from "./rounding.ts";
import { ONE_X, PRICE_SCALE, WAD } from "./units.ts";

/**
 * Whether a position is at or below a leverage: `D * L <= C * (L - 1)`, exact. False if the debt
 * exceeds the collateral value.
 * @param debt loan token units.
 * @param collateralValue loan token units.
 * @param leverage four decimals.
 */
export function isWithin(debt: bigint, collateralValue: bigint, leverage: bigint): boolean {
  return debt * leverage <= collateralValue * (leverage - ONE_X);
}

/**
 * Value of collateral (collateral token units) at a price scaled as in `IPriceOracle`; loan token
 * units, rounded down.
 */
export function valueDown(collateral: bigint, price: bigint): bigint {
  return mulDivDown(collateral, price, PRICE_SCALE);
}

/**
 * Value of collateral (collateral token units) at a price scaled as in `IPriceOracle`; loan token
 * units, rounded up.
 */
export function valueUp(collateral: bigint, price: bigint): bigint {
  return mulDivUp(collateral, price, PRICE_SCALE);
}

/**
 * Collateral token units worth `value` (loan token units) at a price scaled as in `IPriceOracle`;
 * rounded down.
 * @throws OutOfRangeError for a price of zero.
 */
export function collateralDown(value: bigint, price: bigint): bigint {
  return mulDivDown(value, PRICE_SCALE, price);
}

/** Debt of debt shares at a borrow index (WAD), loan token units, rounded down. */
export function debtDown(shares: bigint, index: bigint): bigint {
  return (shares * index) / WAD;
}

/** Debt of debt shares at a borrow index (WAD), loan token units, rounded up. */
export function debtUp(shares: bigint, index: bigint): bigint {
  return ceilDiv(shares * index, WAD);
}

/** Debt shares worth `debt` (loan token units) at a borrow index (WAD), rounded down. */
export function sharesDown(debt: bigint, index: bigint): bigint {
  return mulDivDown(debt, WAD, index);
}

/** Debt shares worth `debt` (loan token units) at a borrow index (WAD), rounded up. */
export function sharesUp(debt: bigint, index: bigint): bigint {
  return mulDivUp(debt, WAD, index);
}
