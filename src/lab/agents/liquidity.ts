import { MaxUint256, type Signer } from "ethers";

import { PoolOperator__factory, type PoolOperator } from "../../../types/index.ts";
import { send } from "../../client/send.ts";
import { toUnits } from "../../client/units.ts";
import { createPool } from "../../deployment/uniswap-v3.ts";
import { liquidityForAmounts } from "../../protocol/uniswap-v3/liquidity.ts";
import { sortsFirst } from "../../protocol/uniswap-v3/price.ts";
import { tickAtSqrtPriceX96, tickDown, tickUp } from "../../protocol/uniswap-v3/ticks.ts";
import type { LendersConfig, PoolConfig, SimulationConfig } from "../config.ts";
import { sqrtPriceX96Of, type Assets, type Deployment } from "../market/deployment.ts";

/** The prices of a run, dollars per collateral token. */
export interface PriceSpan {
  readonly start: number;
  readonly low: number;
  readonly high: number;
}

/** A pool of loan and collateral token, and what trades in it. */
export interface Pool {
  readonly address: string;
  /** Its signer is the trader, who has approved it. */
  readonly operator: PoolOperator;
  readonly collateralIsToken0: boolean;
  /** The market price, as the pool counts it. */
  readonly sqrtPriceX96: bigint;
  /** In use at every price of the span. */
  readonly liquidity: bigint;
}

/** A fall by which the depth of a pool is measured. */
const DEPTH_FALL = 0.02;
/** A fee of one, in the unit of fee tiers. */
const FEE_SCALE = 1_000_000;

/**
 * What each token of the trader has to be worth at the first price, in dollars, so that the pool
 * can be filled and traded to every price of the span: what that takes in one go, as much again for
 * buying up the keeper's sales, and the fees that stay in the pool where the price crosses the
 * whole span with every report.
 */
export function tradingFundsUsd(
  { start, low, high }: PriceSpan,
  { pool, maxReports }: Pick<SimulationConfig, "pool" | "maxReports">,
): number {
  // Dollars are this times a distance of the roots of two prices; collateral, of their inverses.
  const liquidity = pool.depthUsd / (Math.sqrt(start) * (1 - Math.sqrt(1 - DEPTH_FALL)));
  const [bottom, top] = [low / pool.margin, high * pool.margin];
  const dollars = liquidity * (Math.sqrt(top) - Math.sqrt(bottom));
  const collateral = liquidity * (1 / Math.sqrt(bottom) - 1 / Math.sqrt(top));
  const fees = (maxReports * pool.fee) / FEE_SCALE;
  return (2 + fees) * Math.max(dollars, collateral * start);
}

/**
 * Creates the pool at the first price, with liquidity spread evenly over the span and the margin of
 * the configuration.
 * @param fundsUsd worth of each token that the trader gets, dollars; see `tradingFundsUsd`.
 */
export async function openPool(
  assets: Assets,
  trader: Signer,
  span: PriceSpan,
  config: PoolConfig,
  fundsUsd: number,
): Promise<Pool> {
  const { addresses, decimals, loanToken, collateralToken } = assets;
  const collateralIsToken0 = sortsFirst(addresses.collateralToken, addresses.loanToken);
  const priceOf = (price: number): bigint => sqrtPriceX96Of(price, decimals, collateralIsToken0);
  const sqrtPriceX96 = priceOf(span.start);
  const address = await createPool(trader, addresses.uniswapFactory, {
    tokenA: addresses.loanToken,
    tokenB: addresses.collateralToken,
    fee: config.fee,
    sqrtPriceX96,
  });
  const operator = await new PoolOperator__factory(trader).deploy();
  await operator.waitForDeployment();

  await send(loanToken.mint(trader, toUnits(fundsUsd, decimals.loan)));
  await send(collateralToken.mint(trader, toUnits(fundsUsd / span.start, decimals.collateral)));
  for (const token of [loanToken, collateralToken]) {
    await send(token.connect(trader).approve(operator, MaxUint256));
  }

  const [lower, upper] = inOrder(priceOf(span.low / config.margin), priceOf(span.high * config.margin));
  const tickLower = tickDown(tickAtSqrtPriceX96(lower), config.tickSpacing);
  const tickUpper = tickUp(tickAtSqrtPriceX96(upper), config.tickSpacing);
  // Liquidity with which the fall brings the depth, not what some amounts pay for.
  const [sqrtLowerX96, sqrtUpperX96] = inOrder(priceOf(span.start * (1 - DEPTH_FALL)), sqrtPriceX96);
  const depth = toUnits(config.depthUsd, decimals.loan);
  const amounts = collateralIsToken0 ? { amount0: 0n, amount1: depth } : { amount0: depth, amount1: 0n };
  const liquidity = liquidityForAmounts(sqrtPriceX96, { sqrtLowerX96, sqrtUpperX96 }, amounts);
  await send(operator.mint(address, tickLower, tickUpper, liquidity));
  return { address, operator, collateralIsToken0, sqrtPriceX96, liquidity };
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

function inOrder(one: bigint, other: bigint): readonly [bigint, bigint] {
  return one < other ? [one, other] : [other, one];
}
