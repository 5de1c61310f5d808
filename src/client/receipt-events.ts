import { Interface } from "ethers/abi";

import { decodeMarketLog, type RawLog } from "../events/decode.ts";
import type { MarketEvent } from "../events/events.ts";
import type { Address } from "../protocol/address.ts";
import type { Market } from "./markets.ts";

/** The parts of a receipt that tell what happened. */
export interface MinedTransaction {
  readonly logs: readonly RawLog[];
  readonly gasUsed: bigint;
  /** Wei. */
  readonly gasPrice: bigint;
}

/** What a transaction has really done. */
export interface Happened {
  /** The market's events that change its state, in their order. */
  readonly events: readonly MarketEvent[];
  /** What the account has got (above zero) or given (below zero), token units and share units. */
  readonly loan: bigint;
  readonly collateral: bigint;
  readonly shares: bigint;
  /** What the gas has cost, wei, the share of a layer-two chain's own costs aside. */
  readonly fee: bigint;
}

const TOKEN = new Interface(["event Transfer(address indexed from, address indexed to, uint256 value)"]);

/** What a mined transaction has done in a market and to an account, from its receipt. */
export function happened(market: Market, account: Address, { logs, gasUsed, gasPrice }: MinedTransaction): Happened {
  const own = logs.filter(({ address }) => address.toLowerCase() === market.address);
  return {
    events: own.flatMap((log) => decodeMarketLog(market.address, log) ?? []),
    loan: received(market.loanToken.address, account, logs),
    collateral: received(market.collateralToken.address, account, logs),
    shares: received(market.address, account, logs),
    fee: gasUsed * gasPrice,
  };
}

/** What the account has got of a token, less what it has given. */
function received(token: Address, account: Address, logs: readonly RawLog[]): bigint {
  let sum = 0n;
  for (const log of logs) {
    if (log.address.toLowerCase() !== token || log.topics[0] !== TOKEN.getEvent("Transfer")?.topicHash) continue;
    const [from, to, value] = TOKEN.decodeEventLog("Transfer", log.data, log.topics) as unknown as [
      string,
      string,
      bigint,
    ];
    if (to.toLowerCase() === account) sum += value;
    if (from.toLowerCase() === account) sum -= value;
  }
  return sum;
}
