import { toAddress, type Address } from "../../src/protocol/address.ts";

/** The made-up account of a number: for tests that need addresses, and no keys. */
export function accountOf(number: number): Address {
  return toAddress(`0x${number.toString(16).padStart(40, "0")}`);
}
