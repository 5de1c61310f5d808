import { Interface } from "ethers/abi";

import { abi as marketAbi } from "../../abis/LeverageMarket.ts";
import { leverageOf } from "../protocol/closed-forms.ts";
import { valueDown } from "../protocol/leverage-math.ts";
import type { OraclePrices } from "../protocol/market/limits.ts";
import type { Ramp } from "../protocol/market/state.ts";
import { CONFIG_NAMES, LIMIT_NAMES, type ConfigName, type LimitName } from "../protocol/parameters.ts";
import { max } from "../protocol/rounding.ts";
import { assetsForDown, VIRTUAL_SHARES, type ShareTotals } from "../protocol/shares-math.ts";
import { MAX_PRICE, WAD, YEAR } from "../protocol/units.ts";
import { askAboutGuard, guardFrom, PRICES, type AskedGuard, type GuardReading } from "./guard-reading.ts";
import type { Market } from "./markets.ts";
import { ReadBatch, type Answers, type Asked, type BlockStamp, type StateSource } from "./state-reader.ts";

/** A scheduled raise of a limit. */
export interface PendingRaise {
  readonly limit: LimitName;
  /** In the units of the limit. */
  readonly value: bigint;
  /** From when anyone may apply it, until a week later; Unix seconds. */
  readonly validFrom: bigint;
}

/**
 * A market as of a block, pending interest included. Amounts in loan token units if nothing else is
 * said, shares of a whole and rates in WAD, leverage in four decimals, prices as `IPriceOracle`
 * scales them.
 */
export interface MarketReading {
  readonly market: Market;
  readonly block: BlockStamp;
  /**
   * What new risk is measured with; undefined while the oracle gives none that the market takes:
   * nobody can open then.
   */
  readonly openPrice: bigint | undefined;
  /** What liquidations are measured with; undefined while nobody can be liquidated. */
  readonly liquidationPrice: bigint | undefined;
  /** What lenders can withdraw and borrowers borrow. */
  readonly cash: bigint;
  /** Of all positions, rounded up. */
  readonly debt: bigint;
  readonly debtShares: bigint;
  /** Of all positions, collateral token units. */
  readonly collateral: bigint;
  /** What the lenders and the buffer own. */
  readonly totalAssets: bigint;
  readonly totalShares: bigint;
  /** By which shares are converted: fees that are due count as shares already. */
  readonly shareTotals: ShareTotals;
  /** Whole loan tokens per whole share, WAD, rounded down; 1e18 in a new market. */
  readonly sharePrice: bigint;
  /** Of the solvency buffer, in shares that it holds already. */
  readonly bufferShares: bigint;
  /** Of the solvency buffer, fees that are due included, rounded up. */
  readonly bufferAssets: bigint;
  /** Lent part of the assets, rounded down. */
  readonly utilization: bigint;
  /** Debt units per debt share, WAD. */
  readonly borrowIndex: bigint;
  /** Without compounding. */
  readonly borrowRatePerYear: bigint;
  /** What a lender earns after the fee to the buffer, without compounding. */
  readonly supplyRatePerYear: bigint;
  /** Of all positions together, rounded up; undefined without a price, or without equity. */
  readonly systemLeverage: bigint | undefined;
  readonly limits: Readonly<Record<LimitName, bigint>>;
  readonly config: Readonly<Record<ConfigName, bigint>>;
  /** New debt that the speed limit allows now. */
  readonly debtAllowance: bigint;
  readonly raises: readonly PendingRaise[];
  /** That the liquidation limit follows, or has followed to its end. */
  readonly ramp: Ramp | undefined;
  /** Undefined for a market on a bare oracle. */
  readonly guard: GuardReading | undefined;
}

/**
 * Everything about a market at one block, by one `eth_call`. @param block the latest if left out.
 */
export async function readMarket(source: StateSource, market: Market, block?: number): Promise<MarketReading> {
  const batch = new ReadBatch();
  const asked = askAboutMarket(batch, market);
  return marketFrom(await batch.read(source, { block }), market, asked);
}

export const MARKET = new Interface(marketAbi);

const VIEWS = [
  "totals",
  "interest",
  "limits",
  "config",
  "totalDebt",
  "totalAssets",
  "totalSupply",
  "debtAllowance",
  "ramp",
] as const;

/** The calls that `marketFrom` needs. */
export interface AskedMarket {
  readonly views: Readonly<Record<(typeof VIEWS)[number], Asked>>;
  readonly buffer: Asked;
  readonly worth: Asked;
  readonly prices: Asked;
  readonly raises: readonly { readonly limit: LimitName; readonly raise: Asked }[];
  readonly guard: AskedGuard | undefined;
}

