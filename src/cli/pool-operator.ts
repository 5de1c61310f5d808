import { concat, getCreate2Address, keccak256, ZeroHash } from "ethers";

import { creationCode } from "../../abis/PoolOperator.ts";
import { CREATE2_DEPLOYER, toAddress, type Address } from "../protocol/address.ts";
import { NoAddressBookError } from "./errors.ts";
import type { NodeProvider } from "./node.ts";
import type { Call } from "./safe.ts";

/**
 * The contract through which an account trades in pools of test tokens: one for everybody, at an
 * address that follows from its code. It holds nothing.
 * @returns its address, and the call that creates it where nobody has yet.
 */
export async function ensurePoolOperator(
  node: NodeProvider,
): Promise<{ readonly address: Address; readonly calls: readonly Call[] }> {
  const address = toAddress(getCreate2Address(CREATE2_DEPLOYER, ZeroHash, keccak256(creationCode)));
  if ((await node.getCode(address)) !== "0x") return { address, calls: [] };
  if ((await node.getCode(CREATE2_DEPLOYER)) === "0x") {
    throw new NoAddressBookError("The chain lacks the deterministic deployer", "Deploy Cantilever there first.");
  }
  const data = concat([ZeroHash, creationCode]);
  return { address, calls: [{ title: "Create the pool operator", to: CREATE2_DEPLOYER, data, value: 0n }] };
}
