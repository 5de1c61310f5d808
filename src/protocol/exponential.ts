import { OutOfRangeError } from "./errors.ts";
import { WAD } from "./units.ts";

const RAY = 10n ** 27n;
const RAY_PER_WAD = 10n ** 9n;
const LN2_RAY = 693_147_180_559_945_309_417_232_121n;
const HALVINGS = 16n;
const TERMS = 9n;
const HALLEY_STEPS = 4;

/** Range of exponents, WAD. Below it the result is zero; above it the contract overflows. */
const MIN_EXPONENT = -42n * WAD;
const MAX_EXPONENT = 110n * WAD;

/**
 * e^x, equal to `Exponential.exp` of the contracts in every digit. WAD in and out; rounded down,
 * relative error below 1e-18. Division of a bigint truncates as in Solidity, so the code is the
 * same.
 * @throws OutOfRangeError for exponents outside -42 to 110.
 */
export function exp(x: bigint): bigint {
  if (x < MIN_EXPONENT || x > MAX_EXPONENT) throw new OutOfRangeError("An exponent", x, "-42e18 to 110e18");
  const ray = x * RAY_PER_WAD;
  const powerOfTwo = ray / LN2_RAY;
  const q = (ray - powerOfTwo * LN2_RAY) / HALVINGS;
  let y = RAY;
  for (let n = TERMS; n > 0n; n--) y = RAY + (q * y) / (n * RAY);
  for (let squared = 1n; squared < HALVINGS; squared *= 2n) y = (y * y) / RAY;
  return (powerOfTwo < 0n ? y >> -powerOfTwo : y << powerOfTwo) / RAY_PER_WAD;
}

/**
 * ln(x), equal to `Exponential.ln` of the contracts in every digit. WAD in and out; the error is a
 * few units of the last digit.
 * @throws OutOfRangeError for arguments outside 1e-6 to 1e6.
 */
export function ln(x: bigint): bigint {
  if (x < WAD / 1_000_000n || x > WAD * 1_000_000n)
    throw new OutOfRangeError("A logarithm's argument", x, "1e12 to 1e24");
  if (x < WAD) return -ln((WAD * WAD) / x);
  const highestBit = BigInt(x.toString(2).length - 1);
  let y = ((highestBit - 60n) * LN2_RAY) / RAY_PER_WAD;
  for (let step = 0; step < HALLEY_STEPS; step++) {
    const e = exp(y);
    y += (2n * WAD * (x - e)) / (x + e);
  }
  return y;
}
