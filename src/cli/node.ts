import { setTimeout as sleep } from "node:timers/promises";

import { JsonRpcApiProvider, Network, type JsonRpcError, type JsonRpcPayload, type JsonRpcResult } from "ethers";

import { nodeRequest } from "../client/node-address.ts";
import { DEFAULT_RPC_URL } from "./defaults.ts";
import { BadAnswerError, NoNetworkError } from "./errors.ts";

/**
 * Milliseconds to wait for an answer, and for one that a person may have to approve in a wallet.
 */
const ANSWER_TIMEOUT = 20_000;
const APPROVAL_TIMEOUT = 600_000;
const NEEDS_APPROVAL = /^(?:eth_send|eth_sign|personal_sign)/u;

/** Milliseconds before a request that the node was too busy for is repeated. */
const PAUSES = [300, 1_000, 3_000];
/** HTTP says that the node is too busy, or that a proxy doesn't reach it. */
const BUSY = new Set([429, 502, 503, 504]);

type Answer = JsonRpcResult | JsonRpcError;

/**
 * A node over HTTP. It distinguishes three failures: no answer, an incomplete answer, and an error
 * as the answer.
 */
export class NodeProvider extends JsonRpcApiProvider {
  readonly url: string;

  constructor(url: string, chainId: bigint) {
    const network = Network.from(chainId);
    // Without a cache: each reading is of now.
    super(network, { staticNetwork: network, batchMaxCount: 1, cacheTimeout: -1, pollingInterval: 500 });
    this.url = url;
    this._start();
  }

  /** Whether the node is on this machine, and so may hold the person's own accounts. */
  get isLoopback(): boolean {
    return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/u.test(new URL(this.url).hostname);
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<Answer[]> {
    const requests = Array.isArray(payload) ? payload : [payload];
    return Promise.all(requests.map(async (request) => post(this.url, request)));
  }
}

/** Connects to a node. @throws NoNetworkError or BadAnswerError */
export async function connect(url: string): Promise<NodeProvider> {
  if (!URL.canParse(url) || !/^https?:$/u.test(new URL(url).protocol)) {
    // Without the text, which may have a key to a paid node, as that of a WebSocket has.
    throw new NoNetworkError(
      `What --rpc-url or CANTILEVER_RPC_URL gives is no address of a node, such as ${DEFAULT_RPC_URL}`,
    );
  }
  const answer = await post(url, { jsonrpc: "2.0", id: 0, method: "eth_chainId", params: [] });
  const chainId = "result" in answer ? (answer.result as unknown) : undefined;
  if (typeof chainId !== "string" || !/^0x[0-9a-f]{1,16}$/iu.test(chainId)) {
    throw new BadAnswerError(`${hostOf(url)} answered eth_chainId by ${JSON.stringify(chainId ?? null)}`);
  }
  return new NodeProvider(url, BigInt(chainId));
}

async function post(url: string, request: JsonRpcPayload): Promise<Answer> {
  for (const pause of PAUSES) {
    const response = await ask(url, request);
    if (!BUSY.has(response.status)) return answerOf(response, request);
    await sleep(pause);
  }
  const response = await ask(url, request);
  if (BUSY.has(response.status)) {
    throw new NoNetworkError(`The node at ${hostOf(url)} is too busy (HTTP ${response.status})`);
  }
  return answerOf(response, request);
}

interface Response {
  readonly status: number;
  readonly text: string;
}

async function ask(url: string, request: JsonRpcPayload): Promise<Response> {
  const { address, headers } = nodeRequest(url);
  const timeout = NEEDS_APPROVAL.test(request.method) ? APPROVAL_TIMEOUT : ANSWER_TIMEOUT;
  try {
    const response = await fetch(address, {
      method: "POST",
      headers,
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(timeout),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw new NoNetworkError(`The node at ${hostOf(url)} doesn't answer (${reasonOf(error)})`, error);
  }
}

/** Without the path, which may have a key to a paid node. */
function hostOf(url: string): string {
  return new URL(url).host;
}

function reasonOf(error: unknown): string {
  const { cause, name } = error as {
    readonly cause?: { readonly code?: string; readonly message?: string };
    name: string;
  };
  return name === "TimeoutError" ? "no answer in time" : (cause?.code ?? cause?.message ?? name);
}

/** The answer, if it is one of JSON-RPC to this request. */
function answerOf({ status, text }: Response, { id, method }: JsonRpcPayload): Answer {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new BadAnswerError(`${method}: no JSON (HTTP ${status})`);
  }
  if (typeof answer !== "object" || answer === null) throw new BadAnswerError(`${method}: no JSON-RPC object`);
  const { error, result } = answer as Readonly<Record<string, unknown>>;
  if (error !== undefined && error !== null) {
    if (typeof error !== "object") throw new BadAnswerError(`${method}: an error of no known form`);
    const { code, message, data } = error as Readonly<Record<string, unknown>>;
    return {
      id,
      error: { code: Number(code ?? -32_000), message: typeof message === "string" ? message : "no message", data },
    };
  }
  if (result === undefined) throw new BadAnswerError(`${method}: neither a result nor an error (HTTP ${status})`);
  return { id, result };
}
