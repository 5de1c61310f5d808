import { OutOfRangeError } from "./errors.ts";
import { ceilDiv, mulDivDown, saturatingSub } from "./rounding.ts";
import { ONE_X, PRICE_SCALE, WAD } from "./units.ts";

/**
 * The most leverage that any number of loops at a loan-to-value reaches: `1 / (1 - LTV)`, WAD, rounded down.
 * @param ltv WAD, below one.
 */
export function maxLoopLeverage(ltv: bigint): bigint {
  return (WAD * WAD) / (WAD - checkedLtv(ltv));
}

/**
 * Leverage after `loops` times borrowing at a loan-to-value and posting what was borrowed:
 * `(1 - l^(n+1)) / (1 - l)`, WAD, rounded down.
 * @param ltv WAD, below one.
 * @param loops zero or more, whole.
 */
export function loopLeverage(ltv: bigint, loops: number): bigint {
  const n = BigInt(loops);
  return ((WAD ** (n + 1n) - checkedLtv(ltv) ** (n + 1n)) * WAD) / (WAD ** n * (WAD - ltv));
}

/** Loan-to-value at a leverage of four decimals: `1 - 1/L`, WAD, rounded down. */
export function ltvOfLeverage(leverage: bigint): bigint {
  return ((checkedLeverage(leverage) - ONE_X) * WAD) / leverage;
}

/**
 * `C / (C - D)`, four decimals, rounded up; `undefined` where nothing is left of the equity.
 * @param debt loan token units.
 * @param collateralValue loan token units.
 */
export function leverageOf(debt: bigint, collateralValue: bigint): bigint | undefined {
  if (debt === 0n) return ONE_X;
  return collateralValue <= debt ? undefined : ceilDiv(collateralValue * ONE_X, collateralValue - debt);
}

/**
 * Health factor `C * (1 - 1/L_liq) / D`, WAD, rounded down; liquidatable below one. `undefined` without debt.
 * @param liquidationLeverage four decimals.
 */
export function healthFactor(debt: bigint, collateralValue: bigint, liquidationLeverage: bigint): bigint | undefined {
  if (debt === 0n) return undefined;
  return (collateralValue * (liquidationLeverage - ONE_X) * WAD) / (debt * liquidationLeverage);
}

/**
 * The price below which a position can be liquidated, as `IPriceOracle` scales it, rounded up. Zero without debt,
 * `undefined` for debt without collateral: at any price.
 * @param collateral collateral token units.
 */
export function liquidationPriceOf(debt: bigint, collateral: bigint, liquidationLeverage: bigint): bigint | undefined {
  if (debt === 0n) return 0n;
  if (collateral === 0n) return undefined;
  return ceilDiv(debt * liquidationLeverage * PRICE_SCALE, collateral * (liquidationLeverage - ONE_X));
}

/** The part of `price` that must go until it is at `liquidationPrice`, WAD, rounded down; zero if it is there already. */
export function distanceToLiquidation(price: bigint, liquidationPrice: bigint): bigint {
  return mulDivDown(saturatingSub(price, liquidationPrice), WAD, price);
}

/**
 * The price drop that brings a position from one leverage to the liquidation limit:
 * `1 - (1 - 1/L0) / (1 - 1/L_liq)`, WAD, rounded down; zero from above the limit.
 * @param leverage four decimals.
 * @param liquidationLeverage four decimals, above 1x.
 */
export function dropToLiquidation(leverage: bigint, liquidationLeverage: bigint): bigint {
  const ltvShare = (checkedLeverage(leverage) - ONE_X) * liquidationLeverage;
  const limitShare = (checkedLeverage(liquidationLeverage) - ONE_X) * leverage;
  return mulDivDown(saturatingSub(limitShare, ltvShare), WAD, limitShare);
}

/** Above this loan-to-value a liquidation with the bonus would raise it: `1 / (1 + b)`, WAD, rounded down. */
export function toxicLtv(bonus: bigint): bigint {
  return (WAD * WAD) / (WAD + bonus);
}

/**
 * What is left of the equity after a price move, debt unchanged: `1 + L * move`, WAD, truncated; below zero where the
 * debt exceeds the collateral.
 * @param leverage WAD.
 * @param move relative, WAD, signed.
 */
export function equityAfterMove(leverage: bigint, move: bigint): bigint {
  return WAD + (leverage * move) / WAD;
}

function checkedLtv(ltv: bigint): bigint {
  if (ltv < 0n || ltv >= WAD) throw new OutOfRangeError("A loan-to-value", ltv, "from 0 to below 1e18");
  return ltv;
}

function checkedLeverage(leverage: bigint): bigint {
  if (leverage < ONE_X) throw new OutOfRangeError("A leverage", leverage, "10_000 (1x) or more");
  return leverage;
}
