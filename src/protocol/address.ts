import { InvalidAddressError } from "./errors.ts";

declare const normalized: unique symbol;

/**
 * The address of an account or a contract: 0x and 40 hexadecimal digits in lower case. Two of the same account are equal
 * strings, so they are safe as keys. Made by `toAddress` alone.
 */
export type Address = `0x${string}` & { readonly [normalized]: true };

const ADDRESS = /^0x[0-9a-f]{40}$/iu;

/**
 * The address that a text stands for, in whatever case its digits are. A checksum in the case of its digits (EIP-55) is
 * not verified here.
 * @throws InvalidAddressError if it is not 0x and 40 hexadecimal digits.
 */
export function toAddress(text: string): Address {
  if (!ADDRESS.test(text)) throw new InvalidAddressError(text);
  return text.toLowerCase() as Address;
}

export const ZERO_ADDRESS = toAddress(`0x${"0".repeat(40)}`);
