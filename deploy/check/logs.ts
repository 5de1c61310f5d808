import { toBeHexQuantity, type Node } from "../../src/deployment/node.ts";
import { isContractRefusal } from "../../src/deployment/node.ts";

/** An entry of a log, as a node gives it. */
export interface Entry {
  readonly topics: readonly string[];
  readonly data: string;
}

/** The fewest blocks that every node answers for. */
const SMALLEST_RANGE = 10n;

/**
 * All that a contract has logged from a block on. Public nodes answer for so many blocks only, each for another number: a
 * range that is refused is asked for in halves.
 */
export async function logsOf(node: Node, address: string, from: bigint): Promise<readonly Entry[]> {
  const last = await node.blockNumber();
  const entries: Entry[] = [];
  let longest = last - from + 1n;
  for (let start = from; start <= last;) {
    const end = start + longest - 1n < last ? start + longest - 1n : last;
    const filter = { address, fromBlock: toBeHexQuantity(start), toBlock: toBeHexQuantity(end) };
    try {
      entries.push(...((await node.rpc.send("eth_getLogs", [filter])) as Entry[]));
      start = end + 1n;
    } catch (error) {
      const length = end - start + 1n;
      if (length <= SMALLEST_RANGE || isContractRefusal(error)) throw error;
      longest = (length + 1n) / 2n;
    }
  }
  return entries;
}
