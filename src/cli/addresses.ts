import { getAddress } from "ethers/address";

import { toAddress, type Address } from "../protocol/address.ts";
import { UsageError } from "./errors.ts";

/**
 * An address that a person typed. Upper and lower case letters together are a checksum (EIP-55), which finds most slips:
 * what is approved for, minted to or governed by a mistyped address is lost.
 * @throws InvalidAddressError for a text that is none, UsageError for one with a wrong checksum.
 */
export function parseAddress(text: string): Address {
  const address = toAddress(text);
  const digits = text.slice(2);
  const hasChecksum = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  if (hasChecksum && getAddress(address) !== text) {
    throw new UsageError(
      `The address ${text} has a wrong checksum`,
      "Compare its letters with where it is from; in lower case alone it has no checksum.",
    );
  }
  return address;
}
