import { InvalidAddressError } from "./errors.ts";

declare const normalized: unique symbol;

/**
 * The address of an account or a contract: 0x and 40 hexadecimal digits in lower case. Two
 * addresses of the same account are equal strings, so addresses are safe as map keys. Only
 * `toAddress` creates one.
 */
export type Address = `0x${string}` & { readonly [normalized]: true };

const ADDRESS = /^0x[0-9a-f]{40}$/iu;

/**
 * Parses an address, with digits in upper, lower or mixed case. Does not verify the EIP-55
 * checksum.
 * @throws InvalidAddressError if the text is not 0x and 40 hexadecimal digits.
 */
export function toAddress(text: string): Address {
  if (!ADDRESS.test(text)) throw new InvalidAddressError(text);
  return text.toLowerCase() as Address;
}

/** The zero address. */
export const ZERO_ADDRESS = toAddress(`0x${"0".repeat(40)}`);

/**
 * The deterministic deployer (github.com/Arachnid/deterministic-deployment-proxy), which most
 * chains have. Called with a salt and creation code, it creates the contract by CREATE2. Anyone may
 * call it and it has no state, so the same code and salt give the same contract, whoever deploys
 * them.
 */
export const CREATE2_DEPLOYER = toAddress("0x4e59b44847b379578588920ca78fbf26c0b4956c");
