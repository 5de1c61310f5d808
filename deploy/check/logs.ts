import { NodeError } from "../../src/deployment/errors.ts";
import { failureOf, toBeHexQuantity, type Node } from "../../src/deployment/node.ts";

/** A log entry as returned by a node. */
export interface Entry {
  readonly topics: readonly string[];
  readonly data: string;
}

/** Number of blocks for which every node answers. */
const SMALLEST_RANGE = 10n;

/** Milliseconds between two reports of progress. */
const TOLD_EVERY = 2_000;

/**
 * All logs of a contract from a block on. Public nodes limit the range of blocks, each to a
 * different number, so a rejected range is halved.
 * @throws NodeError if the node is out of reach, or rejects the smallest range.
 * @param tell reports the progress at intervals.
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

/** Whether the node could not be reached, rather than rejecting the request. */
function isUnreachable(error: unknown): boolean {
  return failureOf(error) === "connectionLost" && !/limit|range|timeout|timed out/iu.test(String(error));
}
