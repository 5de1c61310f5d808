import { NodeError } from "../../src/deployment/errors.ts";
import { failureOf, toBeHexQuantity, type Node } from "../../src/deployment/node.ts";

/** An entry of a log, as a node gives it. */
export interface Entry {
  readonly topics: readonly string[];
  readonly data: string;
}

/** The fewest blocks that every node answers for. */
const SMALLEST_RANGE = 10n;

/** Milliseconds between two reports of progress. */
const TOLD_EVERY = 2_000;

/**
 * All that a contract has logged from a block on. Public nodes answer for so many blocks only, each for another number: a
 * range that is refused is asked for in halves.
 * @throws NodeError if the node is out of reach, or refuses the smallest range.
 * @param tell how far it has come, every now and then.
 */
export async function logsOf(
  node: Node,
  address: string,
  from: bigint,
  tell: (state: string) => void,
): Promise<readonly Entry[]> {
  const last = await node.blockNumber();
  const entries: Entry[] = [];
  let longest = last - from + 1n;
  let told = Date.now();
  for (let start = from; start <= last;) {
    const end = start + longest - 1n < last ? start + longest - 1n : last;
    const filter = { address, fromBlock: toBeHexQuantity(start), toBlock: toBeHexQuantity(end) };
    try {
      entries.push(...((await node.rpc.send("eth_getLogs", [filter])) as Entry[]));
      start = end + 1n;
    } catch (error) {
      const length = end - start + 1n;
      if (length <= SMALLEST_RANGE || isUnreachable(error)) {
        throw new NodeError(
          `The node doesn't tell the events of ${address} in the blocks ${start} to ${end}`,
          "Check that it runs, or ask another one by --rpc-url; then try again.",
          error,
        );
      }
      longest = (length + 1n) / 2n;
    }
    if (Date.now() - told < TOLD_EVERY) continue;
    told = Date.now();
    tell(`reading events: ${((start - from) * 100n) / (last - from + 1n)}% of ${last - from + 1n} blocks`);
  }
  return entries;
}

/** Whether the node wasn't reached, rather than that it refuses. */
function isUnreachable(error: unknown): boolean {
  return failureOf(error) === "connectionLost" && !/limit|range|timeout|timed out/iu.test(String(error));
}
