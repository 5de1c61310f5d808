import { toAddress, type Address } from "../../protocol/address.ts";
import { signsElsewhere, type SigningOptions } from "../act.ts";
import { marketIn, type FoundMarket } from "../books.ts";
import { openSession, type Session } from "../session.ts";
import { chooseSigner, type Signer } from "../signer.ts";
import type { Surroundings } from "../surroundings.ts";

/** Options of what an account or its operator does. */
export interface ActingOptions extends SigningOptions {
  readonly account?: string;
}

/** Who acts where, and for whom. */
export interface Acting {
  readonly session: Session;
  readonly found: FoundMarket;
  readonly signer: Signer;
  /** Whose position it is: the signer's own, if no other is named. */
  readonly account: Address;
}

/** Connects, finds the market, and chooses who signs. */
export async function prepare(
  surroundings: Surroundings,
  said: string | undefined,
  options: ActingOptions,
): Promise<Acting> {
  const session = await openSession(surroundings, options);
  const found = marketIn(session.book, said);
  const signer = await chooseSigner(surroundings, session.node, options.from, signsElsewhere(options));
  const account = options.account === undefined ? signer.address : toAddress(options.account);
  return { session, found, signer, account };
}
