import { Interface, type EventFragment } from "ethers/abi";

import { abi as factoryAbi } from "../../abis/MarketFactory.ts";
import { abi as marketAbi } from "../../abis/LeverageMarket.ts";
import { toAddress, type Address } from "../protocol/address.ts";
import { flattenParameters, LIMIT_NAMES, type LimitName, type MarketParameters } from "../protocol/parameters.ts";
import { InconsistentEventsError, UnexpectedLogError } from "./errors.ts";
import type { EventName, EventOf, MarketEvent } from "./events.ts";

/** A log as any JSON-RPC client gives it. */
export interface RawLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** The market's event that a log tells; undefined for one that changes nothing of a market's state. */
type Decoder = (log: RawLog) => MarketEvent | undefined;

/** Reads a word of 32 bytes: 64 hexadecimal digits. */
type WordReader = (digits: string) => unknown;

const WORD = 64;

const readUint: WordReader = (digits) => BigInt(`0x${digits}`);
const readInt: WordReader = (digits) => BigInt.asIntN(256, BigInt(`0x${digits}`));
const readAddress: WordReader = (digits) => `0x${digits.slice(24)}`;
const readBool: WordReader = (digits) => digits.endsWith("1");

function readerOf(type: string): WordReader {
  if (type.startsWith("uint")) return readUint;
  if (type.startsWith("int")) return readInt;
  if (type === "address") return readAddress;
  if (type === "bool") return readBool;
  // Checked when this file is loaded, and so by every test: no event has an argument of another type.
  throw new TypeError(`No event of a market may have an argument of the type ${type}.`);
}

/** The limit that the contract's enum `Limit` gives that number. */
export function limitOfNumber(number: bigint): LimitName {
  const limit = LIMIT_NAMES[Number(number)];
  if (limit === undefined) {
    throw new InconsistentEventsError(`An event names the limit number ${number}, and there is none of that number`);
  }
  return limit;
}

/** The arguments of an event of static types, by name, read from where the ABI says they stand. */
function decoderOf(fragment: EventFragment): (log: RawLog) => Readonly<Record<string, unknown>> {
  let [topic, word] = [1, 0];
  const fields = fragment.inputs.map(({ name, type, indexed }) => ({
    name,
    read: name === "limit" ? (digits: string) => limitOfNumber(BigInt(`0x${digits}`)) : readerOf(type),
    topic: indexed === true ? topic++ : 0,
    start: indexed === true ? 0 : 2 + WORD * word++,
  }));
  const [topics, length] = [topic, 2 + WORD * word];
  return (log) => {
    if (log.topics.length !== topics || log.data.length !== length) {
      throw new UnexpectedLogError(`A log of ${log.address}`, `it is no complete ${fragment.name}`);
    }
    return Object.fromEntries([
      ["name", fragment.name],
      ...fields.map(({ name, read, topic: at, start }) => [
        name,
        read(at === 0 ? log.data.slice(start, start + WORD) : (log.topics[at] ?? "").slice(2)),
      ]),
    ]) as Readonly<Record<string, unknown>>;
  };
}

const NAMES: Readonly<Record<EventName, true>> = {
  Accrued: true,
  CollateralSupplied: true,
  PositionAdjusted: true,
  Liquidated: true,
  LossBooked: true,
  Deposit: true,
  Withdraw: true,
  Transfer: true,
  LimitSet: true,
  RaiseScheduled: true,
  RaisesCleared: true,
  RampStarted: true,
  OperatorSet: true,
};

const market = new Interface(marketAbi);
const factory = new Interface(factoryAbi);

/** Made once: from an event's topic to what reads it. The names of the arguments are those of the ABI. */
const DECODERS: ReadonlyMap<string, Decoder> = new Map(
  Object.keys(NAMES).map((name) => {
    const fragment = market.getEvent(name);
    if (fragment === null) throw new TypeError(`The market has no event ${name}.`);
    return [fragment.topicHash, decoderOf(fragment) as Decoder];
  }),
);

/** The topic of an event of a market, to filter logs by. */
export function topicOf(name: EventName): string {
  const fragment = market.getEvent(name);
  if (fragment === null) throw new TypeError(`The market has no event ${name}.`);
  return fragment.topicHash;
}

/**
 * A log of a market as its event; undefined for one that changes nothing of the market's state, such as an approval.
 * @throws UnexpectedLogError for a log of another contract, and for one that is cut off.
 */
export function decodeMarketLog(address: Address, log: RawLog): MarketEvent | undefined {
  if (log.address.toLowerCase() !== address) {
    throw new UnexpectedLogError(`A log of ${log.address}`, `it is no log of the market ${address}`);
  }
  return DECODERS.get(log.topics[0] ?? "")?.(log);
}

/** The events of a name that a market has emitted among the logs of a receipt, which come from several contracts. */
export function marketEventsIn<Name extends EventName>(
  address: Address,
  name: Name,
  logs: readonly RawLog[],
): readonly EventOf<Name>[] {
  return logs
    .filter((log) => log.address.toLowerCase() === address)
    .flatMap((log) => decodeMarketLog(address, log) ?? [])
    .filter((event): event is EventOf<Name> => event.name === name);
}

/** The factory's record of a new market. */
export interface CreatedMarket {
  readonly address: Address;
  readonly loanToken: Address;
  readonly collateralToken: Address;
  readonly oracle: Address;
  readonly authority: Address;
  readonly params: MarketParameters;
}

interface MarketCreatedArguments {
  readonly market: string;
  readonly params: Parameters<typeof flattenParameters>[0] & Readonly<Record<string, string>>;
}

export const MARKET_CREATED_TOPIC = factory.getEvent("MarketCreated")?.topicHash ?? "";

/**
 * A log of a market factory as the market that it tells of; undefined for another of its logs.
 * @throws UnexpectedLogError for a log of another contract.
 */
export function decodeMarketCreated(address: Address, log: RawLog): CreatedMarket | undefined {
  if (log.address.toLowerCase() !== address) {
    throw new UnexpectedLogError(`A log of ${log.address}`, `it is no log of the factory ${address}`);
  }
  const parsed = factory.parseLog({ topics: [...log.topics], data: log.data });
  if (parsed?.name !== "MarketCreated") return undefined;
  const { market: created, params } = parsed.args as unknown as MarketCreatedArguments;
  const addressOf = (name: string): Address => toAddress(params[name] ?? "");
  return {
    address: toAddress(created),
    loanToken: addressOf("loanToken"),
    collateralToken: addressOf("collateralToken"),
    oracle: addressOf("oracle"),
    authority: addressOf("authority"),
    params: flattenParameters(params),
  };
}
