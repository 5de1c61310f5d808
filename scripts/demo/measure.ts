import { MaxUint256 } from "ethers";

import { fromUnits } from "../client/units.ts";
import type { PositionBook } from "../keeper/book.ts";
import { ONE_X } from "../math/units.ts";
import type { MarketMoment, PositionHealth, StepFigures } from "../report/types.ts";
import type { MarketLens } from "../../types/index.ts";
import type { Deployment } from "./deploy.ts";
import { COLLATERAL_DECIMALS, USD_DECIMALS } from "./settings.ts";

/** A time of the scenario and the market price there. */
export interface Instant {
  readonly seconds: number;
  readonly price: number;
}

export type MarketView = Awaited<ReturnType<MarketLens["marketView"]>>;

/** The market as the lens tells it now. */
export async function readMarket({ lens, addresses }: Deployment): Promise<MarketView> {
  return lens.marketView(addresses.market);
}

/** What the buffer owns, with the fees that are due to it and will be turned into shares at the next lender's action. */
export async function readBuffer({ market }: Deployment): Promise<bigint> {
  const [assets, shares, bufferShares] = await Promise.all([
    market.totalAssets(),
    market.totalSupply(),
    market.balanceOf(market),
  ]);
  return assets - (await market.convertToAssets(shares - bufferShares));
}

export function stepFigures(
  { seconds, price }: Instant,
  state: MarketView,
  { poolPrice, buffer, badDebtUsd }: { poolPrice: number; buffer: bigint; badDebtUsd: number },
): StepFigures {
  return {
    seconds,
    feedPrice: price,
    poolPrice,
    systemLeverage: leverage(state.systemLeverage),
    systemLeverageCap: leverage(state.systemLeverageCap),
    lenderSharePrice: wad(state.sharePrice),
    bufferUsd: fromUnits(buffer, USD_DECIMALS),
    badDebtUsd,
    utilization: wad(state.utilization),
    borrowRate: wad(state.borrowRatePerYear),
  };
}

/** The whole market at one moment, with the health of every position. */
export async function momentOf(deployment: Deployment, book: PositionBook, instant: Instant): Promise<MarketMoment> {
  const state = await readMarket(deployment);
  return {
    seconds: instant.seconds,
    price: instant.price,
    debtUsd: fromUnits(state.debt, USD_DECIMALS),
    collateralUsd: fromUnits(state.collateral, COLLATERAL_DECIMALS) * instant.price,
    systemLeverage: leverage(state.systemLeverage),
    lenderSharePrice: wad(state.sharePrice),
    bufferUsd: fromUnits(await readBuffer(deployment), USD_DECIMALS),
    health: await healthOf(deployment, book),
  };
}

async function healthOf({ lens, addresses }: Deployment, book: PositionBook): Promise<readonly PositionHealth[]> {
  const accounts = book.positions.map(({ account }) => account);
  const { positions } = await lens.positionViews(addresses.market, accounts);
  return positions.map(({ healthFactor, debt }) => ({
    healthFactor: wad(healthFactor),
    debtUsd: fromUnits(debt, USD_DECIMALS),
  }));
}

/** Four decimals; the greatest number stands for "without bound". */
function leverage(value: bigint): number {
  return value === MaxUint256 ? Infinity : Number(value) / Number(ONE_X);
}

function wad(value: bigint): number {
  return value === MaxUint256 ? Infinity : fromUnits(value, 18);
}
