import type { MarketReading } from "../client/market-reading.ts";
import type { Market } from "../client/markets.ts";
import type { PositionFigures } from "../protocol/position-figures.ts";
import { amountText, healthText, leverageText, percentText, priceText } from "./numbers.ts";

/** Stands for a missing value: an unknown price, the leverage of a position without equity. */
export const NONE = "-";

/** Names and values for people. */
export type Rows = readonly (readonly [name: string, value: string])[];

/** A price of the market's collateral. */
export function marketPrice(price: bigint | undefined, { loanToken, collateralToken }: Market): string {
  return price === undefined ? NONE : priceText(price, loanToken, collateralToken);
}

/** A position, one figure a row. */
export function positionRows(position: PositionFigures, { market }: MarketReading): Rows {
  const { loanToken, collateralToken } = market;
  const loan = (amount: bigint | undefined): string => (amount === undefined ? NONE : amountText(amount, loanToken));
  const share = (part: bigint | undefined): string => (part === undefined ? NONE : percentText(part));
  const hasDebt = position.debt > 0n;
  return [
    ["collateral", `${amountText(position.collateral, collateralToken)}, worth ${loan(position.collateralValue)}`],
    ["debt", loan(position.debt)],
    ["equity", loan(position.equity)],
    ["leverage", leverageOf(position)],
    ["health factor", healthOf(position)],
    ["liquidation price", hasDebt ? marketPrice(position.liquidationPriceLimit, market) : NONE],
    ["fall to liquidation", hasDebt ? share(position.fallToLiquidation) : NONE],
    ["fall to insolvency", hasDebt ? share(position.fallToInsolvency) : NONE],
    ["cost of carry", `${share(position.costOfCarry)} of the equity a year (${loan(position.interestPerYear)})`],
  ];
}

export function leverageOf({ leverage, collateral, collateralValue }: PositionFigures): string {
  if (collateral === 0n || collateralValue === undefined) return NONE;
  return leverage === undefined ? "no equity" : leverageText(leverage);
}

export function healthOf({ healthFactor, debt, liquidatable }: PositionFigures): string {
  if (debt === 0n) return "no debt";
  if (healthFactor === undefined) return NONE;
  return liquidatable ? `${healthText(healthFactor)}: can be liquidated` : healthText(healthFactor);
}
