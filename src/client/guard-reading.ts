import { Interface } from "ethers/abi";

import { abi as guardAbi } from "../../abis/OracleGuard.ts";
import { abi as pricesAbi } from "../../abis/IPriceOracle.ts";
import { toAddress, ZERO_ADDRESS, type Address } from "../protocol/address.ts";
import { agree } from "../protocol/guard-rules.ts";
import { max } from "../protocol/rounding.ts";
import { MAX_PRICE } from "../protocol/units.ts";
import type { Answers, Asked, ReadBatch } from "./state-reader.ts";

/** A source of a guard. */
export interface SourceReading {
  readonly address: Address;
  /** Its liquidation price, as `IPriceOracle` scales it; undefined while it is unavailable. */
  readonly price: bigint | undefined;
  /** Seconds for which its outage counted at the last poke. */
  readonly unavailableFor: bigint;
  /** The source that is announced in its place, and from when anyone may apply it, Unix seconds. */
  readonly scheduled: { readonly address: Address; readonly validFrom: bigint } | undefined;
}

/** How the sources of a guard stand to each other. While they don't agree, nobody can open. */
export type GuardStatus = "agree" | "disagree" | "primary unavailable" | "secondary unavailable" | "both unavailable";

/** A guard as of a block. Prices as `IPriceOracle` scales them, times in seconds. */
export interface GuardReading {
  readonly address: Address;
  readonly status: GuardStatus;
  readonly primary: SourceReading;
  readonly secondary: SourceReading;
  /** Greatest difference of two prices that agree, as a share of the higher, WAD. */
  readonly maxDeviation: bigint;
  readonly gracePeriod: bigint;
  readonly replacementDelay: bigint;
  /** As of the last poke. */
  readonly ceiling: bigint;
  /** As of the last poke. */
  readonly floor: bigint;
  /** That counted of a lower primary at the last poke. */
  readonly disagreement: bigint;
  /** Unix seconds. */
  readonly lastPoke: bigint;
}

export const PRICES = new Interface(pricesAbi);
export const GUARD = new Interface(guardAbi);

interface AskedSource {
  readonly source: Asked;
  readonly prices: Asked;
  readonly scheduled: Asked;
}

/** The calls that `guardFrom` needs. */
export interface AskedGuard {
  readonly address: Address;
  readonly primary: AskedSource;
  readonly secondary: AskedSource;
  readonly state: Asked;
  readonly maxDeviation: Asked;
  readonly gracePeriod: Asked;
  readonly replacementDelay: Asked;
}

export function askAboutGuard(batch: ReadBatch, address: Address): AskedGuard {
  const ask = (name: string, ...args: unknown[]): Asked => batch.add(address, GUARD, name, ...args);
  const askAboutSource = (role: 0 | 1): AskedSource => {
    const source = ask("sourceOf", role);
    return { source, prices: batch.add({ by: source }, PRICES, "prices"), scheduled: ask("scheduledSource", role) };
  };
  return {
    address,
    primary: askAboutSource(0),
    secondary: askAboutSource(1),
    state: ask("state"),
    maxDeviation: ask("maxDeviation"),
    gracePeriod: ask("gracePeriod"),
    replacementDelay: ask("replacementDelay"),
  };
}

export function guardFrom(answers: Answers, asked: AskedGuard): GuardReading {
  const [ceiling, floor, disagreement, lastPoke] = answers.all(asked.state) as unknown as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const primary = sourceFrom(answers, asked.primary);
  const secondary = sourceFrom(answers, asked.secondary);
  const maxDeviation = answers.number(asked.maxDeviation);
  return {
    address: asked.address,
    status: statusOf(primary.price, secondary.price, maxDeviation),
    primary,
    secondary,
    maxDeviation,
    gracePeriod: answers.number(asked.gracePeriod),
    replacementDelay: answers.number(asked.replacementDelay),
    ceiling,
    floor,
    disagreement,
    lastPoke,
  };
}

function sourceFrom(answers: Answers, asked: AskedSource): SourceReading {
  const [source, unavailableFor] = answers.all(asked.source) as unknown as [string, bigint];
  const [open = 0n, liquidation = 0n] = (answers.maybe(asked.prices) ?? []) as unknown as [bigint?, bigint?];
  const price = max(open, liquidation);
  const [next, validFrom] = answers.all(asked.scheduled) as unknown as [string, bigint];
  return {
    address: toAddress(source),
    price: price > 0n && price <= MAX_PRICE ? price : undefined,
    unavailableFor,
    scheduled: toAddress(next) === ZERO_ADDRESS ? undefined : { address: toAddress(next), validFrom },
  };
}

function statusOf(primary: bigint | undefined, secondary: bigint | undefined, maxDeviation: bigint): GuardStatus {
  if (primary === undefined) return secondary === undefined ? "both unavailable" : "primary unavailable";
  if (secondary === undefined) return "secondary unavailable";
  return agree(primary, secondary, maxDeviation) ? "agree" : "disagree";
}
