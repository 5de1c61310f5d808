import type { Filter, Log, Provider } from "ethers";

import type { LogSource } from "../events/read.ts";

/** The fewest blocks that every node answers for. */
const SMALLEST_RANGE = 10;

/**
 * Codes of errors by which ethers and this project's own clients say that a node was not reached.
 */
const UNREACHED: readonly unknown[] = ["NETWORK_ERROR", "TIMEOUT", "NO_NETWORK", "NODE"];

/**
 * A source of logs that asks for as many blocks at once as the node allows. Public nodes refuse
 * ranges of more than some thousand blocks, or answers of more than some thousand logs, each in
 * words of its own: a range that is refused is asked for in halves, and later ranges are no longer
 * than what was answered.
 */
export function inRanges(provider: Pick<Provider, "getBlock" | "getLogs">): LogSource {
  let longest = Infinity;

  async function read(filter: Filter, from: number, to: number): Promise<Log[]> {
    const logs: Log[] = [];
    for (let start = from; start <= to;) {
      const end = Math.min(to, start + longest - 1);
      try {
        logs.push(...(await provider.getLogs({ ...filter, fromBlock: start, toBlock: end })));
        start = end + 1;
      } catch (error) {
        const length = end - start + 1;
        if (length <= SMALLEST_RANGE || !isAnswer(error)) throw error;
        longest = Math.ceil(length / 2);
      }
    }
    return logs;
  }

  return {
    getBlock: (...args: Parameters<Provider["getBlock"]>) => provider.getBlock(...args),
    getLogs: (filter) => {
      const { fromBlock, toBlock } = filter as Filter;
      if (typeof fromBlock !== "number" || typeof toBlock !== "number") return provider.getLogs(filter);
      return read(filter, fromBlock, toBlock);
    },
  };
}

/** Whether the node has refused, rather than been out of reach. */
function isAnswer(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return !UNREACHED.includes(code);
}
