import type { Log, Provider } from "ethers";
import { Interface } from "ethers/abi";
import { zeroPadValue } from "ethers/utils";

import { decodeMarketLog } from "../events/decode.ts";
import type { EventOf } from "../events/events.ts";
import { InconsistentEventsError } from "../events/errors.ts";
import type { Address } from "../protocol/address.ts";
import { valueDown } from "../protocol/leverage-math.ts";
import { abs } from "../protocol/rounding.ts";
import type { AccountReading } from "./account-reading.ts";
import { NodeAnswerError } from "./errors.ts";
import { inRanges } from "./log-ranges.ts";
import { MARKET } from "./market-reading.ts";
import type { Market } from "./markets.ts";
import { isCollateralToken0 } from "./swap-quote.ts";

/** Something that has happened to an account in a market. */
export interface HistoryEntry {
  readonly block: number;
  /** Of the block, Unix seconds. */
  readonly timestamp: bigint;
  readonly transaction: string;
  readonly event: EventOf<"PositionAdjusted" | "CollateralSupplied" | "Liquidated" | "Deposit" | "Withdraw">;
  /** The swap that was a part of it, token units; undefined where nothing was swapped. */
  readonly swap: { readonly loan: bigint; readonly collateral: bigint } | undefined;
  /**
   * What went from the market to whoever acted for the account (above zero), or from there to the
   * market (below zero): token units. Nothing for a liquidation.
   */
  readonly loan: bigint;
  readonly collateral: bigint;
}

/**
 * What an account has made of a position, by all of its history. Amounts in loan token units if
 * nothing else is said.
 */
export interface ProfitAndLoss {
  /**
   * All that has come out of the position, less all that has gone in: of the loan token and, in its
   * units, of collateral.
   */
  readonly loan: bigint;
  readonly collateral: bigint;
  /** Collateral value less debt of what is left; undefined without a price. */
  readonly equity: bigint | undefined;
  /**
   * Profit against having kept the tokens, at the price of now: what is left and what has come out,
   * less what has gone in. Undefined without a price.
   */
  readonly profit: bigint | undefined;
  /** Interest that has been charged, paid or not. */
  readonly interest: bigint;
  /** What liquidators have taken of the collateral, its units, and have paid of the debt. */
  readonly liquidated: { readonly collateral: bigint; readonly debt: bigint };
}

/** What an account has made of lending. Loan token units. */
export interface LendingProfit {
  readonly deposited: bigint;
  readonly withdrawn: bigint;
  /** What its shares are worth. */
  readonly assets: bigint;
  /** Shares that were transferred count as a gain of whoever got them. */
  readonly profit: bigint;
}

export type HistorySource = Pick<Provider, "getBlock" | "getBlockNumber" | "getLogs">;

const POOL = new Interface([
  "event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)",
]);

/** Topics of events, by their names. */
function topicOf(abi: Interface, name: string): string {
  return abi.getEvent(name)?.topicHash ?? "";
}

/**
 * All that has happened to an account in a market, the oldest first. Nodes that allow ranges of
 * some blocks alone are asked in as many as that takes.
 * @param range.to the latest block if left out.
 * @throws InconsistentEventsError if the node answers with logs that can't be true.
 */
export async function readHistory(
  source: HistorySource,
  market: Market,
  account: Address,
  range: { readonly from?: number; readonly to?: number } = {},
): Promise<readonly HistoryEntry[]> {
  const logs = inRanges(source);
  const fromBlock = Math.max(range.from ?? 0, market.block);
  const toBlock = range.to ?? (await source.getBlockNumber());
  const topic = zeroPadValue(account, 32);
  const read = (address: string | undefined, topics: (string | string[] | null)[]): Promise<readonly Log[]> =>
    logs.getLogs({ ...(address === undefined ? {} : { address }), topics, fromBlock, toBlock });
  const position = ["PositionAdjusted", "CollateralSupplied", "Liquidated"].map((name) => topicOf(MARKET, name));
  const [changes, deposits, withdrawals, swaps] = await Promise.all([
    read(market.address, [position, topic]),
    read(market.address, [topicOf(MARKET, "Deposit"), null, topic]),
    read(market.address, [topicOf(MARKET, "Withdraw"), null, null, topic]),
    market.swapper === undefined
      ? []
      : read(market.pool?.address, [
          topicOf(POOL, "Swap"),
          zeroPadValue(market.swapper, 32),
          zeroPadValue(market.address, 32),
        ]),
  ]);
  const ordered = [...changes, ...deposits, ...withdrawals].sort(byPlace);
  const timeOf = timesOf(source);
  const entries: HistoryEntry[] = [];
  for (const [place, log] of ordered.entries()) {
    const event = decodeMarketLog(market.address, log) as HistoryEntry["event"] | undefined;
    if (event === undefined) throw new InconsistentEventsError("The node gave a log that was not asked for");
    const next = ordered.slice(place + 1).find(({ topics }) => topics[0] === topicOf(MARKET, "PositionAdjusted"));
    const swap = swapOf(market, log, event, swaps, next);
    entries.push({
      block: log.blockNumber,
      timestamp: await timeOf(log.blockNumber),
      transaction: log.transactionHash,
      event,
      swap,
      ...flowsOf(event, swap),
    });
  }
  return entries;
}

