import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { parseAddressBook, type AddressBook } from "../client/address-book.ts";
import { AddressBookError } from "../client/errors.ts";

/** The file of a chain's address book in a folder of them. */
export function bookPath(folder: string, chainId: bigint): string {
  return join(folder, `${chainId}.json`);
}

/**
 * Reads the file of an address book.
 * @param source name of the file in errors.
 * @returns undefined if there is no such file.
 * @throws AddressBookError if it can't be read, or is no address book.
 */
export async function readBookFile(path: string, source = path): Promise<AddressBook | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new AddressBookError(source, "can't be read", "Check its path, and its permissions.");
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const advice = "Restore it from the repository, or move it away and deploy again.";
    throw new AddressBookError(source, "is not valid JSON", advice);
  }
  return parseAddressBook(value, source);
}
