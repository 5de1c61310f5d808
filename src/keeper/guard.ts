import type { TransactionReceipt } from "ethers";

import type { OracleGuard } from "../../types/index.ts";
import { priceOracleAt } from "../client/contracts.ts";
import { isRefusal } from "../client/errors.ts";
import { explained, send } from "../client/send.ts";
import { max } from "../protocol/rounding.ts";
import { isPokeDue, type GuardView, type PokeSettings } from "./poke.ts";

/** A guard and the settings of its keeper. */
export interface GuardKeeper {
  /** Connected to the account that pays for the pokes. */
  readonly guard: OracleGuard;
  readonly settings: PokeSettings;
  /** Called before a transaction is sent. */
  readonly beforeSending?: () => Promise<void>;
}

/** `SourceRole` of the contracts. */
const [PRIMARY, SECONDARY] = [0, 1] as const;

/**
 * Pokes the guard if a poke is due.
 * @param now block time at which the poke would execute, Unix seconds.
 * @returns the receipt of the poke; undefined if none was due.
 */
export async function pokeIfDue(
  { guard, settings, beforeSending }: GuardKeeper,
  now: bigint,
): Promise<TransactionReceipt | undefined> {
  if (!isPokeDue(await readGuard(guard, now), settings)) return undefined;
  await beforeSending?.();
  return send(guard.poke());
}

/**
 * Reads the state of a guard and the prices of its sources in the latest block. `now` is in Unix
 * seconds.
 */
export async function readGuard(guard: OracleGuard, now: bigint): Promise<GuardView> {
  const [state, maxDeviation, primary, secondary] = await Promise.all([
    guard.state(),
    guard.maxDeviation(),
    readSource(guard, PRIMARY),
    readSource(guard, SECONDARY),
  ]);
  const { ceiling, floor, disagreement, lastPoke } = state;
  return { primary, secondary, maxDeviation, ceiling, floor, disagreement, lastPoke, now };
}

/** The liquidation price of a source as the guard computes it; zero if the source reverts. */
async function readSource(guard: OracleGuard, role: typeof PRIMARY | typeof SECONDARY): Promise<bigint> {
  const { source } = await guard.sourceOf(role);
  try {
    const [open, liquidation] = await explained(priceOracleAt(source, guard.runner ?? fail()).prices());
    return max(open, liquidation);
  } catch (error) {
    if (isRefusal(error)) return 0n;
    throw error;
  }
}

function fail(): never {
  throw new TypeError("A guard's keeper has no signer.");
}
