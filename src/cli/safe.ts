import { writeFile } from "node:fs/promises";

import { keccak256, toUtf8Bytes } from "ethers";

import type { Address } from "../protocol/address.ts";
import { UsageError } from "./errors.ts";

/** A call that somebody is to make. */
export interface Call {
  /** Its effect, for people. */
  readonly title: string;
  readonly to: Address;
  readonly data: string;
  /** Wei. */
  readonly value: bigint;
}

const VERSION = "1.0";
const BUILDER_VERSION = "1.16.5";

/**
 * A batch as the Transaction Builder of Safe reads it: it shows the calls, and the owners sign them
 * as one transaction.
 * @param createdAt Unix seconds.
 */
export function safeBatch(chainId: bigint, safe: Address, calls: readonly Call[], createdAt: bigint): object {
  const batch = {
    version: VERSION,
    chainId: chainId.toString(),
    createdAt: Number(createdAt) * 1_000,
    meta: {
      name: calls.at(-1)?.title ?? "",
      description: calls.map(({ title }) => title).join("; "),
      txBuilderVersion: BUILDER_VERSION,
      createdFromSafeAddress: safe,
      createdFromOwnerAddress: "",
    },
    transactions: calls.map(({ to, data, value }) => ({
      to,
      value: value.toString(),
      data,
      contractMethod: null,
      contractInputsValues: null,
    })),
  };
  return { ...batch, meta: { ...batch.meta, checksum: checksumOf(batch) } };
}

/**
 * The builder's checksum: the hash of the batch without a name, its keys sorted, in its own
 * notation.
 */
function checksumOf(batch: { readonly meta: object }): string {
  return keccak256(toUtf8Bytes(serialized({ ...batch, meta: { ...batch.meta, name: null } })));
}

/** The builder's notation of a value: keys in order, then each value. */
function serialized(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(serialized).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = value as Readonly<Record<string, unknown>>;
    const keys = Object.keys(entries).sort();
    return `{${JSON.stringify(keys)}${keys.map((key) => `${serialized(entries[key])},`).join("")}}`;
  }
  return JSON.stringify(value);
}

/** Writes a batch to a file. @throws UsageError if the file can't be written. */
export async function writeBatch(path: string, batch: object): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(batch, undefined, 2)}\n`);
  } catch {
    throw new UsageError(`The file ${path} can't be written`, "Check its folder, and the permissions.");
  }
}
