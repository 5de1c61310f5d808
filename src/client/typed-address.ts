import { getAddress } from "ethers/address";

import { toAddress, type Address } from "../protocol/address.ts";
import { UsageError } from "./errors.ts";

/**
 * The address that a person typed. @throws InvalidAddressError, or UsageError if the case of its
 * letters is a checksum (EIP-55) that it does not meet
 */
export function parseAddress(text: string): Address {
  const address = toAddress(text);
  try {
    getAddress(text);
  } catch {
    throw new UsageError(
      `The address ${text} is mistyped: its capital letters are a checksum, which does not fit`,
      "Copy it again; in small letters alone it has no checksum.",
    );
  }
  return address;
}
