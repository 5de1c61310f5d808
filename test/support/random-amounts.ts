import type { Random } from "../../src/lab/population/random.ts";

/** A whole number, evenly spread over 0 ... below - 1. */
export function integerBelow(random: Random, below: bigint): bigint {
  let value = 0n;
  // 64 bits more than needed, so that no number is favoured by more than one part in 2^64.
  for (let bits = below.toString(2).length + 64; bits > 0; bits -= 32) {
    value = (value << 32n) | BigInt(random.nextInteger(2 ** 32));
  }
  return value % below;
}

/** A whole number of min ... max. */
export function integerBetween(random: Random, min: bigint, max: bigint): bigint {
  return min + integerBelow(random, max - min + 1n);
}

/**
 * A whole number of 0 ... 2^bits - 1 whose magnitude, not its value, is evenly spread: zero and
 * small ones come often.
 */
export function integerOfBits(random: Random, bits: number): bigint {
  return integerBelow(random, 2n ** BigInt(random.nextInteger(bits + 1)));
}

/** One of the items. */
export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random.nextInteger(items.length)];
  if (item === undefined) throw new Error("Nothing to pick from: give at least one item.");
  return item;
}
