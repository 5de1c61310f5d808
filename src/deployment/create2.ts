import { AbiCoder, concat, getCreate2Address, keccak256 } from "ethers";

import { toAddress, type Address } from "../protocol/address.ts";
import { Create2DeployerError } from "./errors.ts";
import { sleep, type Node } from "./node.ts";
import type { Outbox, OutboxOptions } from "./outbox.ts";

/**
 * The deterministic deployer (github.com/Arachnid/deterministic-deployment-proxy), which most chains have: called with a
 * salt and creation code, it creates the contract by CREATE2. Anyone may call it, and it keeps nothing, so whoever
 * deploys the same code with the same salt makes the same contract.
 */
export const CREATE2_DEPLOYER = toAddress("0x4e59b44847b379578588920ca78fbf26c0b4956c");

/** Its code. */
const CREATE2_DEPLOYER_CODE =
  "0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601" +
  "600081602082378035828234f58015156039578182fd5b8082525050506014600cf3";

/**
 * The transaction that creates the deployer, signed with a made-up signature instead of a key: so its sender has this one
 * transaction and no other, and the deployer has the same address on every chain. A test derives sender and address from
 * it. It has no chain id, and is refused by nodes that accept only transactions with one (EIP-155).
 */
export const CREATE2_DEPLOYER_TRANSACTION = concat([
  "0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe",
  CREATE2_DEPLOYER_CODE,
  // v = 27, r and s.
  `0x1b${`a0${"22".repeat(32)}`.repeat(2)}`,
]);

/** Sender of that transaction. */
export const CREATE2_DEPLOYER_SENDER = toAddress("0x3fab184622dc19b6109349b94811493bf2a45362");

/** Wei per gas that the transaction offers, and the gas that it takes: its sender needs the product. */
export const CREATE2_DEPLOYER_GAS_PRICE = 100n * 10n ** 9n;
export const CREATE2_DEPLOYER_COST = CREATE2_DEPLOYER_GAS_PRICE * 100_000n;

/**
 * The salt of a contract. Another deployer, another name of the deployment or another role of the contract in it gives
 * another address for the same code.
 * @param id what the contract is within the deployment, like `LoanToken`.
 */
export function saltOf(deployer: Address, deployment: string, id: string): string {
  const types = ["string", "address", "string", "string"];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, ["Cantilever", deployer, deployment, id]));
}

/** Where the deployer creates the contract of a salt and creation code, constructor arguments included. */
export function create2Address(salt: string, initCode: string): Address {
  return toAddress(getCreate2Address(CREATE2_DEPLOYER, salt, keccak256(initCode)));
}

/** What to call the deployer with. */
export function create2Call(salt: string, initCode: string): string {
  return concat([salt, initCode]);
}

/**
 * Whether a chain has the deterministic deployer.
 * @throws Create2DeployerError if it has something else in its place.
 */
export async function hasCreate2Deployer(node: Node): Promise<boolean> {
  const code = await node.code(CREATE2_DEPLOYER);
  if (code === "0x") return false;
  if (code === CREATE2_DEPLOYER_CODE) return true;
  throw new Create2DeployerError(
    `The chain has other code than the deterministic deployer's at ${CREATE2_DEPLOYER}`,
    "It can't be deployed to: such a chain is no ordinary EVM chain.",
  );
}

/**
 * Makes sure of the deterministic deployer: its sender is given what the transaction costs, then the transaction, which
 * was signed once for all chains, is broadcast.
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
      `The deterministic deployer costs exactly ${CREATE2_DEPLOYER_GAS_PRICE} wei per gas, and the base fee is ${baseFee}`,
      "Wait until the fee is below, then run the same command again.",
    );
  }
  if ((await node.transactionCount(CREATE2_DEPLOYER_SENDER, "latest")) > 0) {
    // Mined in this moment, or seen by a node that is ahead of the one that was asked for the code.
    const until = Date.now() + lag;
    while (Date.now() <= until) {
      if (await hasCreate2Deployer(node)) return;
      await sleep(pollInterval);
    }
    throw new Create2DeployerError(
      `The transaction that creates the deterministic deployer is mined, but ${CREATE2_DEPLOYER} has no code`,
      "It failed for want of gas, and can't be made again: this chain can't be deployed to.",
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
        // Known to the node already, or mined in between: then the code says so in a moment.
        refused = error;
      }
      sentAt = Date.now();
    }
    if (await hasCreate2Deployer(node)) return;
    if (Date.now() > until || isUnprotected(refused)) {
      throw new Create2DeployerError(
        "The chain has no deterministic deployer, and refuses the transaction that creates it on all chains" +
          (refused instanceof Error ? ` (${refused.message})` : ""),
        "Such a node may accept only transactions with a chain id (EIP-155): broadcast the transaction of " +
          "github.com/Arachnid/deterministic-deployment-proxy by a node that takes it, then try again.",
        refused,
      );
    }
    await sleep(pollInterval);
  }
}

/** Whether a node refuses a transaction for having no chain id. */
function isUnprotected(error: unknown): boolean {
  return error instanceof Error && /eip-?155|replay.protected|chain ?id/iu.test(error.message);
}
