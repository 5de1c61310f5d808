import { OutOfRangeError } from "./errors.ts";

/** `x * y / z`, rounded down. For values of zero and above. */
export function mulDivDown(x: bigint, y: bigint, z: bigint): bigint {
  if (z <= 0n) throw new OutOfRangeError("A divisor", z, "above zero");
  return (x * y) / z;
}

/** `x * y / z`, rounded up. For values of zero and above. */
export function mulDivUp(x: bigint, y: bigint, z: bigint): bigint {
  return ceilDiv(x * y, z);
}

/** `x / z`, rounded up. For values of zero and above. */
export function ceilDiv(x: bigint, z: bigint): bigint {
  if (z <= 0n) throw new OutOfRangeError("A divisor", z, "above zero");
  return x === 0n ? 0n : (x - 1n) / z + 1n;
}

export function min(x: bigint, y: bigint): bigint {
  return x < y ? x : y;
}

export function max(x: bigint, y: bigint): bigint {
  return x > y ? x : y;
}

/** The distance from zero. */
export function abs(x: bigint): bigint {
  return x < 0n ? -x : x;
}

/** `x - y`, but zero where that is below zero. */
export function saturatingSub(x: bigint, y: bigint): bigint {
  return x > y ? x - y : 0n;
}

/** The integer square root, rounded down. */
export function isqrt(value: bigint): bigint {
  if (value < 0n) throw new OutOfRangeError("A square", value, "zero or more");
  if (value < 2n) return value;
  // Newton's method falls towards the root from any guess that is not below it, and stops where it would rise.
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** The amount with its first three digits, the others zero, as `DecimalFloat` keeps it. */
export function threeDigitsDown(amount: bigint): bigint {
  let unit = 1n;
  while (amount / unit > 999n) unit *= 10n;
  return amount - (amount % unit);
}
