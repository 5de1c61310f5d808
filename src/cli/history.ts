import { Interface, zeroPadValue, type Log, type TransactionReceipt } from "ethers";

import { abi as marketAbi } from "../../abis/LeverageMarket.ts";
import { priceOracleAt } from "../client/contracts.ts";
import { inRanges } from "../client/log-ranges.ts";
import type { Market } from "../client/markets.ts";
import { decodeMarketLog } from "../events/decode.ts";
import { changedAccount, type MarketEvent } from "../events/events.ts";
import { toAddress, ZERO_ADDRESS, type Address } from "../protocol/address.ts";
import { valueDown } from "../protocol/leverage-math.ts";
import { max } from "../protocol/rounding.ts";
import type { NodeProvider } from "./node.ts";

/** Own tokens that an account put in (above zero) or got out (below zero), token units. */
export interface OwnTokens {
  readonly collateral: bigint;
  readonly loan: bigint;
}

/** Something that an account did in a market, or that was done to it. */
export interface HistoryEntry {
  readonly block: number;
  /** Unix seconds. */
  readonly time: bigint;
  readonly hash: string;
  readonly kind: "position" | "liquidation" | "lending";
  /** Of the position, collateral token units and loan token units. */
  readonly collateralDelta: bigint;
  readonly debtDelta: bigint;
  readonly own: OwnTokens;
  /** The market's price then, as `IPriceOracle` scales it; undefined if the node keeps no state of that block. */
  readonly price: bigint | undefined;
}

/** Profit and loss of an account in a market, loan token units; undefined where a price of the past is not known. */
export interface ProfitAndLoss {
  /** Own tokens in less own tokens out, each at the price of its time. */
  readonly invested: bigint | undefined;
  /** What the position is worth now. */
  readonly equity: bigint | undefined;
  readonly profit: bigint | undefined;
  /** What the debt has grown by since it was drawn, paid or not. */
  readonly interest: bigint;
  /** What was lent less what was taken out, what the shares are worth now, and the difference. */
  readonly lent: { readonly invested: bigint; readonly worth: bigint; readonly profit: bigint };
}

const MARKET = new Interface(marketAbi);
const topicOf = (name: string): string => MARKET.getEvent(name)?.topicHash ?? "";
const POSITION_TOPICS = ["CollateralSupplied", "PositionAdjusted", "Liquidated"].map(topicOf);
const TRANSFER_TOPIC = topicOf("Transfer");

/** Contracts through which a market's own trades pass: tokens that move between them are nobody's own. */
function insiders({ address, swapper, pool }: Market): ReadonlySet<string> {
  return new Set([address, swapper, pool?.address].filter((one) => one !== undefined));
}

/**
 * All that an account did in a market, from events, the oldest first.
 * @param tell is told how many transactions have been read, of how many.
 */
export async function readHistory(
  node: NodeProvider,
  market: Market,
  account: Address,
  tell: (state: string) => void,
): Promise<readonly HistoryEntry[]> {
  const logs = await readLogs(node, market, account);
  const byTransaction = Map.groupBy(logs, ({ transactionHash }) => transactionHash);
  const entries: HistoryEntry[] = [];
  for (const [hash, ofOne] of byTransaction) {
    tell(`${entries.length} of ${byTransaction.size} transactions`);
    entries.push(await readEntry(node, market, account, hash, ofOne));
  }
  return entries.sort((one, other) => one.block - other.block);
}

async function readLogs(node: NodeProvider, market: Market, account: Address): Promise<readonly Log[]> {
  const source = inRanges(node);
  const toBlock = await node.getBlockNumber();
  const topic = zeroPadValue(account, 32);
  const filters = [
    [POSITION_TOPICS, topic],
    [topicOf("Deposit"), null, topic],
    [topicOf("Withdraw"), null, null, topic],
  ];
  const found = await Promise.all(
    filters.map(async (topics) =>
      source.getLogs({ address: market.address, topics, fromBlock: market.block, toBlock }),
    ),
  );
  return found.flat().sort((one, other) => one.blockNumber - other.blockNumber || one.index - other.index);
}

