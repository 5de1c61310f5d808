import { expect } from "chai";

import { swapToPrice } from "../../src/client/uniswap-v3-pool.ts";
import { eth, PRICE, usd, type MarketWithPools } from "./uniswap.ts";

/** What each of the accounts holds of both tokens. */
export async function balances(env: MarketWithPools) {
  const { trader, operator } = env.accounts;
  return {
    loan: await env.loan.balanceOf(trader),
    collateral: await env.collateral.balanceOf(trader),
    operatorLoan: await env.loan.balanceOf(operator),
    operatorCollateral: await env.collateral.balanceOf(operator),
  };
}

export async function expectSwapperEmpty(env: MarketWithPools): Promise<void> {
  expect(await env.loan.balanceOf(env.swapper)).to.equal(0n);
  expect(await env.collateral.balanceOf(env.swapper)).to.equal(0n);
}

/**
 * 50 of collateral against a debt of 80,000 at a price of 2,000: five times an equity of 20,000.
 */
export const COLLATERAL = eth("50");
export const DEBT = usd("80000");

/** Opens that position for the trader, and returns what it paid of its own. */
export async function openPosition(env: MarketWithPools, data = env.buy()): Promise<bigint> {
  const { market, swapper, accounts } = env;
  const before = await balances(env);
  await market.connect(accounts.trader).adjust(accounts.trader, COLLATERAL, DEBT, swapper, eth("13"), 0n, data);
  return before.collateral - (await balances(env)).collateral;
}

/** Undoes what an opening did to the pool's price. */
export async function arbitrage(env: MarketWithPools): Promise<void> {
  await swapToPrice(env.pools, env.pool500, env.limit("loan", PRICE));
}
