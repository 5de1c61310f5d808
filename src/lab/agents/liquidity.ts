import { MaxUint256, type Signer } from "ethers";

import { PoolOperator__factory, type PoolOperator } from "../../../types/index.ts";
import { send } from "../../client/send.ts";
import { toUnits } from "../../client/units.ts";
import { sortsFirst } from "../../protocol/uniswap-v3/price.ts";
import type { LendersConfig, PoolConfig, SimulationConfig } from "../config.ts";
import { sqrtPriceX96Of, type Deployment } from "../market/deployment.ts";

/** The prices of a run, dollars per collateral token. */
export interface PriceSpan {
  readonly start: number;
  readonly low: number;
  readonly high: number;
}

/** The pool of loan and collateral token, and what trades in it. */
export interface Pool {
  readonly address: string;
  /** Its signer is the trader, who has approved it. */
  readonly operator: PoolOperator;
  readonly collateralIsToken0: boolean;
  /** The market price, as the pool counts it. */
  readonly sqrtPriceX96: bigint;
}

/** A fall by which the depth of a pool is measured. */
const DEPTH_FALL = 0.02;
/** A fee of one, in the unit of fee tiers. */
const FEE_SCALE = 1_000_000;

/**
 * Dollars' worth of each token with which a pool that is filled over the whole range of prices has
 * the depth of the configuration at the first price.
 */
export function poolUsd({ depthUsd }: PoolConfig): number {
  return depthUsd / (1 - Math.sqrt(1 - DEPTH_FALL));
}

/**
 * What each token of the trader has to be worth at the first price, in dollars, so that the pool
 * can be traded to every price of the span: what that takes in one go, as much again for buying up
 * the keeper's sales and for the way back, and the fees that stay in the pool where the price
 * crosses the whole span with every report.
 */
export function tradingFundsUsd(
  { start, low, high }: PriceSpan,
  { pool, maxReports }: Pick<SimulationConfig, "pool" | "maxReports">,
): number {
  // Dollars are this times a distance of the roots of two prices; collateral, of their inverses.
  const liquidity = poolUsd(pool) / Math.sqrt(start);
  const [bottom, top] = [low / pool.margin, high * pool.margin];
  const dollars = liquidity * (Math.sqrt(top) - Math.sqrt(bottom));
  const collateral = liquidity * (1 / Math.sqrt(bottom) - 1 / Math.sqrt(top));
  const fees = (maxReports * pool.fee) / FEE_SCALE;
  return (2 + fees) * Math.max(dollars, collateral * start);
}

/**
 * Gives the trader what it trades with in the pool.
 * @param price the first one, dollars per collateral token.
 * @param fundsUsd worth of each token that the trader gets, dollars; see `tradingFundsUsd`.
 */
export async function enterPool(
  { addresses, decimals, loanToken, collateralToken }: Deployment,
  trader: Signer,
  price: number,
  fundsUsd: number,
): Promise<Pool> {
  const collateralIsToken0 = sortsFirst(addresses.collateralToken, addresses.loanToken);
  const operator = await new PoolOperator__factory(trader).deploy();
  await operator.waitForDeployment();
  await send(loanToken.mint(trader, toUnits(fundsUsd, decimals.loan)));
  await send(collateralToken.mint(trader, toUnits(fundsUsd / price, decimals.collateral)));
  for (const token of [loanToken, collateralToken]) {
    await send(token.connect(trader).approve(operator, MaxUint256));
  }
  const sqrtPriceX96 = sqrtPriceX96Of(price, decimals, collateralIsToken0);
  return { address: addresses.pool, operator, collateralIsToken0, sqrtPriceX96 };
}

/**
 * Lets lenders deposit what borrowers will take, and what stays idle at the utilization of the
 * configuration.
 */
export async function fundLenders(
  { market, loanToken, decimals }: Deployment,
  lenders: readonly Signer[],
  debtUsd: number,
  { shares, utilization }: LendersConfig,
): Promise<void> {
  for (const [index, share] of shares.entries()) {
    const lender = lenders[index];
    if (lender === undefined) throw new RangeError(`There is no account for lender ${index}.`);
    const assets = toUnits((debtUsd / utilization) * share, decimals.loan);
    await send(loanToken.mint(lender, assets));
    await send(loanToken.connect(lender).approve(market, MaxUint256));
    await send(market.connect(lender).deposit(assets, lender));
  }
}
