import { signsElsewhere, type SigningOptions } from "../act.ts";
import { marketIn, type FoundMarket } from "../books.ts";
import type { NodeProvider } from "../node.ts";
import { openSession, type Session } from "../session.ts";
import { chooseSigner, type Signer } from "../signer.ts";
import type { Surroundings } from "../surroundings.ts";

/** Who acts where. */
export interface Acting {
  readonly session: Session;
  readonly found: FoundMarket;
  readonly signer: Signer;
}

/** Connects, finds the market, and chooses who signs. */
export async function prepare(
  surroundings: Surroundings,
  said: string | undefined,
  options: SigningOptions,
): Promise<Acting> {
  const session = await openSession(surroundings, options);
  const found = marketIn(session.book, said);
  const signer = await chooseSigner(surroundings, session.node, options.from, signsElsewhere(options));
  return { session, found, signer };
}

/**
 * Time of the block that a transaction of now would be in, as the node expects it: a chain without
 * blocks stands still.
 */
export async function nextBlockTime(node: NodeProvider, latest: bigint): Promise<bigint> {
  const pending = await node.getBlock("pending").catch(() => null);
  const expected = BigInt(pending?.timestamp ?? 0);
  return expected > latest ? expected : latest;
}

/** What the last transaction did: the one that was asked for, after its approvals. */
export function lastOf<T>(list: readonly T[]): T {
  const last = list.at(-1);
  if (last === undefined) throw new TypeError("Nothing was sent.");
  return last;
}
