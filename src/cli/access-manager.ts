import { Contract, Interface, type Log } from "ethers";

import { abi as accessManagerAbi } from "../../abis/AccessManager.ts";
import { abi as marketAbi } from "../../abis/LeverageMarket.ts";
import { abi as marketAuthorityAbi } from "../../abis/MarketAuthority.ts";
import { abi as guardAbi } from "../../abis/OracleGuard.ts";
import { inRanges } from "../client/log-ranges.ts";
import { toAddress, type Address } from "../protocol/address.ts";
import { roleName } from "../protocol/roles.ts";
import { UsageError } from "./errors.ts";
import type { NodeProvider } from "./node.ts";

export const ACCESS_MANAGER = new Interface(accessManagerAbi);
const KNOWN = [marketAbi, guardAbi, marketAuthorityAbi, accessManagerAbi].map((abi) => new Interface(abi));

/** An account with a role. */
export interface RoleHolder {
  readonly role: string;
  readonly account: Address;
  /** Seconds between scheduling and execution; zero: it acts at once. */
  readonly delay: bigint;
}

/** An operation that waits in the `AccessManager`. */
export interface Operation {
  readonly id: string;
  readonly caller: Address;
  readonly target: Address;
  readonly data: string;
  /** The call in words, where its function is known. */
  readonly call: string;
  /** From when it may be executed, Unix seconds. */
  readonly executableFrom: bigint;
}

/** Who holds roles, and which operations wait: from the manager's events, checked by its views. */
export async function readManager(
  node: NodeProvider,
  manager: Address,
  fromBlock: number,
): Promise<{ readonly holders: readonly RoleHolder[]; readonly operations: readonly Operation[] }> {
  const names = ["RoleGranted", "OperationScheduled"];
  const topics = [names.map((name) => ACCESS_MANAGER.getEvent(name)?.topicHash ?? "")];
  const toBlock = await node.getBlockNumber();
  const logs = await inRanges(node).getLogs({ address: manager, topics, fromBlock, toBlock });
  const contract = new Contract(manager, ACCESS_MANAGER, node);
  const [holders, operations] = await Promise.all([holdersIn(contract, logs), operationsIn(contract, logs)]);
  return { holders, operations };
}

/** The waiting operation whose id begins so. @throws UsageError unless there is just one. */
export function findOperation(operations: readonly Operation[], begun: string): Operation {
  const found = operations.filter(({ id }) => id.startsWith(begun.toLowerCase()));
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const known = operations.map(({ id }) => id).join(", ");
  throw new UsageError(
    `${found.length} waiting operations have an id that begins with ${JSON.stringify(begun)}`,
    known === "" ? "No operation waits." : `Those that wait: ${known}.`,
  );
}

/** A call in words: `setTargetClosed(0x…, true)`; its data for a function that is not known. */
export function callInWords(data: string): string {
  for (const known of KNOWN) {
    const call = known.parseTransaction({ data });
    if (call === null) continue;
    const values = call.fragment.inputs.map(({ name }, index) => `${name}: ${wordsOf(call.args[index])}`);
    return `${call.name}(${values.join(", ")})`;
  }
  return data.length > 74 ? `${data.slice(0, 74)}…` : data;
}

function wordsOf(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(wordsOf).join(", ")}]` : String(value);
}

async function holdersIn(manager: Contract, logs: readonly Log[]): Promise<readonly RoleHolder[]> {
  const granted = logs.flatMap((log) => {
    const event = ACCESS_MANAGER.parseLog(log);
    return event?.name === "RoleGranted"
      ? [{ role: event.args.roleId as bigint, account: String(event.args.account) }]
      : [];
  });
  const once = new Map(granted.map((one) => [`${one.role} ${one.account}`, one]));
  const found = await Promise.all(
    [...once.values()].map(async ({ role, account }): Promise<RoleHolder | undefined> => {
      const [isMember, delay] = (await manager.getFunction("hasRole").staticCall(role, account)) as [boolean, bigint];
      return isMember ? { role: roleName(role), account: toAddress(account), delay } : undefined;
    }),
  );
  return found.filter((one) => one !== undefined);
}

async function operationsIn(manager: Contract, logs: readonly Log[]): Promise<readonly Operation[]> {
  const scheduled = new Map<string, Omit<Operation, "executableFrom">>();
  for (const log of logs) {
    const event = ACCESS_MANAGER.parseLog(log);
    if (event?.name !== "OperationScheduled") continue;
    const [id, , , caller, target, data] = event.args as unknown as [string, bigint, bigint, string, string, string];
    scheduled.set(id, { id, caller: toAddress(caller), target: toAddress(target), data, call: callInWords(data) });
  }
  const found = await Promise.all(
    [...scheduled.values()].map(async (operation): Promise<Operation | undefined> => {
      // Zero for one that is executed, cancelled or expired.
      const executableFrom = (await manager.getFunction("getSchedule").staticCall(operation.id)) as bigint;
      return executableFrom === 0n ? undefined : { ...operation, executableFrom };
    }),
  );
  return found.filter((one) => one !== undefined);
}
