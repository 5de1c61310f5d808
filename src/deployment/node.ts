import { toBeHex, type Interface, type TransactionLike } from "ethers";

import { contractError, revertDataOf } from "../client/contract-error.ts";
import { nodeRequest } from "../client/node-address.ts";
import { NodeError } from "./errors.ts";

/** A JSON-RPC client: an ethers provider, Hardhat's provider, or `httpRpc`. */
export interface Rpc {
  send(method: string, params: unknown[]): Promise<unknown>;
}

/** The account that sends transactions. */
export interface Account {
  readonly address: string;
  /** Signs a transaction. Absent for an unlocked account of the node, for which the node signs. */
  sign?(transaction: TransactionLike): Promise<string>;
}

/** Target, data and value of a call, without the other fields of a transaction. */
export interface Call {
  /** Absent if the data is creation code. */
  readonly to?: string;
  readonly data: string;
  /** Wei. */
  readonly value?: bigint;
}

/** Fees in wei per gas. On a chain without a base fee, `maxFeePerGas` is the gas price. */
export interface Fees {
  readonly baseFee: bigint | undefined;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** Receipt of a mined transaction. */
export interface Receipt {
  readonly hash: string;
  readonly blockNumber: bigint;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
}

/** Chain id of local chains. Hardhat and Anvil can advance their time. */
export const LOCAL_CHAIN = 31_337n;

/** Tip in wei per gas if the node suggests none. */
const USUAL_TIP = 10n ** 9n;

/** Timeout of a request, milliseconds. */
const ANSWER_TIMEOUT = 20_000;

/**
 * Milliseconds before each repetition of a request without an answer. After the last, the request
 * fails.
 */
const PAUSES = [100, 400, 1_000, 3_000, 8_000];

/**
 * The requests of a deployment to a node, with typed answers. Unless stated otherwise, they refer
 * to the latest block. Requests without an answer are repeated.
 *
 * Every method throws NodeError if the node does not answer or its answer is invalid.
 */
export class Node {
  readonly rpc: Rpc;

  constructor(rpc: Rpc) {
    this.rpc = rpc;
  }

  /** Chain id of the node. */
  async chainId(): Promise<bigint> {
    return this.#number("eth_chainId", []);
  }

