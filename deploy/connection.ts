import { DEFAULT_RPC_URL } from "../src/cli/defaults.ts";
import { UsageError } from "../src/cli/errors.ts";
import { NodeError, WrongChainError } from "../src/deployment/errors.ts";
import { httpRpc, Node } from "../src/deployment/node.ts";

/** Milliseconds that a node has for its first answer. */
const FIRST_ANSWER = 8_000;

/**
 * Connects to a node. A node that answers at first is asked again later, however long that takes; one that doesn't is given
 * up at once.
 * @throws NodeError if it doesn't answer.
 */
export async function connect(url: string): Promise<{ readonly node: Node; readonly chainId: bigint }> {
  if (!URL.canParse(url) || !/^https?:$/u.test(new URL(url).protocol)) {
    throw new UsageError("--rpc-url is no address of a node", `An address is like ${DEFAULT_RPC_URL}.`);
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
      "Check that it runs, and the address that --rpc-url gives; then try again.",
      error,
    );
  } finally {
    clearTimeout(timer);
  }
  if (typeof answer !== "string" || !/^0x[0-9a-f]{1,16}$/iu.test(answer)) {
    throw new NodeError(`What answers at ${host} is no node of an Ethereum chain`, "Check the address in --rpc-url.");
  }
  return { node: new Node(rpc), chainId: BigInt(answer) };
}

/** @throws WrongChainError if a node is of another chain than what is to be done on it. */
export function checkChainId(found: bigint, expected: bigint, source: string): void {
  if (found === expected) return;
  throw new WrongChainError(found, `${source} is for ${expected}`);
}

/** Without the address, which may have a key to a paid node in it. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { readonly cause?: { readonly code?: string }; readonly message?: string };
  return cause?.code ?? message ?? String(error);
}
