import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

import { formatAddressBook, withDeployment, type AddressBook } from "../src/client/address-book.ts";
import type { BookedDeployment } from "../src/client/address-book.ts";
import { AddressBookError } from "../src/client/errors.ts";
import { bookPath, readBookFile } from "../src/cli/book-file.ts";
import { NoAddressBookError } from "../src/cli/errors.ts";

/** The folder of the address books of this repository. */
export const BOOKS = join(import.meta.dirname, "../deployments");

/**
 * The address book of a chain.
 * @throws NoAddressBookError if there is none, AddressBookError if it is invalid.
 */
export async function readBook(folder: string, chainId: bigint): Promise<AddressBook> {
  const book = await findBook(folder, chainId);
  if (book !== undefined) return book;
  throw new NoAddressBookError(
    `There is no address book of chain ${chainId}: no file ${shown(bookPath(folder, chainId))}`,
    "Deploy first: `npm run deploy -- --network NAME --rpc-url URL`, which writes it.",
  );
}

/**
 * The deployment with this name in the address book of a chain.
 * @throws NoAddressBookError if there is none, AddressBookError if the book is invalid.
 */
export async function readDeployment(folder: string, chainId: bigint, name: string): Promise<BookedDeployment> {
  const { deployments } = await readBook(folder, chainId);
  const found = deployments.find((one) => one.name === name);
  if (found !== undefined) return found;
  const known = deployments.map((one) => one.name).join(", ");
  throw new NoAddressBookError(
    `The address book of chain ${chainId} has no deployment ${JSON.stringify(name)}`,
    `Give one of these with --name: ${known}.`,
  );
}

/**
 * The address book of a chain; undefined if there is none.
 * @throws AddressBookError if it can't be read, is invalid, or is for another chain.
 */
export async function findBook(folder: string, chainId: bigint): Promise<AddressBook | undefined> {
  const path = bookPath(folder, chainId);
  const book = await readBookFile(path, shown(path));
  if (book === undefined || book.chainId === chainId) return book;
  const advice = "Restore it from the repository, or move it away and deploy again by the same command.";
  throw new AddressBookError(shown(path), `is for chain ${book.chainId}`, advice);
}

/**
 * Writes a deployment into the address book of its chain and keeps the others. The file is replaced
 * atomically, even if the process is killed.
 * @param gone names of deployments to leave out, since they are not on the chain any more.
 * @returns the path of the file.
 * @throws AddressBookError if the book is invalid or can't be written.
 */
export async function writeDeployment(
  folder: string,
  chainId: bigint,
  deployment: BookedDeployment,
  gone: readonly string[] = [],
): Promise<string> {
  const found = (await findBook(folder, chainId)) ?? { chainId, deployments: [] };
  const book = { ...found, deployments: found.deployments.filter(({ name }) => !gone.includes(name)) };
  const path = bookPath(folder, chainId);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(temporary, formatAddressBook(withDeployment(book, deployment)), { flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    const advice = "Check free space and permissions, then run the same command again: nothing is sent twice.";
    throw new AddressBookError(shown(path), `can't be written (${reason})`, advice);
  }
  return shown(path);
}

/** A path relative to the working directory, if it is inside. */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}
