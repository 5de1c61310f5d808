import { Interface, type EventFragment } from "ethers/abi";

import { abi as factoryAbi } from "../../abis/MarketFactory.ts";
import { abi as marketAbi } from "../../abis/LeverageMarket.ts";
import { toAddress, type Address } from "../protocol/address.ts";
import { flattenParameters, LIMIT_NAMES, type LimitName, type MarketParameters } from "../protocol/parameters.ts";
import { InconsistentEventsError, UnexpectedLogError } from "./errors.ts";
import type { EventName, EventOf, MarketEvent } from "./events.ts";

/** A log as returned by any JSON-RPC client. */
export interface RawLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** Decodes the logs of one event. */
type Decoder = (log: RawLog) => MarketEvent;

/**
 * Reads a word of 32 bytes: 64 hexadecimal digits in lower case. Undefined if the word is not a
 * value of the type.
 */
type WordReader = (digits: string) => unknown;

const WORD = 64;
const HEX = /^0x[0-9a-f]*$/u;
/** The leading digits of a word that contains an address. */
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
  // Thrown when this file is loaded, so every test finds it: no event of a market has an argument
  // of another type.
  throw new TypeError(`No event of a market may have an argument of the type ${type}.`);
}

/**
 * The limit with this number in the contract's enum `Limit`.
 * @throws InconsistentEventsError for a number that the enum does not have.
 */
export function limitOfNumber(number: bigint): LimitName {
  const limit = LIMIT_NAMES[Number(number)];
  if (limit === undefined) {
    throw new InconsistentEventsError(`An event names limit number ${number}, which does not exist`);
  }
  return limit;
}

/**
 * Makes the decoder of an event with static types, whose arguments are at the positions that its
 * ABI defines.
 */
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
  return new UnexpectedLogError(`A log of ${log.address}`, `it is not a complete ${name} event`);
}

/**
 * The log with its digits in lower case.
 * @throws UnexpectedLogError if another contract emitted the log, or if its topics and data are not
 * hexadecimal.
 */
function checkedLog(address: Address, log: RawLog, emitter: string): RawLog {
  const lower = {
    address: log.address.toLowerCase(),
    topics: log.topics.map((topic) => topic.toLowerCase()),
    data: log.data.toLowerCase(),
  };
  if (lower.address !== address) {
    throw new UnexpectedLogError(`A log of ${log.address}`, `it is not a log of the ${emitter} ${address}`);
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
  // Thrown when this file is loaded, so every test finds it.
  if (fragment === null) throw new TypeError(`The contract has no event ${name}.`);
  return fragment;
}

/** Decoders by the topic of their event, made once. Argument names are those of the ABI. */
const DECODERS: ReadonlyMap<string, Decoder> = new Map(
  Object.keys(NAMES).map((name) => {
    const fragment = fragmentOf(market, name);
    return [fragment.topicHash, decoderOf(fragment)];
  }),
);

/**
 * Decodes a log of a market. Undefined for events that do not change the state of the market model,
 * such as an approval.
 * @throws UnexpectedLogError for a log of another contract, a truncated log, or invalid arguments.
 * @throws InconsistentEventsError for an unknown limit.
 */
export function decodeMarketLog(address: Address, log: RawLog): MarketEvent | undefined {
  const checked = checkedLog(address, log, "market");
  return DECODERS.get(checked.topics[0] ?? "")?.(checked);
}

/**
 * The events with one name that a market emitted, from logs of several contracts, such as those of
 * a receipt.
 * @throws UnexpectedLogError for a truncated log of the market, or invalid arguments.
 * @throws InconsistentEventsError for an unknown limit.
 */
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

/** The topic of the factory's event `MarketCreated`, for log filters. */
export const MARKET_CREATED_TOPIC = fragmentOf(factory, "MarketCreated").topicHash;

/**
 * Decodes `MarketCreated` of a market factory. Undefined for other events of the factory.
 * @throws UnexpectedLogError for a log of another contract, a truncated log, or invalid arguments.
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
