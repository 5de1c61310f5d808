import { id, MaxUint256, type Log } from "ethers";

import type { MarketLens } from "../../../types/index.ts";
import { fromUnits } from "../../client/units.ts";
import { marketEventsIn } from "../../events/decode.ts";
import type { EventOf } from "../../events/events.ts";
import type { RiskIndex } from "../../keeper/risk-index.ts";
import { toAddress, type Address } from "../../protocol/address.ts";
import { leverageOf } from "../../protocol/closed-forms.ts";
import { valueDown } from "../../protocol/leverage-math.ts";
import { ONE_X } from "../../protocol/units.ts";
import type { LiquidationBatch, MarketInfo, MarketMoment, PositionHealth, StepFigures } from "../../record.ts";
import type { Deployment } from "./deployment.ts";

const TRANSFER = id("Transfer(address,address,uint256)");

/** A time of the scenario and the price that the feed reports there. */
export interface Instant {
  readonly seconds: number;
  readonly price: number;
}

/** The market as the lens answers. */
export type MarketView = Awaited<ReturnType<MarketLens["marketView"]>>;

/** The market as the lens tells it now. */
export async function readMarket({ lens, addresses }: Deployment): Promise<MarketView> {
  return lens.marketView(addresses.market);
}

/**
 * What the buffer owns, with the fees that are due to it and will be turned into shares at the next
 * lender's action.
 * @returns loan token units.
 */
export async function readBuffer({ market }: Deployment): Promise<bigint> {
  const [assets, shares, bufferShares] = await Promise.all([
    market.totalAssets(),
    market.totalSupply(),
    market.balanceOf(market),
  ]);
  return assets - (await market.convertToAssets(shares - bufferShares));
}

/** The market as a record names it. */
export async function marketInfo({ market, loanToken, collateralToken }: Deployment): Promise<MarketInfo> {
  const { maxLeverage, liquidationLeverage } = await market.limits();
  return {
    loanSymbol: await loanToken.symbol(),
    collateralSymbol: await collateralToken.symbol(),
    maxLeverage: leverage(maxLeverage),
    liquidationLeverage: leverage(liquidationLeverage),
  };
}

/**
 * The figures of a step.
 * @param poolPrice dollars per collateral token; likewise `badDebtUsd`, all that has been booked so
 * far, in dollars.
 */
export async function measureStep(
  deployment: Deployment,
  { seconds, price }: Instant,
  { poolPrice, badDebtUsd }: { readonly poolPrice: number; readonly badDebtUsd: number },
): Promise<StepFigures> {
  const view = await readMarket(deployment);
  return {
    seconds,
    feedPrice: price,
    poolPrice,
    systemLeverage: systemLeverageOf(view),
    systemLeverageCap: leverage(view.systemLeverageCap),
    lenderSharePrice: wad(view.sharePrice),
    bufferUsd: fromUnits(await readBuffer(deployment), deployment.decimals.loan),
    badDebtUsd,
    utilization: wad(view.utilization),
    borrowRate: wad(view.borrowRatePerYear),
  };
}

/**
 * The market's leverage, by the price that it liquidates at where there is none to open at: while
 * the guard's sources disagree.
 */
function systemLeverageOf({ openKnown, systemLeverage, debt, collateral, liquidationPrice }: MarketView): number {
  if (openKnown) return leverage(systemLeverage);
  return leverage(leverageOf(debt, valueDown(collateral, liquidationPrice)) ?? MaxUint256);
}

/** The whole market at one moment, with the health of every position of the index. */
export async function measureMoment(
  deployment: Deployment,
  index: RiskIndex,
  { seconds, price }: Instant,
): Promise<MarketMoment> {
  const { loan, collateral } = deployment.decimals;
  const view = await readMarket(deployment);
  return {
    seconds,
    price,
    debtUsd: fromUnits(view.debt, loan),
    collateralUsd: fromUnits(view.collateral, collateral) * price,
    systemLeverage: systemLeverageOf(view),
    lenderSharePrice: wad(view.sharePrice),
    bufferUsd: fromUnits(await readBuffer(deployment), loan),
    health: await healthOf(deployment, index),
  };
}

async function healthOf(deployment: Deployment, index: RiskIndex): Promise<readonly PositionHealth[]> {
  const { lens, addresses, decimals } = deployment;
  const accounts = index.positions.map(({ account }) => account);
  const { positions } = await lens.positionViews(addresses.market, accounts);
  return positions.map(({ healthFactor, debt }) => ({
    healthFactor: wad(healthFactor),
    debtUsd: fromUnits(debt, decimals.loan),
  }));
}

/** One event `Liquidated`. Amounts in token units. */
export type LiquidatedEvent = EventOf<"Liquidated">;

/** What of a receipt is needed here. */
export interface ReceiptFigures {
  readonly hash: string;
  readonly gasUsed: bigint;
  readonly logs: readonly Log[];
}

/** The market's events `Liquidated` in a transaction. */
export function liquidatedIn({ logs }: Pick<ReceiptFigures, "logs">, market: Address): readonly LiquidatedEvent[] {
  return marketEventsIn(market, "Liquidated", logs);
}

/**
 * A liquidating transaction as a record has it: all figures from its events.
 * @param keeper address to which the liquidator sends its profit.
 */
export function batchOf(
  receipt: ReceiptFigures,
  { addresses, decimals }: Pick<Deployment, "addresses" | "decimals">,
  keeper: Address,
  at: Instant,
): LiquidationBatch {
  const events = liquidatedIn(receipt, addresses.market);
  const sum = (value: (event: LiquidatedEvent) => bigint): bigint =>
    events.reduce((total, event) => total + value(event), 0n);
  const usd = (units: bigint): number => fromUnits(units, decimals.loan);
  const profit = sentIn(receipt, addresses.loanToken, addresses.flashLiquidator, keeper);
  return {
    seconds: at.seconds,
    transactionHash: receipt.hash,
    positions: events.length,
    price: at.price,
    repaidUsd: usd(sum(({ payment, fee }) => payment - fee)),
    feeUsd: usd(sum(({ fee }) => fee)),
    seizedCollateral: fromUnits(
      sum(({ collateral }) => collateral),
      decimals.collateral,
    ),
    badDebtUsd: usd(sum(({ loss }) => loss)),
    profitUsd: usd(profit),
    gasUsed: Number(receipt.gasUsed),
  };
}

/** What an account sent to another in a transaction, units of the token. */
function sentIn({ logs }: ReceiptFigures, token: Address, sender: Address, recipient: Address): bigint {
  return logs.reduce((total, { address, topics: [topic, from, to], data }) => {
    if (toAddress(address) !== token || topic !== TRANSFER) return total;
    return accountIn(from) === sender && accountIn(to) === recipient ? total + BigInt(data) : total;
  }, 0n);
}

/** The account in an indexed argument. */
function accountIn(topic = ""): string {
  return `0x${topic.slice(-40)}`;
}

/** Four decimals; the greatest number stands for "without bound". */
function leverage(value: bigint): number {
  return value === MaxUint256 ? Infinity : Number(value) / Number(ONE_X);
}

function wad(value: bigint): number {
  return value === MaxUint256 ? Infinity : fromUnits(value, 18);
}
