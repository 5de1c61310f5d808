import type { AddressBook } from "../client/address-book.ts";
import { readBook } from "./books.ts";
import { DEFAULT_RPC_URL, RPC_URL_VARIABLE } from "./defaults.ts";
import { connect, type NodeProvider } from "./node.ts";
import type { GlobalOptions, Surroundings } from "./surroundings.ts";

/** A node, and the address book of its chain. */
export interface Session {
  readonly node: NodeProvider;
  readonly chainId: bigint;
  readonly book: AddressBook;
}

/** Connects to the node that is named, and reads the book of its chain. */
export async function openSession({ environment }: Surroundings, options: GlobalOptions): Promise<Session> {
  const url = options.rpcUrl ?? environment[RPC_URL_VARIABLE];
  const node = await connect(url === undefined || url === "" ? DEFAULT_RPC_URL : url);
  const chainId = node._network.chainId;
  return { node, chainId, book: await readBook(chainId, options) };
}
