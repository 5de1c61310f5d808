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

/** Reads a log of one kind of event. */
type Decoder = (log: RawLog) => MarketEvent;

/** Reads a word of 32 bytes: 64 hexadecimal digits in lower case; undefined for one that is none of the type. */
type WordReader = (digits: string) => unknown;

const WORD = 64;
const HEX = /^0x[0-9a-f]*$/u;
/** The digits of a word before an address. */
const NO_ADDRESS = "0".repeat(24);

const readUint: WordReader = (digits) => BigInt(`0x${digits}`);
const readInt: WordReader = (digits) => BigInt.asIntN(256, BigInt(`0x${digits}`));
const readAddress: WordReader = (digits) =>
  digits.startsWith(NO_ADDRESS) ? toAddress(`0x${digits.slice(24)}`) : undefined;
const readBool: WordReader = (digits) => {
  const value = BigInt(`0x${digits}`);
  return value > 1n ? undefined : value === 1n;
};
const readLimit: WordReader = (digits) => limitOfNumber(BigInt(`0x${digits}`));

function readerOf(name: string, type: string): WordReader {
  if (name === "limit") return readLimit;
  if (type.startsWith("uint")) return readUint;
  if (type.startsWith("int")) return readInt;
  if (type === "address") return readAddress;
  if (type === "bool") return readBool;
  // Thrown when this file is loaded, and so by every test: no event of a market has an argument of another type.
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

/** Reads an event of static types from where its ABI says that the arguments stand. */
function decoderOf(fragment: EventFragment): Decoder {
  let [topic, word] = [1, 0];
  const fields = fragment.inputs.map(({ name, type, indexed }) => ({
    name,
    read: readerOf(name, type),
    topic: indexed === true ? topic++ : 0,
    start: indexed === true ? 0 : 2 + WORD * word++,
  }));
  const [topics, length] = [topic, 2 + WORD * word];
  return (log) => {
    const isComplete = log.topics.length === topics && log.data.length === length;
    if (!isComplete || log.topics.some((one) => one.length !== 2 + WORD)) throw incomplete(log, fragment.name);
    const values = fields.map(({ name, read, topic: at, start }) => {
      const value = read(at === 0 ? log.data.slice(start, start + WORD) : (log.topics[at] ?? "").slice(2));
      if (value === undefined) throw incomplete(log, fragment.name);
      return [name, value] as const;
    });
    return Object.fromEntries([["name", fragment.name], ...values]) as unknown as MarketEvent;
  };
}

function incomplete(log: RawLog, name: string): UnexpectedLogError {
  return new UnexpectedLogError(`A log of ${log.address}`, `it is no complete ${name}`);
}

/**
 * The log with all its digits in lower case.
 * @throws UnexpectedLogError if they are none, or if another contract emitted it.
 */
function checkedLog(address: Address, log: RawLog, emitter: string): RawLog {
  const lower = {
    address: log.address.toLowerCase(),
    topics: log.topics.map((topic) => topic.toLowerCase()),
    data: log.data.toLowerCase(),
  };
  if (lower.address !== address) {
    throw new UnexpectedLogError(`A log of ${log.address}`, `it is no log of the ${emitter} ${address}`);
  }
  if (!HEX.test(lower.data) || !lower.topics.every((topic) => HEX.test(topic))) {
    throw new UnexpectedLogError(`A log of ${log.address}`, "its topics and data are not hexadecimal");
  }
  return lower;
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

function fragmentOf(abi: Interface, name: string): EventFragment {
  const fragment = abi.getEvent(name);
  // Thrown when this file is loaded, and so by every test.
  if (fragment === null) throw new TypeError(`The contract has no event ${name}.`);
  return fragment;
}

/** Made once: from an event's topic to what reads it. The names of the arguments are those of the ABI. */
const DECODERS: ReadonlyMap<string, Decoder> = new Map(
  Object.keys(NAMES).map((name) => {
    const fragment = fragmentOf(market, name);
    return [fragment.topicHash, decoderOf(fragment)];
  }),
);

/**
 * A log of a market as its event; undefined for one that changes nothing of the market's state, such as an approval.
 * @throws UnexpectedLogError for a log of another contract, and for one that is cut off or none of its event.
 * @throws InconsistentEventsError for one that names a limit that there is not.
 */
export function decodeMarketLog(address: Address, log: RawLog): MarketEvent | undefined {
  const checked = checkedLog(address, log, "market");
  return DECODERS.get(checked.topics[0] ?? "")?.(checked);
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

/** The topic of a factory's `MarketCreated`, to filter logs by. */
export const MARKET_CREATED_TOPIC = fragmentOf(factory, "MarketCreated").topicHash;

/**
 * A log of a market factory as the market that it tells of; undefined for another of its logs.
 * @throws UnexpectedLogError for a log of another contract, and for one that is cut off or no `MarketCreated`.
 */
export function decodeMarketCreated(address: Address, log: RawLog): CreatedMarket | undefined {
  const { topics, data } = checkedLog(address, log, "factory");
  if (topics[0] !== MARKET_CREATED_TOPIC) return undefined;
  try {
    const { market: created, params } = factory.decodeEventLog(
      "MarketCreated",
      data,
      topics,
    ) as unknown as MarketCreatedArguments;
    const addressOf = (name: string): Address => toAddress(params[name] ?? "");
    return {
      address: toAddress(created),
      loanToken: addressOf("loanToken"),
      collateralToken: addressOf("collateralToken"),
      oracle: addressOf("oracle"),
      authority: addressOf("authority"),
      params: flattenParameters(params),
    };
  } catch {
    throw incomplete(log, "MarketCreated");
  }
}
