import { toBeHex, type Interface, type TransactionLike } from "ethers";

import { contractError, revertDataOf } from "../client/contract-error.ts";
import { nodeRequest } from "../client/node-address.ts";
import { NodeError } from "./errors.ts";

/** Whatever answers JSON-RPC requests: an ethers provider, Hardhat's, or `httpRpc`. */
export interface Rpc {
  send(method: string, params: unknown[]): Promise<unknown>;
}

/** Who sends the transactions. */
export interface Account {
  readonly address: string;
  /** The signed form of a transaction; absent for an account that the node itself holds unlocked. */
  sign?(transaction: TransactionLike): Promise<string>;
}

/** What a call does, without what belongs to a transaction. */
export interface Call {
  /** Absent: the data is creation code. */
  readonly to?: string;
  readonly data: string;
  /** Wei. */
  readonly value?: bigint;
}

/** Wei per gas. `maxFeePerGas` stands for the gas price where a chain has no base fee. */
export interface Fees {
  readonly baseFee: bigint | undefined;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

export interface Receipt {
  readonly hash: string;
  readonly blockNumber: bigint;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
}

/** Id of chains on one's own machine, of which Hardhat and Anvil let the time be brought forward. */
export const LOCAL_CHAIN = 31_337n;

/** Used where a node suggests no tip. */
const USUAL_TIP = 10n ** 9n;

/** Milliseconds to wait for an answer. */
const ANSWER_TIMEOUT = 20_000;

/** Milliseconds before a question whose answer was lost is asked again; after the last it is given up. */
const PAUSES = [100, 400, 1_000, 3_000, 8_000];

/** The requests that a deployment makes of a node, with typed answers, all about the latest block. */
export class Node {
  readonly rpc: Rpc;

  constructor(rpc: Rpc) {
    this.rpc = rpc;
  }

  async chainId(): Promise<bigint> {
    return this.#number("eth_chainId", []);
  }

