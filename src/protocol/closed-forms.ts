import { OutOfRangeError } from "./errors.ts";
import { ceilDiv, mulDivDown, saturatingSub } from "./rounding.ts";
import { ONE_X, PRICE_SCALE, WAD } from "./units.ts";

/**
 * Upper bound of the leverage of recursive borrowing at a loan-to-value, whatever the number of
 * loops: `1 / (1 - LTV)`, WAD, rounded down.
 * @throws OutOfRangeError for an LTV below zero or of 100% and more.
 * @param ltv WAD, below one.
 */
export function maxLoopLeverage(ltv: bigint): bigint {
  return (WAD * WAD) / (WAD - checkedLtv(ltv));
}

/**
 * Leverage after `loops` rounds of borrowing at a loan-to-value and supplying the proceeds as
 * collateral: `(1 - l^(n+1)) / (1 - l)`, WAD, rounded down.
 * @param ltv WAD, below one.
 * @param loops a whole number, zero or more.
 * @throws OutOfRangeError for an LTV below zero or of 100% and more.
 */
export function loopLeverage(ltv: bigint, loops: number): bigint {
  const n = BigInt(loops);
  return ((WAD ** (n + 1n) - checkedLtv(ltv) ** (n + 1n)) * WAD) / (WAD ** n * (WAD - ltv));
}

/**
 * Loan-to-value at a leverage (four decimals): `1 - 1/L`, WAD, rounded down.
 * @throws OutOfRangeError for a leverage below 1x.
 */
export function ltvOfLeverage(leverage: bigint): bigint {
  return ((checkedLeverage(leverage) - ONE_X) * WAD) / leverage;
}

/**
 * Leverage `C / (C - D)`, four decimals, rounded up. `undefined` if the equity is zero or negative.
 * @param debt loan token units.
 * @param collateralValue loan token units.
 */
export function leverageOf(debt: bigint, collateralValue: bigint): bigint | undefined {
  if (debt === 0n) return ONE_X;
  return collateralValue <= debt ? undefined : ceilDiv(collateralValue * ONE_X, collateralValue - debt);
}

/**
 * Health factor `C * (1 - 1/L_liq) / D`, WAD, rounded down. A position is liquidatable below one.
 * `undefined` without debt.
 * @param debt loan token units.
 * @param collateralValue loan token units.
 * @param liquidationLeverage four decimals.
 */
export function healthFactor(debt: bigint, collateralValue: bigint, liquidationLeverage: bigint): bigint | undefined {
  if (debt === 0n) return undefined;
  return (collateralValue * (liquidationLeverage - ONE_X) * WAD) / (debt * liquidationLeverage);
}

/**
 * The price below which a position can be liquidated, scaled as in `IPriceOracle`, rounded up. Zero
 * without debt. `undefined` for debt without collateral, which can be liquidated at any price.
 * @param debt loan token units.
 * @param collateral collateral token units.
 * @param liquidationLeverage four decimals, above 1x.
 * @throws OutOfRangeError for a limit of 1x and less.
 */
export function liquidationPriceOf(debt: bigint, collateral: bigint, liquidationLeverage: bigint): bigint | undefined {
  if (debt === 0n) return 0n;
  if (collateral === 0n) return undefined;
  return ceilDiv(debt * liquidationLeverage * PRICE_SCALE, collateral * (liquidationLeverage - ONE_X));
}

/**
 * Relative price drop from `price` to `liquidationPrice`, WAD, rounded down; zero if the price is
 * already at or below it.
 * @throws OutOfRangeError for a price of zero.
 */
export function distanceToLiquidation(price: bigint, liquidationPrice: bigint): bigint {
  return mulDivDown(saturatingSub(price, liquidationPrice), WAD, price);
}

/**
 * The relative price drop that takes a position from a leverage to the liquidation limit:
 * `1 - (1 - 1/L0) / (1 - 1/L_liq)`, WAD, rounded down; zero if the position is already above the
 * limit.
 * @param leverage four decimals.
 * @param liquidationLeverage four decimals, above 1x.
 * @throws OutOfRangeError for a leverage below 1x, or a limit of 1x and less.
 */
export function dropToLiquidation(leverage: bigint, liquidationLeverage: bigint): bigint {
  const ltvShare = (checkedLeverage(leverage) - ONE_X) * liquidationLeverage;
  const limitShare = (checkedLeverage(liquidationLeverage) - ONE_X) * leverage;
  return mulDivDown(saturatingSub(limitShare, ltvShare), WAD, limitShare);
}

/**
 * The loan-to-value above which a liquidation with this bonus (WAD) would raise the loan-to-value
 * further: `1 / (1 + b)`, WAD, rounded down.
 */
export function toxicLtv(bonus: bigint): bigint {
  return (WAD * WAD) / (WAD + bonus);
}

/**
 * Equity after a price change at constant debt, relative to the equity before: `1 + L * move`, WAD,
 * truncated. Below zero if the debt exceeds the collateral value.
 * @param leverage WAD.
 * @param move relative price change, WAD, signed.
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
