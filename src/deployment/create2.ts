import { AbiCoder, concat, getCreate2Address, keccak256 } from "ethers";

import { CREATE2_DEPLOYER, toAddress, type Address } from "../protocol/address.ts";
import { Create2DeployerError } from "./errors.ts";
import { sleep, type Node } from "./node.ts";
import type { Outbox, OutboxOptions } from "./outbox.ts";

/** The code of the deterministic deployer. */
const CREATE2_DEPLOYER_CODE =
  "0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601" +
  "600081602082378035828234f58015156039578182fd5b8082525050506014600cf3";

/**
 * The transaction that creates the deployer. Its signature is invented rather than made with a key,
 * so its sender can make no other transaction, and the deployer has the same address on every
 * chain. A test derives sender and address from it. It has no chain id: nodes that accept only
 * transactions with one (EIP-155) reject it.
 */
export const CREATE2_DEPLOYER_TRANSACTION = concat([
  "0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe",
  CREATE2_DEPLOYER_CODE,
  // v = 27, r and s.
  `0x1b${`a0${"22".repeat(32)}`.repeat(2)}`,
]);

/** Sender of `CREATE2_DEPLOYER_TRANSACTION`. */
export const CREATE2_DEPLOYER_SENDER = toAddress("0x3fab184622dc19b6109349b94811493bf2a45362");

/** Gas price of the transaction in wei, and the balance in wei that its sender needs. */
export const CREATE2_DEPLOYER_GAS_PRICE = 100n * 10n ** 9n;
export const CREATE2_DEPLOYER_COST = CREATE2_DEPLOYER_GAS_PRICE * 100_000n;

/**
 * The salt of a contract. The same code gets another address for another deployer, another name of
 * the deployment, or another id.
 * @param id of the contract within the deployment, such as `LoanToken`.
 */
export function saltOf(deployer: Address, deployment: string, id: string): string {
  const types = ["string", "address", "string", "string"];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, ["Cantilever", deployer, deployment, id]));
}

/**
 * The address at which the deterministic deployer creates a contract, by salt and creation code
 * including constructor arguments.
 */
export function create2Address(salt: string, initCode: string): Address {
  return toAddress(getCreate2Address(CREATE2_DEPLOYER, salt, keccak256(initCode)));
}

/** The call data for the deterministic deployer. */
export function create2Call(salt: string, initCode: string): string {
  return concat([salt, initCode]);
}

/**
 * Whether a chain has the deterministic deployer.
 * @throws Create2DeployerError if the chain has other code at its address.
 */
export async function hasCreate2Deployer(node: Node): Promise<boolean> {
  const code = await node.code(CREATE2_DEPLOYER);
  if (code === "0x") return false;
  if (code === CREATE2_DEPLOYER_CODE) return true;
  throw new Create2DeployerError(
    `The code at ${CREATE2_DEPLOYER} is not the deterministic deployer's`,
    "Use another chain: this one is not an ordinary EVM chain.",
  );
}

/**
 * Creates the deterministic deployer unless the chain has it: funds the sender of its transaction,
 * then broadcasts the transaction, whose signature is valid on all chains.
 * @throws Create2DeployerError if the chain can't get it: the base fee exceeds the fixed gas price,
 * the transaction failed, or the node rejects it.
 */
export async function bringCreate2Deployer(
  node: Node,
  outbox: Outbox<string>,
  { pollInterval, minedWithin, lag, onEvent }: OutboxOptions,
): Promise<void> {
  if (await hasCreate2Deployer(node)) return;
  const { baseFee } = await node.fees();
  if (baseFee !== undefined && baseFee > CREATE2_DEPLOYER_GAS_PRICE) {
    throw new Create2DeployerError(
      `The transaction of the deterministic deployer has a fixed gas price of ${CREATE2_DEPLOYER_GAS_PRICE} wei, below the base fee of ${baseFee}`,
      "Wait until the base fee is lower, then run the same command again.",
    );
  }
  if ((await node.transactionCount(CREATE2_DEPLOYER_SENDER, "latest")) > 0) {
    // The transaction has just been mined, or the node that returned the code lags behind.
    const until = Date.now() + lag;
    while (Date.now() <= until) {
      if (await hasCreate2Deployer(node)) return;
      await sleep(pollInterval);
    }
    throw new Create2DeployerError(
      `The transaction that creates the deterministic deployer is mined, but ${CREATE2_DEPLOYER} has no code`,
      "Use another chain: the transaction ran out of gas and can't be repeated.",
    );
  }
  const balance = await node.balance(CREATE2_DEPLOYER_SENDER);
  if (balance < CREATE2_DEPLOYER_COST) {
    const label = "Create2DeployerFunds";
    const call = { to: CREATE2_DEPLOYER_SENDER, data: "0x", value: CREATE2_DEPLOYER_COST - balance };
    await outbox.send(label, call, 100_000n);
    while (outbox.size > 0) {
      if ((await outbox.poll()).length === 0) await sleep(pollInterval);
    }
  }
  const until = Date.now() + minedWithin;
  let refused: unknown;
  for (let sentAt: number | undefined; !(await hasCreate2Deployer(node));) {
    if (sentAt === undefined || Date.now() - sentAt > lag) {
      try {
        const hash = (await node.rpc.send("eth_sendRawTransaction", [CREATE2_DEPLOYER_TRANSACTION])) as string;
        onEvent({ kind: sentAt === undefined ? "sent" : "rebroadcast", label: "Create2Deployer", nonce: 0, hash });
      } catch (error) {
        // The node may know the transaction already, or it was mined meanwhile: the code will show
        // that soon.
        refused = error;
      }
      sentAt = Date.now();
    }
    if (await hasCreate2Deployer(node)) return;
    if (Date.now() > until || isUnprotected(refused)) {
      throw new Create2DeployerError(
        "The chain has no deterministic deployer, and the node rejects the transaction that creates it" +
          (refused instanceof Error ? ` (${refused.message})` : ""),
        "The node may accept only transactions with a chain id (EIP-155). Broadcast the transaction of " +
          "github.com/Arachnid/deterministic-deployment-proxy through a node that accepts it, then try again.",
        refused,
      );
    }
    await sleep(pollInterval);
  }
}

/** Whether a node rejects a transaction because it has no chain id. */
function isUnprotected(error: unknown): boolean {
  return error instanceof Error && /eip-?155|replay.protected|chain ?id/iu.test(error.message);
}