  /** Accounts that the node holds unlocked. */
  async accounts(): Promise<readonly string[]> {
    return (await this.#ask("eth_accounts", [])) as string[];
  }

  /** Code at an address, by default after the latest block; nodes forget what was there long ago. */
  async code(address: string, block?: bigint): Promise<string> {
    const at = block === undefined ? "latest" : toBeHexQuantity(block);
    return (await this.#ask("eth_getCode", [address, at])) as string;
  }

  async hasCode(address: string): Promise<boolean> {
    return (await this.code(address)) !== "0x";
  }

  async balance(address: string): Promise<bigint> {
    return this.#number("eth_getBalance", [address, "latest"]);
  }

  /** Transactions of an account that are mined, or those that wait for it as well (as far as the node counts them). */
  async transactionCount(address: string, block: "latest" | "pending"): Promise<number> {
    return Number(await this.#number("eth_getTransactionCount", [address, block]));
  }

  async blockNumber(): Promise<bigint> {
    return this.#number("eth_blockNumber", []);
  }

  /** Unix seconds of the latest block. */
  async time(): Promise<bigint> {
    return BigInt((await this.#latestBlock()).timestamp);
  }

  /** The answer of a view. @throws the contract's error, decoded. */
  async call(call: Call, from?: string): Promise<string> {
    return this.#explained("eth_call", [withFrom(call, from), "latest"]);
  }

  /**
   * The results of a view.
   * @throws the contract's error, decoded; an error of ethers if what answers has no such view.
   */
  async view(to: string, target: Interface, name: string, args: readonly unknown[] = []): Promise<readonly unknown[]> {
    const data = target.encodeFunctionData(name, args);
    return target.decodeFunctionResult(name, await this.call({ to, data })).toArray() as unknown[];
  }

  /** The results of a view, or undefined if what is there isn't the contract: it has no such view, or refuses to answer. */
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
   * Brings the time of a simulated chain forward, and mines a block.
   * @returns whether the node can do that.
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

  /** Gas of a call. @throws the contract's error, decoded, if a contract refuses it. */
  async estimateGas(call: Call, from: string): Promise<bigint> {
    return BigInt(await this.#explained("eth_estimateGas", [withFrom(call, from), "latest"]));
  }

  /** The present fees: the most allows for a base fee that doubles. */
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

  /** Whether the node has the transaction, waiting or mined. */
  async knows(hash: string): Promise<boolean> {
    return (await this.#ask("eth_getTransactionByHash", [hash])) !== null;
  }

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

  async #latestBlock(): Promise<{ timestamp: string; baseFeePerGas?: string }> {
    const block = await this.#ask("eth_getBlockByNumber", ["latest", false]);
    if (block === null) throw new NodeError("The node has no block yet", "Try again when it has started.");
    return block as { timestamp: string; baseFeePerGas?: string };
  }

  async #number(method: string, params: unknown[]): Promise<bigint> {
    const answer = await this.#ask(method, params);
    if (typeof answer === "string" && /^0x[0-9a-f]+$/iu.test(answer)) return BigInt(answer);
    throw new NodeError(`The node answered ${method} by ${JSON.stringify(answer)}`, "Use another node.");
  }

  /** Asks as often as it takes to get an answer: to ask twice does no harm, other than to send twice. */
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
        "Check its address, and that it runs; then try again.",
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

/** A number as JSON-RPC writes quantities: without leading zeros. */
export function toBeHexQuantity(value: bigint | number): string {
  return toBeHex(value).replace(/^0x0(?=.)/u, "0x");
}

/** What a failed request says, wherever a library has put it. In lower case, for `isNonceUsed` and the like. */
function textOf(error: unknown, depth = 0): string {
  if (typeof error !== "object" || error === null || depth > 5) return typeof error === "string" ? error : "";
  const { code, message, error: inner, info, cause } = error as Record<string, unknown>;
  const own = [code, message].filter((part) => typeof part === "string").join(" ");
  return [own, ...[inner, info, cause].map((part) => textOf(part, depth + 1))].join(" ").toLowerCase();
}

/** Nodes have no common codes for these: the patterns are the messages of geth, Nethermind, Besu, Reth, Anvil, Hardhat. */
const PATTERNS = {
  /** The nonce belongs to a mined transaction. */
  nonceUsed: /nonce (is )?too low|nonce has already been used|nonce_expired|old ?nonce|nonce too high/u,
  /** Another transaction with this nonce waits, and this one doesn't offer enough more to replace it. */
  nonceTaken:
    /replacement (transaction )?underpriced|replacement fee too low|replacement_underpriced|not enough bump|too low to replace/u,
  /** The node has this very transaction. */
  known: /already known|already imported|known transaction|alreadyknown|already exists|already in (the )?(mem)?pool/u,
  /** The offered fee is below what the next block asks. */
  feeTooLow:
    /underpriced|less than block base fee|fee ?too ?low|lower than (the )?(block )?base ?fee|below (the )?(block )?base ?fee/u,
  insufficientFunds: /insufficient (funds|balance)|enough funds|insufficient_funds/u,
  /** The request or its answer was lost: nobody knows whether it was carried out. */
  connectionLost: new RegExp(
    "econnrefused|econnreset|epipe|etimedout|enotfound|network_error|fetch failed|socket|timeout|timed out|aborted|" +
      "server_error|rate limit|too many requests|bad gateway|unavailable",
    "u",
  ),
} as const;

/** What kind of failure a request had, or undefined for one that no pattern fits. */
export function failureOf(error: unknown): keyof typeof PATTERNS | undefined {
  const text = textOf(error);
  const kinds = Object.keys(PATTERNS) as (keyof typeof PATTERNS)[];
  return kinds.find((kind) => PATTERNS[kind].test(text));
}

/** Whether a contract has refused, rather than the node. */
export function isContractRefusal(error: unknown): boolean {
  return revertDataOf(error) !== undefined || /execution reverted|reverted with|invalid opcode/u.test(textOf(error));
}

/** An answer of a node that is an error, as it came. */
class RpcAnswerError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor({ code, message, data }: { code: number; message: string; data?: unknown }) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** An answer that is no JSON-RPC: of a proxy, or of a server that fails. */
class NoAnswerError extends Error {
  readonly code = "SERVER_ERROR";
}

/** JSON-RPC over HTTP, by what browsers and Node both have. */
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

export async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
