import type { Provider } from "ethers";

import type { Address } from "../protocol/address.ts";
import { decodeMarketCreated, decodeMarketLog, MARKET_CREATED_TOPIC, type CreatedMarket } from "./decode.ts";
import { UnexpectedLogError } from "./errors.ts";
import type { EventPlace, MarketEvent } from "./events.ts";

/** The methods of a provider that reading events needs. */
export type LogSource = Pick<Provider, "getBlock" | "getLogs">;

/** An event and where it was emitted. */
export interface PlacedEvent {
  readonly event: MarketEvent;
  readonly place: EventPlace;
}

/** A new market and where it was created. */
export interface PlacedCreation {
  readonly created: CreatedMarket;
  readonly place: EventPlace;
}

/**
 * The events of a market in the blocks from `from` to `to` (inclusive), in the order of the chain.
 * @throws UnexpectedLogError or InconsistentEventsError as `decodeMarketLog`, and
 * UnexpectedLogError if the node lacks the block of a log.
 */
export async function readMarketEvents(
  source: LogSource,
  market: Address,
  from: number,
  to: number,
): Promise<readonly PlacedEvent[]> {
  const logs = await source.getLogs({ address: market, fromBlock: from, toBlock: to });
  const placeOf = placesIn(source);
  const placed: PlacedEvent[] = [];
  for (const log of logs) {
    const event = decodeMarketLog(market, log);
    if (event !== undefined) placed.push({ event, place: await placeOf(log) });
  }
  return placed;
}

/**
 * The markets that a factory created in the blocks from `from` to `to` (inclusive), the oldest
 * first.
 * @throws UnexpectedLogError as `decodeMarketCreated`, and if the node lacks the block of a log.
 */
export async function readCreatedMarkets(
  source: LogSource,
  factory: Address,
  from: number,
  to: number,
): Promise<readonly PlacedCreation[]> {
  const topics = [MARKET_CREATED_TOPIC];
  const logs = await source.getLogs({ address: factory, topics, fromBlock: from, toBlock: to });
  const placeOf = placesIn(source);
  const placed: PlacedCreation[] = [];
  for (const log of logs) {
    const created = decodeMarketCreated(factory, log);
    if (created !== undefined) placed.push({ created, place: await placeOf(log) });
  }
  return placed;
}

interface LogPlace {
  readonly blockNumber: number;
  readonly transactionIndex: number;
  readonly index: number;
}

/** Finds the places of logs; requests the time of each block once. */
function placesIn(source: LogSource): (log: LogPlace) => Promise<EventPlace> {
  const timestamps = new Map<number, bigint>();
  return async ({ blockNumber, transactionIndex, index }) => {
    let timestamp = timestamps.get(blockNumber);
    if (timestamp === undefined) {
      const block = await source.getBlock(blockNumber);
      if (block === null)
        throw new UnexpectedLogError(`Block ${blockNumber}`, "the node returned logs of this block, but not the block");
      timestamp = BigInt(block.timestamp);
      timestamps.set(blockNumber, timestamp);
    }
    return { blockNumber, transactionIndex, logIndex: index, timestamp };
  };
}
