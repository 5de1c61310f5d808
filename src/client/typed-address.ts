import { getAddress } from "ethers/address";

import { toAddress, type Address } from "../protocol/address.ts";
import { MistypedAddressError } from "./errors.ts";

/**
 * The address that a person typed.
 * @throws InvalidAddressError if it is none, MistypedAddressError if the case of its letters is a
 * checksum (EIP-55) that does not fit.
 */
export function parseAddress(text: string): Address {
  const address = toAddress(text);
  try {
    getAddress(text);
  } catch {
    throw new MistypedAddressError(text);
  }
  return address;
}
