import type { Provider } from "ethers";

import { toAddress, type Address } from "../protocol/address.ts";
import { readPositions, type PositionReading } from "./account-reading.ts";
import { inRanges } from "./log-ranges.ts";
import { MARKET, type MarketReading } from "./market-reading.ts";
import type { Market } from "./markets.ts";
import type { StateSource } from "./state-reader.ts";

/**
 * The accounts that have, or have had, a position in a market, from its events: the one that came
 * first comes first.
 */
export async function readBorrowers(
  source: Pick<Provider, "getBlock" | "getBlockNumber" | "getLogs">,
  market: Market,
): Promise<readonly Address[]> {
  const toBlock = await source.getBlockNumber();
  const topics = [["PositionAdjusted", "CollateralSupplied"].map((name) => MARKET.getEvent(name)?.topicHash ?? "")];
  const logs = await inRanges(source).getLogs({ address: market.address, topics, fromBlock: market.block, toBlock });
  const accounts = logs.map(({ topics: [, account = ""] }) => toAddress(`0x${account.slice(-40)}`));
  return [...new Set(accounts)];
}

/**
 * The positions with debt that are nearest to their liquidation, the nearest first: neither a price
 * nor interest changes that order.
 * @param count how many at the most.
 */
export async function readRiskiest(
  source: StateSource & Pick<Provider, "getBlock" | "getBlockNumber" | "getLogs">,
  market: Market,
  count: number,
): Promise<{ readonly market: MarketReading; readonly positions: readonly PositionReading[] }> {
  const { market: reading, positions } = await readPositions(source, market, await readBorrowers(source, market));
  const indebted = positions.filter(({ debtShares }) => debtShares > 0n);
  // Debt per collateral, compared crosswise.
  const isRiskier = (one: PositionReading, other: PositionReading): boolean =>
    one.debtShares * other.collateral > other.debtShares * one.collateral;
  const sorted = indebted.sort((one, other) => (isRiskier(one, other) ? -1 : isRiskier(other, one) ? 1 : 0));
  return { market: reading, positions: sorted.slice(0, count) };
}