async function readEntry(
  node: NodeProvider,
  market: Market,
  account: Address,
  hash: string,
  logs: readonly Log[],
): Promise<HistoryEntry> {
  const blockNumber = logs[0]?.blockNumber ?? 0;
  const [receipt, block, price] = await Promise.all([
    node.getTransactionReceipt(hash),
    node.getBlock(blockNumber),
    priceAt(node, market, blockNumber),
  ]);
  const events = logs.flatMap((log) => decodeMarketLog(market.address, log) ?? []);
  const own = events.filter((event) => changedAccount(event) === account);
  const moved = own.map(deltasOf);
  const isLiquidation = own.some(({ name }) => name === "Liquidated");
  return {
    block: blockNumber,
    time: BigInt(block?.timestamp ?? 0),
    hash,
    kind: isLiquidation ? "liquidation" : own.length === 0 ? "lending" : "position",
    collateralDelta: moved.reduce((sum, { collateral }) => sum + collateral, 0n),
    debtDelta: moved.reduce((sum, { debt }) => sum + debt, 0n),
    // A liquidator pays and takes with tokens of its own.
    own: isLiquidation ? { collateral: 0n, loan: 0n } : ownTokensIn(receipt, market),
    price,
  };
}

function deltasOf(event: MarketEvent): { readonly collateral: bigint; readonly debt: bigint } {
  switch (event.name) {
    case "CollateralSupplied":
      return { collateral: event.amount, debt: 0n };
    case "PositionAdjusted":
      return { collateral: event.collateralDelta, debt: event.debtDelta };
    case "Liquidated":
      return { collateral: -event.collateral, debt: -(event.payment - event.fee + event.loss) };
    default:
      return { collateral: 0n, debt: 0n };
  }
}

/** What came to the market and its trades from outside in a transaction, less what left them. */
export function ownTokensIn(receipt: TransactionReceipt | null, market: Market): OwnTokens {
  const inside = insiders(market);
  const sums = { collateral: 0n, loan: 0n };
  for (const { address, topics, data } of receipt?.logs ?? []) {
    const token = toAddress(address);
    const side =
      token === market.collateralToken.address ? "collateral" : token === market.loanToken.address ? "loan" : undefined;
    const [topic, from, to] = topics;
    if (side === undefined || topic !== TRANSFER_TOPIC || from === undefined || to === undefined) continue;
    const [sender, receiver] = [addressIn(from), addressIn(to)];
    if (sender === ZERO_ADDRESS) continue;
    if (inside.has(receiver) && !inside.has(sender)) sums[side] += BigInt(data);
    if (inside.has(sender) && !inside.has(receiver)) sums[side] -= BigInt(data);
  }
  return sums;
}

function addressIn(topic: string): Address {
  return toAddress(`0x${topic.slice(26)}`);
}

async function priceAt(node: NodeProvider, market: Market, block: number): Promise<bigint | undefined> {
  try {
    const [open, liquidation] = await priceOracleAt(market.oracle, node).prices({ blockTag: block });
    return max(open, liquidation);
  } catch {
    // No price then, or no state of that block any more.
    return undefined;
  }
}

/**
 * What an account has gained or lost.
 * @param now its equity and debt, and the worth of its shares, loan token units.
 */
export function profitAndLoss(
  entries: readonly HistoryEntry[],
  now: { readonly equity: bigint | undefined; readonly debt: bigint; readonly shares: bigint },
): ProfitAndLoss {
  const ofPosition = entries.filter(({ kind }) => kind !== "lending");
  let invested: bigint | undefined = 0n;
  for (const { own, price } of ofPosition) {
    const collateral = own.collateral === 0n ? 0n : price === undefined ? undefined : valueOf(own.collateral, price);
    invested = invested === undefined || collateral === undefined ? undefined : invested + collateral + own.loan;
  }
  const drawn = ofPosition.reduce((sum, { debtDelta }) => sum + debtDelta, 0n);
  const lent = entries.filter(({ kind }) => kind === "lending").reduce((sum, { own }) => sum + own.loan, 0n);
  return {
    invested,
    equity: now.equity,
    profit: invested === undefined || now.equity === undefined ? undefined : now.equity - invested,
    interest: now.debt - drawn,
    lent: { invested: lent, worth: now.shares, profit: now.shares - lent },
  };
}

function valueOf(collateral: bigint, price: bigint): bigint {
  return collateral < 0n ? -valueDown(-collateral, price) : valueDown(collateral, price);
}