/**
 * So many shares that what they are worth tells the total of shares, fees that are due included, to
 * the last one.
 */
const MANY_SHARES = 2n ** 230n;

export function askAboutMarket(batch: ReadBatch, market: Market): AskedMarket {
  const ask = (name: string, ...args: unknown[]): Asked => batch.add(market.address, MARKET, name, ...args);
  return {
    views: Object.fromEntries(VIEWS.map((name) => [name, ask(name)])) as AskedMarket["views"],
    buffer: ask("balanceOf", market.address),
    worth: ask("convertToAssets", MANY_SHARES),
    prices: batch.add(market.oracle, PRICES, "prices"),
    raises: LIMIT_NAMES.map((limit, index) => ({ limit, raise: ask("scheduledRaise", index) })),
    guard: market.guard && askAboutGuard(batch, market.guard),
  };
}

export function marketFrom(answers: Answers, market: Market, asked: AskedMarket): MarketReading {
  const { views } = asked;
  const [cash, debtShares, collateral] = answers.all(views.totals) as unknown as [bigint, bigint, bigint];
  const [borrowIndex, borrowRate] = answers.all(views.interest) as unknown as [bigint, bigint];
  const limits = record(LIMIT_NAMES, answers.struct(views.limits));
  const config = record(CONFIG_NAMES, answers.struct(views.config));
  const debt = answers.number(views.totalDebt);
  const totalAssets = answers.number(views.totalAssets);
  const totalShares = answers.number(views.totalSupply);
  const buffer = answers.number(asked.buffer);
  const shareTotals = { totalAssets, totalShares: sharesTold(totalAssets, answers.number(asked.worth)) };
  const { open, liquidation } = pricesFrom(answers, asked.prices);
  const utilization = debt === 0n ? 0n : (debt * WAD) / (debt + cash);
  const isBufferFull = buffer !== 0n && buffer * WAD >= totalShares * config.bufferTarget;
  const lendersPart = isBufferFull ? WAD : WAD - config.interestFee;
  const borrowRatePerYear = borrowRate * YEAR;
  return {
    market,
    block: answers.block,
    openPrice: open,
    liquidationPrice: liquidation,
    cash,
    debt,
    debtShares,
    collateral,
    totalAssets,
    totalShares,
    shareTotals,
    bufferShares: buffer,
    sharePrice:
      assetsForDown(10n ** BigInt(market.loanToken.decimals + 6) * WAD, shareTotals) /
      10n ** BigInt(market.loanToken.decimals),
    bufferAssets: totalAssets - assetsForDown(totalShares - buffer, shareTotals),
    utilization,
    borrowIndex,
    borrowRatePerYear,
    supplyRatePerYear: (borrowRatePerYear * utilization * lendersPart) / (WAD * WAD),
    systemLeverage: open === undefined ? undefined : leverageOf(debt, valueDown(collateral, open)),
    limits,
    config,
    debtAllowance: answers.number(views.debtAllowance),
    raises: raisesFrom(answers, asked.raises),
    ramp: rampFrom(answers.struct(views.ramp)),
    guard: asked.guard && guardFrom(answers, asked.guard),
  };
}

function record<Name extends string>(names: readonly Name[], values: readonly bigint[]): Record<Name, bigint> {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? 0n])) as Record<Name, bigint>;
}

/** The total of shares that makes `MANY_SHARES` worth so much, rounded to the nearest. */
function sharesTold(totalAssets: bigint, worth: bigint): bigint {
  if (worth === 0n) return 0n;
  return (2n * MANY_SHARES * (totalAssets + 1n) + worth) / (2n * worth) - VIRTUAL_SHARES;
}

function raisesFrom(answers: Answers, asked: AskedMarket["raises"]): readonly PendingRaise[] {
  return asked.flatMap(({ limit, raise }) => {
    const [value, validFrom] = answers.all(raise) as unknown as [bigint, bigint];
    return validFrom === 0n ? [] : [{ limit, value, validFrom }];
  });
}

function rampFrom([from = 0n, to = 0n, start = 0n, end = 0n, fraction = 0n]: readonly bigint[]): Ramp | undefined {
  return end === 0n ? undefined : { from, to, start, end, fraction };
}

/** The prices that the market takes of its oracle's. */
function pricesFrom(answers: Answers, asked: Asked): { readonly [Name in keyof OraclePrices]: bigint | undefined } {
  const [open = 0n, liquidation = 0n] = (answers.maybe(asked) ?? []) as unknown as [bigint?, bigint?];
  const usable = (price: bigint): bigint | undefined => (price > 0n && price <= MAX_PRICE ? price : undefined);
  return { open: usable(open), liquidation: usable(max(open, liquidation)) };
}
