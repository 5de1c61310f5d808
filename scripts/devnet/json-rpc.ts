import type { Rpc } from "../../src/deployment/node.ts";
import type { Turns } from "./turns.ts";

/** More than any transaction has. */
export const MOST_BYTES = 16 * 1024 * 1024;
/** Codes of JSON-RPC. */
const [PARSE_ERROR, INVALID_REQUEST, INTERNAL_ERROR] = [-32_700, -32_600, -32_603];
/** The most gas of a transaction, by EIP-7825. */
const MOST_GAS = 2n ** 24n;
/** What takes the chain from under the feet of whoever acts on it: it waits until nobody does. */
const UPSETTING: readonly string[] = ["evm_revert", "hardhat_reset"];

/** A chain in this process, for those outside. */
export interface Served {
  readonly rpc: Rpc;
  /** Accounts of people: no others are named. */
  readonly accounts: readonly string[];
  /** Those of everyone who acts on the chain from within this process. */
  readonly turns: Turns;
  /** Calls the listener with whatever somebody has subscribed to. */
  readonly onMessage: (listener: (message: SubscriptionMessage) => void) => void;
}

/** A message about something that was subscribed to, as EIP-1193 has it. */
export interface SubscriptionMessage {
  readonly type: string;
  readonly data: { readonly subscription: string; readonly result: unknown };
}

/**
 * The answer to a request of JSON-RPC, or to a batch of them; once there is a chain.
 *
 * Three things differ from asking the chain directly, so that it looks like any node from outside:
 * only the accounts of people are named, the gas of a transaction that names none is estimated, and
 * a transaction that is mined and fails is answered by its hash.
 * @param body JSON.
 */
export async function answerTo(body: string, opened: Promise<Served>): Promise<unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return failure(null, { code: PARSE_ERROR, message: "This is no JSON." });
  }
  const served = await opened;
  if (!Array.isArray(parsed)) return answer(parsed, served);
  const answers: unknown[] = [];
  // One after the other: transactions of a batch are mined in its order.
  for (const one of parsed) answers.push(await answer(one, served));
  return answers;
}

/** An error as JSON-RPC tells it. */
interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

async function answer(request: unknown, { rpc, accounts, turns }: Served): Promise<unknown> {
  if (!isRequest(request)) {
    return failure(null, { code: INVALID_REQUEST, message: "A request is an object with a method and params." });
  }
  const { id = null, method, params = [] } = request;
  try {
    if (method === "eth_accounts") return { jsonrpc: "2.0", id, result: accounts };
    const sent = method === "eth_sendTransaction" ? await withGas(rpc, params) : params;
    const send = (): Promise<unknown> => rpc.send(method, sent);
    const result = await (UPSETTING.includes(method) ? turns.take(send) : send());
    return { jsonrpc: "2.0", id, result };
  } catch (error) {
    const { hash, ...problem } = errorOf(error);
    const isMined = hash !== undefined && (method === "eth_sendTransaction" || method === "eth_sendRawTransaction");
    return isMined ? { jsonrpc: "2.0", id, result: hash } : failure(id, problem);
  }
}

interface RpcRequest {
  readonly id?: unknown;
  readonly method: string;
  readonly params?: unknown[];
}

function isRequest(value: unknown): value is RpcRequest {
  if (typeof value !== "object" || value === null || !("method" in value)) return false;
  return typeof value.method === "string" && (!("params" in value) || Array.isArray(value.params));
}

function failure(id: unknown, error: RpcError): unknown {
  return { jsonrpc: "2.0", id, error };
}

/**
 * The transaction with a fifth more gas than it takes now, if it names none. A contract that
 * refuses is heard of at once.
 */
async function withGas(rpc: Rpc, params: unknown[]): Promise<unknown[]> {
  const [transaction, ...rest] = params as Record<string, unknown>[];
  if (transaction === undefined || transaction.gas !== undefined || transaction.gasLimit !== undefined) return params;
  const estimate = BigInt((await rpc.send("eth_estimateGas", [transaction])) as string);
  const some = (estimate * 6n) / 5n;
  return [{ ...transaction, gas: `0x${(some < MOST_GAS ? some : MOST_GAS).toString(16)}` }, ...rest];
}

/**
 * An error of the chain for those who ask over HTTP, with the data of a contract's error where
 * libraries look for it; and the hash of the transaction if it is in a block.
 */
function errorOf(error: unknown): RpcError & { readonly hash: string | undefined } {
  const { code, message, data, transactionHash } = error as Readonly<Record<string, unknown>>;
  const inner = (typeof data === "object" && data !== null ? data : {}) as Readonly<Record<string, unknown>>;
  const returned = [data, inner.data].find((one) => typeof one === "string");
  const hash = [transactionHash, inner.transactionHash].find((one) => typeof one === "string");
  return {
    code: typeof code === "number" ? code : INTERNAL_ERROR,
    message: typeof message === "string" ? message : String(error),
    ...(returned === undefined ? {} : { data: returned }),
    hash,
  };
}
