import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";

import type { AddressBook, BookedDeployment, BookedMarket } from "../client/address-book.ts";
import { findMarket, marketsOf, type Market } from "../client/markets.ts";
import { bookPath, readBookFile } from "./book-file.ts";
import { MarketNotNamedError, NoAddressBookError, WrongChainError } from "./errors.ts";
import { bookFolders } from "./folders.ts";

/** How the person says which addresses are meant. */
export interface BookChoice {
  /** A file; by default `deployments/<chain id>.json`, here or of this package. */
  readonly book?: string;
  /** Name of a deployment in it; by default all. */
  readonly deployment?: string;
}

/**
 * The address book of a chain.
 * @throws WrongChainError if there are books, but none of this chain; NoAddressBookError if there
 * is none at all, or no deployment of that name; AddressBookError for a file that is none.
 */
export async function readBook(chainId: bigint, { book: file, deployment }: BookChoice): Promise<AddressBook> {
  const path =
    file ??
    bookFolders()
      .map((folder) => bookPath(folder, chainId))
      .find(existsSync);
  if (path === undefined) throw await noBookOf(chainId);
  const book = await readBookFile(path);
  if (book === undefined) {
    throw new NoAddressBookError(`The address book ${path} can't be read`, "Check the path, and its permissions.");
  }
  if (book.chainId !== chainId) {
    throw new WrongChainError(
      `The node is on the chain ${chainId}, and the address book ${path} is of the chain ${book.chainId}`,
      "Name a node of that chain by --rpc-url, or another book by --book.",
    );
  }
  if (deployment === undefined) return book;
  const chosen = book.deployments.filter(({ name }) => name === deployment);
  if (chosen.length > 0) return { ...book, deployments: chosen };
  const known = book.deployments.map(({ name }) => name).join(", ");
  throw new NoAddressBookError(
    `The address book ${path} has no deployment ${JSON.stringify(deployment)}`,
    `It has: ${known}.`,
  );
}

/** A market, and the deployment that it is of. */
export interface FoundMarket {
  readonly market: Market;
  readonly booked: BookedMarket;
  readonly deployment: BookedDeployment;
}

/**
 * The market that a symbol, a name or an address means; the only one, if nothing is said.
 * @throws MarketNotFoundError, AmbiguousMarketError or MarketNotNamedError
 */
export function marketIn(book: AddressBook, said: string | undefined): FoundMarket {
  const markets = marketsOf(book);
  const [only, ...others] = markets;
  if (said === undefined && (only === undefined || others.length > 0)) {
    throw new MarketNotNamedError(markets.map(({ symbol, address }) => `${symbol} (${address})`));
  }
  const market = said === undefined && only !== undefined ? only : findMarket(markets, said ?? "");
  return bookedAs(book, market);
}

/** All markets of a book, in its order. */
export function allMarketsIn(book: AddressBook): readonly FoundMarket[] {
  return marketsOf(book).map((market) => bookedAs(book, market));
}

function bookedAs({ deployments }: AddressBook, market: Market): FoundMarket {
  for (const deployment of deployments) {
    const booked = deployment.markets.find(({ address }) => address === market.address);
    if (booked !== undefined) return { market, booked, deployment };
  }
  throw new TypeError("A market of the book is in none of its deployments.");
}

async function noBookOf(chainId: bigint): Promise<Error> {
  const lists = await Promise.all(bookFolders().map(async (folder) => readdir(folder).catch(() => [])));
  const known = [...new Set(lists.flat().flatMap((file) => /^(\d+)\.json$/u.exec(file)?.[1] ?? []))];
  if (known.length === 0) {
    return new NoAddressBookError(
      `There is no address book of the chain ${chainId}`,
      "Deploy first (`npm run deploy:local`), or name the book of another deployment by --book.",
    );
  }
  return new WrongChainError(
    `The node is on the chain ${chainId}, of which there is no address book`,
    `Name a node of one of these chains by --rpc-url: ${known.join(", ")}. Or name a book by --book.`,
  );
}
