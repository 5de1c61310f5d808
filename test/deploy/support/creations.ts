import type { Rpc } from "../../../src/deployment/node.ts";

/** A call of a transaction in the format of `debug_traceTransaction`. */
interface TracedCall {
  readonly type: string;
  readonly to?: string;
  readonly input: string;
  readonly error?: string;
  readonly calls?: readonly TracedCall[];
}

function within(call: TracedCall): readonly TracedCall[] {
  return [call, ...(call.calls ?? []).flatMap(within)];
}

/** Creation code and arguments of each contract of a chain, by address in lower case. */
export async function creationsOf(rpc: Rpc): Promise<ReadonlyMap<string, string>> {
  const creations = new Map<string, string>();
  const last = Number(await rpc.send("eth_blockNumber", []));
  for (let number = 1; number <= last; number++) {
    const block = (await rpc.send("eth_getBlockByNumber", [`0x${number.toString(16)}`, false])) as {
      transactions: readonly string[];
    };
    for (const hash of block.transactions) {
      const trace = (await rpc.send("debug_traceTransaction", [hash, { tracer: "callTracer" }])) as TracedCall;
      for (const { type, to, input, error } of within(trace)) {
        if (type.startsWith("CREATE") && to !== undefined && error === undefined)
          creations.set(to.toLowerCase(), input);
      }
    }
  }
  return creations;
}
