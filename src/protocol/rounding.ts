import { OutOfRangeError } from "./errors.ts";

/**
 * `x * y / z`, rounded down, for arguments of zero and above.
 * @throws OutOfRangeError unless `z` is above zero.
 */
export function mulDivDown(x: bigint, y: bigint, z: bigint): bigint {
  if (z <= 0n) throw new OutOfRangeError("A divisor", z, "above zero");
  return (x * y) / z;
}

/**
 * `x * y / z`, rounded up, for arguments of zero and above.
 * @throws OutOfRangeError unless `z` is above zero.
 */
export function mulDivUp(x: bigint, y: bigint, z: bigint): bigint {
  return ceilDiv(x * y, z);
}

/**
 * `x / z`, rounded up, for arguments of zero and above.
 * @throws OutOfRangeError unless `z` is above zero.
 */
export function ceilDiv(x: bigint, z: bigint): bigint {
  if (z <= 0n) throw new OutOfRangeError("A divisor", z, "above zero");
  return x === 0n ? 0n : (x - 1n) / z + 1n;
}

/** The lower of two values. */
export function min(x: bigint, y: bigint): bigint {
  return x < y ? x : y;
}

/** The higher of two values. */
export function max(x: bigint, y: bigint): bigint {
  return x > y ? x : y;
}

/** The absolute value. */
export function abs(x: bigint): bigint {
  return x < 0n ? -x : x;
}

/** `x - y`, or zero if that is negative. */
export function saturatingSub(x: bigint, y: bigint): bigint {
  return x > y ? x - y : 0n;
}

/**
 * The integer square root, rounded down.
 * @throws OutOfRangeError for a negative value.
 */
export function isqrt(value: bigint): bigint {
  if (value < 0n) throw new OutOfRangeError("A square", value, "zero or more");
  if (value < 2n) return value;
  // Newton's method falls towards the root from any guess at or above it; the result is reached
  // when the next value would not be lower.
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/**
 * The amount rounded down to three significant digits, as `DecimalFloat` of the contracts stores
 * it.
 */
export function threeDigitsDown(amount: bigint): bigint {
  let unit = 1n;
  while (amount / unit > 999n) unit *= 10n;
  return amount - (amount % unit);
}
