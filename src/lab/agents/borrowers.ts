import { MaxUint256, type Signer } from "ethers";

import { openLeverage } from "../../client/leverage.ts";
import { send } from "../../client/send.ts";
import { toUnits } from "../../client/units.ts";
import { isWithin, valueDown } from "../../protocol/leverage-math.ts";
import { DAY, WAD } from "../../protocol/units.ts";
import type { SimulationConfig } from "../config.ts";
import { BorrowersRefusedError } from "../errors.ts";
import { debtOf, type Borrower } from "../population/generate.ts";
import type { Chain, Clock } from "../market/chain.ts";
import { oraclePrice, sqrtPriceX96Of, type Decimals, type Deployment } from "../market/deployment.ts";
import type { Arbitrageur } from "./arbitrageur.ts";
import type { FeedOperator } from "./feed-operator.ts";
import { poke } from "./keeper.ts";

/** What borrowers deal with. */
export interface BorrowersMarket {
  readonly config: Pick<SimulationConfig, "borrowers" | "keeper" | "pool">;
  readonly chain: Chain;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly feed: FeedOperator;
  readonly arbitrageur: Arbitrageur;
}

/** A position that somebody is going to open. Amounts in token units. */
interface OpenOrder {
  readonly signer: Signer;
  readonly collateral: bigint;
  readonly debt: bigint;
  readonly maxOwnCollateral: bigint;
}

/** How the openings went. */
export interface Openings {
  readonly opened: number;
  /**
   * Times that an opening had to wait for others, since it would have brought the market above its
   * leverage cap.
   */
  readonly heldUp: number;
}

/**
 * Lets the borrowers come one after the other, each with one direct call through the swapper and
 * the pool. Between them arbitrage brings the pool back to the market price, so that opening
 * leverage doesn't move the market.
 * @param price dollars per collateral token, all the while.
 * @param progress called with the number of positions that are open.
 * @throws BorrowersRefusedError if those who are left would all bring the market above its leverage
 * cap.
 */
export async function openPositions(
  market: BorrowersMarket,
  population: readonly { readonly borrower: Borrower; readonly signer: Signer }[],
  price: number,
  progress: (opened: number) => void,
): Promise<Openings> {
  const { config, deployment, clock, feed, arbitrageur } = market;
  let queue = population.map(({ borrower, signer }) =>
    orderOf(borrower, signer, price, config.borrowers.slack, deployment.decimals),
  );
  const pause = Math.floor((config.borrowers.arrivalDays * Number(DAY)) / population.length);
  let opened = 0;
  let heldUp = 0;
  while (queue.length > 0) {
    const waiting: OpenOrder[] = [];
    for (const order of queue) {
      if (!(await fitsSystemCap(deployment, order, price))) {
        waiting.push(order);
        continue;
      }
      clock.pass(pause);
      await waitForAllowance(deployment, clock, order.debt);
      await feed.publish(price);
      await poke(market);
      await open(market, order, price);
      await arbitrageur.tradeToMarketPrice();
      progress(++opened);
    }
    if (waiting.length === queue.length) {
      throw new BorrowersRefusedError(
        `${waiting.length} borrowers wait for a market below its leverage cap, and nobody is left who would bring it there`,
        "Take more positions, or another seed.",
      );
    }
    heldUp += waiting.length;
    queue = waiting;
  }
  return { opened, heldUp };
}

function orderOf(borrower: Borrower, signer: Signer, price: number, slack: number, decimals: Decimals): OpenOrder {
  const equity = borrower.equityUsd / price;
  return {
    signer,
    collateral: toUnits(equity * borrower.leverage, decimals.collateral),
    debt: toUnits(debtOf(borrower), decimals.loan),
    maxOwnCollateral: toUnits(equity * (1 + slack), decimals.collateral),
  };
}

/**
 * Whether the market would be within its leverage cap with one position more: who sees that it
 * wouldn't waits.
 */
async function fitsSystemCap({ market, decimals }: Deployment, order: OpenOrder, price: number): Promise<boolean> {
  const [debt, totals, limits] = await Promise.all([market.totalDebt(), market.totals(), market.limits()]);
  const value = valueDown(totals.collateral + order.collateral, oraclePrice(price, decimals));
  return isWithin(debt + order.debt + 1n, value, limits.systemLeverageCap);
}

/** New debt has a speed limit: a borrower who exceeds it comes later. */
async function waitForAllowance({ market }: Deployment, clock: Clock, debt: bigint): Promise<void> {
  const [allowance, { debtCap }, { dailyAllowance }] = await Promise.all([
    market.debtAllowance(),
    market.limits(),
    market.config(),
  ]);
  if (debt <= allowance) return;
  const perDay = (debtCap * dailyAllowance) / WAD;
  clock.pass(Number(((debt - allowance) * DAY) / perDay) + 1);
}

async function open(
  { config, deployment, clock, arbitrageur }: BorrowersMarket,
  { signer, ...order }: OpenOrder,
  price: number,
): Promise<void> {
  const { market, collateralToken, addresses, decimals } = deployment;
  await clock.tick();
  await send(collateralToken.mint(signer, order.maxOwnCollateral));
  await clock.tick();
  await send(collateralToken.connect(signer).approve(market, MaxUint256));
  const worst = price * (1 + config.borrowers.slippage);
  await clock.tick();
  await openLeverage(market, addresses.swapper, signer, {
    ...order,
    poolFee: config.pool.fee,
    sqrtPriceLimitX96: sqrtPriceX96Of(worst, decimals, arbitrageur.collateralIsToken0),
    // The block that the clock has just set.
    deadline: BigInt(clock.now),
  });
}