  /** Unlocked accounts of the node. */
  async accounts(): Promise<readonly string[]> {
    return (await this.#ask("eth_accounts", [])) as string[];
  }

  /** Code at an address after a block, by default the latest. Most nodes don't have old states. */
  async code(address: string, block?: bigint): Promise<string> {
    const at = block === undefined ? "latest" : toBeHexQuantity(block);
    return (await this.#ask("eth_getCode", [address, at])) as string;
  }

  /** Whether a contract exists at an address. */
  async hasCode(address: string): Promise<boolean> {
    return (await this.code(address)) !== "0x";
  }

  /** Balance of an account, wei. */
  async balance(address: string): Promise<bigint> {
    return this.#number("eth_getBalance", [address, "latest"]);
  }

  /**
   * Number of mined transactions of an account (`latest`), or of mined and pending ones as the node
   * counts them (`pending`).
   */
  async transactionCount(address: string, block: "latest" | "pending"): Promise<number> {
    return Number(await this.#number("eth_getTransactionCount", [address, block]));
  }

  /** Number of the latest block. */
  async blockNumber(): Promise<bigint> {
    return this.#number("eth_blockNumber", []);
  }

  /** Unix seconds of the latest block. */
  async time(): Promise<bigint> {
    return BigInt((await this.#latestBlock()).timestamp);
  }

  /**
   * Calls a view.
   * @returns the raw result.
   * @throws the decoded error of the contract if it reverts.
   */
  async call(call: Call, from?: string): Promise<string> {
    return this.#explained("eth_call", [withFrom(call, from), "latest"]);
  }

  /**
   * Calls a view by name.
   * @returns its decoded results.
   * @throws the decoded error of the contract if it reverts, or an error of ethers if the contract
   * has no such view.
   */
  async view(to: string, target: Interface, name: string, args: readonly unknown[] = []): Promise<readonly unknown[]> {
    const data = target.encodeFunctionData(name, args);
    return target.decodeFunctionResult(name, await this.call({ to, data })).toArray() as unknown[];
  }

  /**
   * Calls a view by name.
   * @returns its decoded results, or undefined if the contract reverts or has no such view.
   */
  async answer(
    to: string,
    target: Interface,
    name: string,
    args: readonly unknown[] = [],
  ): Promise<readonly unknown[] | undefined> {
    try {
      return await this.view(to, target, name, args);
    } catch (error) {
      if (error instanceof NodeError) throw error;
      return undefined;
    }
  }

  /**
   * Advances the time of a simulated chain and mines a block.
   * @returns whether the node supports this.
   */
  async passTime(seconds: bigint): Promise<boolean> {
    try {
      await this.#ask("evm_increaseTime", [Number(seconds)]);
      await this.#ask("evm_mine", []);
      return true;
    } catch (error) {
      if (error instanceof NodeError) throw error;
      return false;
    }
  }

  /**
   * Estimates the gas of a call.
   * @throws the decoded error of the contract if it reverts.
   */
  async estimateGas(call: Call, from: string): Promise<bigint> {
    return BigInt(await this.#explained("eth_estimateGas", [withFrom(call, from), "latest"]));
  }

  /** The current fees. `maxFeePerGas` allows for a doubled base fee. */
  async fees(): Promise<Fees> {
    const { baseFeePerGas } = await this.#latestBlock();
    if (baseFeePerGas === undefined) {
      const gasPrice = await this.#number("eth_gasPrice", []);
      return { baseFee: undefined, maxFeePerGas: gasPrice, maxPriorityFeePerGas: gasPrice };
    }
    const baseFee = BigInt(baseFeePerGas);
    const tip = await this.#number("eth_maxPriorityFeePerGas", []).catch(() => USUAL_TIP);
    return { baseFee, maxFeePerGas: 2n * baseFee + tip, maxPriorityFeePerGas: tip };
  }

  /** Whether the node has the transaction, pending or mined. */
  async knows(hash: string): Promise<boolean> {
    return (await this.#ask("eth_getTransactionByHash", [hash])) !== null;
  }

  /** Receipt of a transaction; undefined while it is not mined. */
  async receipt(hash: string): Promise<Receipt | undefined> {
    const answer = (await this.#ask("eth_getTransactionReceipt", [hash])) as Record<string, string> | null;
    if (answer === null) return undefined;
    return {
      hash,
      blockNumber: BigInt(answer.blockNumber ?? 0),
      succeeded: BigInt(answer.status ?? 1) === 1n,
      gasUsed: BigInt(answer.gasUsed ?? 0),
    };
  }

  /**
   * The transactions of a block, those that create contracts with a null receiver; none if the node
   * lacks the block.
   */
  async transactionsIn(block: bigint): Promise<readonly { readonly to: string | null; readonly input: string }[]> {
    const answer = (await this.#ask("eth_getBlockByNumber", [toBeHexQuantity(block), true])) as {
      readonly transactions: readonly { readonly to: string | null; readonly input: string }[];
    } | null;
    return answer?.transactions ?? [];
  }

  /** What a contract has logged in one block, of the events that the topics select. */
  async logsIn(
    block: bigint,
    address: string,
    topics: readonly unknown[],
  ): Promise<readonly { readonly topics: readonly string[]; readonly data: string }[]> {
    const at = toBeHexQuantity(block);
    const filter = { address, fromBlock: at, toBlock: at, topics };
    return (await this.#ask("eth_getLogs", [filter])) as Awaited<ReturnType<Node["logsIn"]>>;
  }

  async #latestBlock(): Promise<{ timestamp: string; baseFeePerGas?: string }> {
    const block = await this.#ask("eth_getBlockByNumber", ["latest", false]);
    if (block === null) throw new NodeError("The node has no block yet", "Try again when it has started.");
    return block as { timestamp: string; baseFeePerGas?: string };
  }

  async #number(method: string, params: unknown[]): Promise<bigint> {
    const answer = await this.#ask(method, params);
    if (typeof answer === "string" && /^0x[0-9a-f]+$/iu.test(answer)) return BigInt(answer);
    throw new NodeError(`The node answered ${method} with ${JSON.stringify(answer)}`, "Use another node.");
  }

  /**
   * Repeats a request until there is an answer. Only for requests that may safely be repeated, not
   * for transactions.
   */
  async #ask(method: string, params: unknown[]): Promise<unknown> {
    for (const pause of PAUSES) {
      try {
        return await this.rpc.send(method, params);
      } catch (error) {
        if (isContractRefusal(error) || failureOf(error) !== "connectionLost") throw error;
        await sleep(pause);
      }
    }
    try {
      return await this.rpc.send(method, params);
    } catch (error) {
      if (isContractRefusal(error) || failureOf(error) !== "connectionLost") throw error;
      const said = error instanceof NoAnswerError ? ` (${error.message})` : "";
      throw new NodeError(
        `The node doesn't answer${said}`,
        "Check its address and whether it runs, then try again.",
        error,
      );
    }
  }

  async #explained(method: string, params: unknown[]): Promise<string> {
    try {
      return (await this.#ask(method, params)) as string;
    } catch (error) {
      throw contractError(error);
    }
  }
}

function withFrom({ to, data, value }: Call, from: string | undefined): Record<string, string> {
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(value === undefined ? {} : { value: toBeHexQuantity(value) }),
    data,
  };
}

/** A number in the form of JSON-RPC quantities: hexadecimal without leading zeros. */
export function toBeHexQuantity(value: bigint | number): string {
  return toBeHex(value).replace(/^0x0(?=.)/u, "0x");
}

/** All messages of a failed request, wherever a library has put them, in lower case. */
function textOf(error: unknown, depth = 0): string {
  if (typeof error !== "object" || error === null || depth > 5) return typeof error === "string" ? error : "";
  const { code, message, error: inner, info, cause } = error as Record<string, unknown>;
  const own = [code, message].filter((part) => typeof part === "string").join(" ");
  return [own, ...[inner, info, cause].map((part) => textOf(part, depth + 1))].join(" ").toLowerCase();
}

/**
 * Nodes have no common codes for these failures. The patterns match the messages of geth,
 * Nethermind, Besu, Reth, Anvil and Hardhat.
 */
const PATTERNS = {
  /** The nonce belongs to a mined transaction. */
  nonceUsed: /nonce (is )?too low|nonce has already been used|nonce_expired|old ?nonce|nonce too high/u,
  /**
   * Another transaction with this nonce is pending, and this one does not raise its fee enough to
   * replace it.
   */
  nonceTaken:
    /replacement (transaction )?underpriced|replacement fee too low|replacement_underpriced|not enough bump|too low to replace/u,
  /** The node already has this transaction. */
  known: /already known|already imported|known transaction|alreadyknown|already exists|already in (the )?(mem)?pool/u,
  /** The fee is below the next block's base fee or the node's minimum. */
  feeTooLow:
    /underpriced|less than block base fee|fee ?too ?low|lower than (the )?(block )?base ?fee|below (the )?(block )?base ?fee/u,
  insufficientFunds: /insufficient (funds|balance)|enough funds|insufficient_funds/u,
  /** The request or its answer was lost: it may or may not have been executed. */
  connectionLost: new RegExp(
    "econnrefused|econnreset|epipe|etimedout|enotfound|network_error|fetch failed|socket|timeout|timed out|aborted|" +
      "server_error|rate limit|too many requests|bad gateway|unavailable",
    "u",
  ),
} as const;

/** The kind of failure of a request; undefined if no pattern matches. */
export function failureOf(error: unknown): keyof typeof PATTERNS | undefined {
  const text = textOf(error);
  const kinds = Object.keys(PATTERNS) as (keyof typeof PATTERNS)[];
  return kinds.find((kind) => PATTERNS[kind].test(text));
}

/** Whether a contract reverted, rather than the node failing. */
export function isContractRefusal(error: unknown): boolean {
  return revertDataOf(error) !== undefined || /execution reverted|reverted with|invalid opcode/u.test(textOf(error));
}

/** An error answer of a node. */
class RpcAnswerError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor({ code, message, data }: { code: number; message: string; data?: unknown }) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** An answer that is not JSON-RPC, such as that of a proxy or a failing server. */
class NoAnswerError extends Error {
  readonly code = "SERVER_ERROR";
}

/** JSON-RPC over HTTP, with functions that both browsers and Node have. */
export function httpRpc(url: string): Rpc {
  let id = 0;
  const { address, headers } = nodeRequest(url);
  return {
    async send(method, params) {
      const request = { jsonrpc: "2.0", id: ++id, method, params };
      const response = await fetch(address, {
        method: "POST",
        headers,
        body: JSON.stringify(request),
        signal: AbortSignal.timeout(ANSWER_TIMEOUT),
      });
      const text = await response.text();
      const answer = parsed(text);
      if (answer?.error !== undefined) throw new RpcAnswerError(answer.error);
      if (answer === undefined || !("result" in answer)) {
        throw new NoAnswerError(`${method}: no JSON-RPC answer (HTTP ${response.status})`);
      }
      return answer.result;
    },
  };
}

interface RpcAnswer {
  readonly result?: unknown;
  readonly error?: { code: number; message: string; data?: unknown };
}

function parsed(text: string): RpcAnswer | undefined {
  try {
    const answer = JSON.parse(text) as unknown;
    return typeof answer === "object" && answer !== null ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** Resolves after a time in milliseconds. */
export async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
