import { distanceToLiquidation, healthFactor, leverageOf, liquidationPriceOf } from "./closed-forms.ts";
import { isWithin, valueDown } from "./leverage-math.ts";
import { ceilDiv, mulDivDown } from "./rounding.ts";
import { PRICE_SCALE, WAD } from "./units.ts";

/** Debt in loan token units, collateral in collateral token units. */
export interface Holdings {
  readonly debt: bigint;
  readonly collateral: bigint;
}

/** What a position is measured with. */
export interface Yardstick {
  /** As `IPriceOracle` scales them; undefined where the market has none. */
  readonly openPrice: bigint | undefined;
  readonly liquidationPrice: bigint | undefined;
  /** In force, four decimals. */
  readonly liquidationLeverage: bigint;
  /** WAD, without compounding. */
  readonly borrowRatePerYear: bigint;
}

/**
 * What people ask about a position, as `MarketLens` computes it. Amounts in loan token units if nothing else is said.
 * Undefined is what has no value: without a price, without debt, without equity.
 */
export interface PositionFigures extends Holdings {
  /** At the open price, rounded down. */
  readonly collateralValue: bigint | undefined;
  /** Collateral value less debt; below zero for an insolvent position. */
  readonly equity: bigint | undefined;
  /** Collateral value over equity, four decimals, rounded up: 10_000 without debt. */
  readonly leverage: bigint | undefined;
  /** Debt over collateral value, WAD, rounded up. */
  readonly ltv: bigint | undefined;
  /** WAD, rounded down; liquidatable below 1e18. Undefined without debt. */
  readonly healthFactor: bigint | undefined;
  /** Below which it can be liquidated, as `IPriceOracle` scales it, rounded up; zero without debt. */
  readonly liquidationPriceLimit: bigint | undefined;
  /** Part of the liquidation price that must go until it can be liquidated, WAD, rounded down: 1e18 without debt. */
  readonly fallToLiquidation: bigint | undefined;
  /** Part of the liquidation price that must go until the debt is worth more than the collateral, WAD, rounded down. */
  readonly fallToInsolvency: bigint | undefined;
  /** Interest per year per unit of equity, `(leverage - 1) * borrow rate`, WAD, rounded down, without compounding. */
  readonly costOfCarry: bigint | undefined;
  /** Interest per year, rounded down. */
  readonly interestPerYear: bigint;
  /** Whether the market would liquidate it now. */
  readonly liquidatable: boolean;
}

/** The figures of a position. */
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

/** At the open price. */
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

/** At the liquidation price. */
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