/**
 * What the account has made of its position. @param history all of it, up to the block of the
 * reading.
 */
export function profitAndLoss(history: readonly HistoryEntry[], { market, position }: AccountReading): ProfitAndLoss {
  let [loan, collateral, interest] = [0n, 0n, position.debt];
  let liquidated = { collateral: 0n, debt: 0n };
  for (const { event, ...flows } of history) {
    if (event.name === "Deposit" || event.name === "Withdraw") continue;
    loan += flows.loan;
    collateral += flows.collateral;
    if (event.name === "PositionAdjusted") interest -= event.debtDelta;
    if (event.name === "Liquidated") {
      const debt = event.payment - event.fee + event.loss;
      interest += debt;
      liquidated = { collateral: liquidated.collateral + event.collateral, debt: liquidated.debt + debt };
    }
  }
  const { equity } = position;
  const { openPrice } = market;
  const isKnown = equity !== undefined && openPrice !== undefined;
  const profit = isKnown ? equity + loan + signedValue(collateral, openPrice) : undefined;
  return { loan, collateral, equity, profit, interest, liquidated };
}

/**
 * What the account has made of lending. @param history all of it, up to the block of the reading.
 */
export function lendingProfit(history: readonly HistoryEntry[], { wallet }: AccountReading): LendingProfit {
  let [deposited, withdrawn] = [0n, 0n];
  for (const { event } of history) {
    if (event.name === "Deposit") deposited += event.assets;
    if (event.name === "Withdraw") withdrawn += event.assets;
  }
  const { assets } = wallet.shares;
  return { deposited, withdrawn, assets, profit: assets + withdrawn - deposited };
}

function signedValue(collateral: bigint, price: bigint): bigint {
  return collateral < 0n ? -valueDown(-collateral, price) : valueDown(collateral, price);
}

/**
 * The swap of the market's swapper that follows an adjustment in its transaction, before the next
 * one.
 */
function swapOf(
  market: Market,
  log: Log,
  event: HistoryEntry["event"],
  swaps: readonly Log[],
  nextAdjustment: Log | undefined,
): HistoryEntry["swap"] {
  if (event.name !== "PositionAdjusted") return undefined;
  // An adjustment with a swap moves both, the same way; the swap is made before the call ends.
  if (event.collateralDelta > 0n !== event.debtDelta > 0n || event.collateralDelta === 0n || event.debtDelta === 0n) {
    return undefined;
  }
  const next = swaps
    .filter(({ transactionHash }) => transactionHash === log.transactionHash)
    .filter((swap) => byPlace(log, swap) < 0 && (nextAdjustment === undefined || byPlace(swap, nextAdjustment) < 0))
    .sort(byPlace)[0];
  if (next === undefined) return undefined;
  const [, , amount0, amount1] = POOL.decodeEventLog("Swap", next.data, next.topics) as unknown as [
    string,
    string,
    bigint,
    bigint,
  ];
  const [collateral, loan] = isCollateralToken0(market) ? [amount0, amount1] : [amount1, amount0];
  return { loan: abs(loan), collateral: abs(collateral) };
}

/** What is not swapped goes to, or comes from, whoever acts. */
function flowsOf(event: HistoryEntry["event"], swap: HistoryEntry["swap"]): Pick<HistoryEntry, "loan" | "collateral"> {
  switch (event.name) {
    case "PositionAdjusted": {
      const isRaise = event.debtDelta > 0n;
      const [loan, collateral] = [swap?.loan ?? 0n, swap?.collateral ?? 0n];
      return isRaise
        ? { loan: event.debtDelta - loan, collateral: collateral - event.collateralDelta }
        : { loan: event.debtDelta + loan, collateral: -event.collateralDelta - collateral };
    }
    case "CollateralSupplied":
      return { loan: 0n, collateral: -event.amount };
    case "Deposit":
      return { loan: -event.assets, collateral: 0n };
    case "Withdraw":
      return { loan: event.assets, collateral: 0n };
    case "Liquidated":
      return { loan: 0n, collateral: 0n };
  }
}

interface Placed {
  readonly blockNumber: number;
  readonly index: number;
}

function byPlace(one: Placed, other: Placed): number {
  return one.blockNumber - other.blockNumber || one.index - other.index;
}

/** Times of blocks; each is asked for once. */
function timesOf(source: HistorySource): (block: number) => Promise<bigint> {
  const times = new Map<number, bigint>();
  return async (number) => {
    const known = times.get(number);
    if (known !== undefined) return known;
    const block = await source.getBlock(number);
    if (block === null) throw new NodeAnswerError(`The node has logs of the block ${number}, and lacks the block`);
    times.set(number, BigInt(block.timestamp));
    return BigInt(block.timestamp);
  };
}
