/** The integer square root, rounded down. */
export function isqrt(value: bigint): bigint {
  if (value < 0n) throw new RangeError(`A negative number has no square root: ${value}.`);
  if (value < 2n) return value;
  // Newton's method falls towards the root from any guess that is not below it, and stops where it would rise.
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
