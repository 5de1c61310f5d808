import { DEFAULT_RPC_URL } from "../src/cli/defaults.ts";
import { UsageError } from "../src/cli/errors.ts";
import { NodeError, WrongChainError } from "../src/deployment/errors.ts";
import { httpRpc, Node } from "../src/deployment/node.ts";

/** Timeout of the first request to a node, milliseconds. */
const FIRST_ANSWER = 8_000;

/**
 * Connects to a node. If its first request fails, the command fails at once; later requests are
 * repeated.
 * @throws UsageError if `url` is not an HTTP URL, NodeError if the node doesn't answer.
 */
export async function connect(url: string): Promise<{ readonly node: Node; readonly chainId: bigint }> {
  if (!URL.canParse(url) || !/^https?:$/u.test(new URL(url).protocol)) {
    throw new UsageError("--rpc-url is not the URL of a node", `Give a URL such as ${DEFAULT_RPC_URL}.`);
  }
  const { host } = new URL(url);
  const rpc = httpRpc(url);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${FIRST_ANSWER / 1_000} seconds`));
    }, FIRST_ANSWER);
  });
  let answer: unknown;
  try {
    answer = await Promise.race([rpc.send("eth_chainId", []), late]);
  } catch (error) {
    throw new NodeError(
      `The node at ${host} doesn't answer (${reasonOf(error)})`,
      "Check that it runs and that --rpc-url is its URL, then try again.",
      error,
    );
  } finally {
    clearTimeout(timer);
  }
  if (typeof answer !== "string" || !/^0x[0-9a-f]{1,16}$/iu.test(answer)) {
    throw new NodeError(`The server at ${host} is not a node of an Ethereum chain`, "Check --rpc-url.");
  }
  return { node: new Node(rpc), chainId: BigInt(answer) };
}

/**
 * Checks the chain id of a node.
 * @param source names what requires the expected chain.
 * @throws WrongChainError if the node belongs to another chain.
 */
export function checkChainId(found: bigint, expected: bigint, source: string): void {
  if (found === expected) return;
  throw new WrongChainError(found, `${source} is for ${expected}`);
}

/** The reason of a failed request, without the URL, which may contain a key of a paid node. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { readonly cause?: { readonly code?: string }; readonly message?: string };
  return cause?.code ?? message ?? String(error);
}
