import { signsElsewhere, type SigningOptions } from "../act.ts";
import { marketIn, type FoundMarket } from "../books.ts";
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
