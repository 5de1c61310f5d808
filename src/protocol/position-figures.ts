import { distanceToLiquidation, healthFactor, leverageOf, liquidationPriceOf } from "./closed-forms.ts";
import { isWithin, valueDown } from "./leverage-math.ts";
import { ceilDiv, mulDivDown } from "./rounding.ts";
import { PRICE_SCALE, WAD } from "./units.ts";

/** Debt in loan token units, collateral in collateral token units. */
export interface Holdings {
  readonly debt: bigint;
  readonly collateral: bigint;
}

/** Prices, limit and rate that the figures of a position depend on. */
export interface Yardstick {
  /** Scaled as in `IPriceOracle`; undefined if the oracle has no price. */
  readonly openPrice: bigint | undefined;
  readonly liquidationPrice: bigint | undefined;
  /** Liquidation limit in force, four decimals. */
  readonly liquidationLeverage: bigint;
  /** Borrow rate of a year, WAD, without compounding. */
  readonly borrowRatePerYear: bigint;
}

/**
 * Key figures of a position, equal to those of `MarketLens`. Amounts are in loan token units unless
 * stated otherwise. A figure is undefined if it has no value: without a price, without debt or
 * without equity.
 */
export interface PositionFigures extends Holdings {
  /** At the open price, rounded down. */
  readonly collateralValue: bigint | undefined;
  /** Collateral value minus debt; below zero for an insolvent position. */
  readonly equity: bigint | undefined;
  /** Collateral value over equity, four decimals, rounded up: 10_000 without debt. */
  readonly leverage: bigint | undefined;
  /** Debt over collateral value, WAD, rounded up. */
  readonly ltv: bigint | undefined;
  /** WAD, rounded down; liquidatable below 1e18. Undefined without debt. */
  readonly healthFactor: bigint | undefined;
  /**
   * Price below which the position can be liquidated, scaled as in `IPriceOracle`, rounded up. Zero
   * without debt.
   */
  readonly liquidationPriceLimit: bigint | undefined;
  /**
   * Relative fall of the liquidation price until the position can be liquidated, WAD, rounded down;
   * 1e18 without debt.
   */
  readonly fallToLiquidation: bigint | undefined;
  /**
   * Relative fall of the liquidation price until the debt exceeds the collateral value, WAD,
   * rounded down; 1e18 without debt.
   */
  readonly fallToInsolvency: bigint | undefined;
  /**
   * Interest per year per unit of equity, `(leverage - 1) * borrow rate`, WAD, rounded down,
   * without compounding.
   */
  readonly costOfCarry: bigint | undefined;
  /** Interest per year, rounded down. */
  readonly interestPerYear: bigint;
  /** Whether the position can be liquidated now. False without a price. */
  readonly liquidatable: boolean;
}

/**
 * Computes the figures of a position.
 * @throws OutOfRangeError for a liquidation limit of 1x and less, or a price of zero.
 */
export function positionFigures({ debt, collateral }: Holdings, by: Yardstick): PositionFigures {
  const limit = liquidationPriceOf(debt, collateral, by.liquidationLeverage);
  return {
    debt,
    collateral,
    liquidationPriceLimit: limit,
    interestPerYear: mulDivDown(debt, by.borrowRatePerYear, WAD),
    ...openFigures(debt, collateral, by),
    ...liquidationFigures(debt, collateral, limit, by),
  };
}

type OpenFigures = Pick<PositionFigures, "collateralValue" | "equity" | "leverage" | "ltv" | "costOfCarry">;

/** The figures that depend on the open price. */
function openFigures(debt: bigint, collateral: bigint, { openPrice, borrowRatePerYear }: Yardstick): OpenFigures {
  if (openPrice === undefined) {
    return {
      collateralValue: undefined,
      equity: undefined,
      leverage: undefined,
      ltv: undefined,
      costOfCarry: undefined,
    };
  }
  const value = valueDown(collateral, openPrice);
  const equity = value - debt;
  const ltvOfDebt = value === 0n ? undefined : ceilDiv(debt * WAD, value);
  const carryOfDebt = equity > 0n ? mulDivDown(debt, borrowRatePerYear, equity) : undefined;
  return {
    collateralValue: value,
    equity,
    leverage: leverageOf(debt, value),
    ltv: debt === 0n ? 0n : ltvOfDebt,
    costOfCarry: debt === 0n ? 0n : carryOfDebt,
  };
}

type LiquidationFigures = Pick<
  PositionFigures,
  "healthFactor" | "fallToLiquidation" | "fallToInsolvency" | "liquidatable"
>;

/** The figures that depend on the liquidation price. */
function liquidationFigures(
  debt: bigint,
  collateral: bigint,
  limit: bigint | undefined,
  { liquidationPrice: price, liquidationLeverage }: Yardstick,
): LiquidationFigures {
  if (price === undefined) {
    return { healthFactor: undefined, fallToLiquidation: undefined, fallToInsolvency: undefined, liquidatable: false };
  }
  const value = valueDown(collateral, price);
  const insolvent = collateral === 0n ? undefined : ceilDiv(debt * PRICE_SCALE, collateral);
  const fallTo = (target: bigint | undefined): bigint =>
    target === undefined ? 0n : distanceToLiquidation(price, target);
  return {
    healthFactor: healthFactor(debt, value, liquidationLeverage),
    fallToLiquidation: debt === 0n ? WAD : fallTo(limit),
    fallToInsolvency: debt === 0n ? WAD : fallTo(insolvent),
    liquidatable: !isWithin(debt, value, liquidationLeverage),
  };
}
