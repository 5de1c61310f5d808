import { MaxUint256, type Signer } from "ethers";

import { openLeverage } from "../client/open-leverage.ts";
import { send } from "../client/send.ts";
import { toUnits } from "../client/units.ts";
import { isWithin, valueDown } from "../protocol/leverage-math.ts";
import { DAY, WAD } from "../protocol/units.ts";
import { debtOf, type Borrower } from "./population/generate.ts";
import { sqrtPriceX96FromPrice } from "../protocol/uniswap-v3/price.ts";
import type { Clock } from "./clock.ts";
import type { Deployment } from "./deploy.ts";
import { BorrowersRefusedError } from "./errors.ts";
import type { MarketPlace } from "./market-place.ts";
import { feedAnswer, oraclePrice } from "./prices.ts";
import { COLLATERAL_DECIMALS, SETTINGS, USD_DECIMALS } from "./settings.ts";

/** What one borrower wants, in token units. */
interface Wish {
  readonly signer: Signer;
  readonly collateral: bigint;
  readonly debt: bigint;
  readonly maxOwnCollateral: bigint;
}

/** How the openings went. */
export interface Openings {
  readonly opened: number;
  /** Openings that the system leverage cap held up until others had come. */
  readonly heldUp: number;
}

/**
 * Lets the borrowers come one after the other, each with one direct call through the swapper and the pool. Between them
 * arbitrage brings the pool back to the market price, so that opening leverage doesn't move the market.
 */
export async function openPositions(
  deployment: Deployment,
  place: MarketPlace,
  clock: Clock,
  population: readonly { readonly borrower: Borrower; readonly signer: Signer }[],
  price: number,
  progress: (opened: number) => void,
): Promise<Openings> {
  let queue = population.map(({ borrower, signer }) => wishOf(borrower, signer, price));
  const pause = Math.floor((SETTINGS.arrivalDays * Number(DAY)) / population.length);
  let opened = 0;
  let heldUp = 0;
  while (queue.length > 0) {
    const waiting: Wish[] = [];
    for (const wish of queue) {
      if (!(await fitsSystemCap(deployment, wish, price))) {
        waiting.push(wish);
        continue;
      }
      clock.pass(pause);
      await waitForAllowance(deployment, clock, wish.debt);
      await place.report(clock, price);
      await open(deployment, place, clock, wish, price);
      await place.settle(clock);
      progress(++opened);
    }
    if (waiting.length === queue.length) throw new BorrowersRefusedError(waiting.length);
    heldUp += waiting.length;
    queue = waiting;
  }
  return { opened, heldUp };
}

function wishOf(borrower: Borrower, signer: Signer, price: number): Wish {
  const equity = borrower.equityUsd / price;
  return {
    signer,
    collateral: toUnits(equity * borrower.leverage, COLLATERAL_DECIMALS),
    debt: toUnits(debtOf(borrower), USD_DECIMALS),
    maxOwnCollateral: toUnits(equity * (1 + SETTINGS.borrowerSlack), COLLATERAL_DECIMALS),
  };
}

/** Whether the market would be within its leverage cap with one position more: a borrower who sees that it wouldn't waits. */
async function fitsSystemCap({ market }: Deployment, wish: Wish, price: number): Promise<boolean> {
  const [debt, totals, limits] = await Promise.all([market.totalDebt(), market.totals(), market.limits()]);
  const value = valueDown(totals.collateral + wish.collateral, oraclePrice(feedAnswer(price)));
  return isWithin(debt + wish.debt + 1n, value, limits.systemLeverageCap);
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
  deployment: Deployment,
  place: MarketPlace,
  clock: Clock,
  { signer, ...order }: Wish,
  price: number,
): Promise<void> {
  const { market, collateralToken, addresses } = deployment;
  await clock.tick();
  await send(collateralToken.mint(signer, order.maxOwnCollateral));
  await clock.tick();
  await send(collateralToken.connect(signer).approve(market, MaxUint256));
  const worst = oraclePrice(feedAnswer(price * (1 + SETTINGS.borrowerSlippage)));
  await clock.tick();
  await openLeverage(market, addresses.swapper, signer, {
    ...order,
    poolFee: SETTINGS.poolFee,
    sqrtPriceLimitX96: sqrtPriceX96FromPrice(worst, place.collateralIsToken0),
  });
}
