import { isError } from "ethers";

import { contractError } from "../client/contract-error.ts";
import { explained } from "../client/send.ts";
import type { Address } from "../protocol/address.ts";
import { BadAnswerError } from "./errors.ts";
import type { NodeProvider } from "./node.ts";
import type { Call } from "./safe.ts";

/**
 * Gas of each call, one after the other; undefined where the node could not simulate it after those
 * before it.
 */
export type SimulatedGas = readonly (bigint | undefined)[];

interface SimulatedCall {
  readonly status: string;
  readonly gasUsed: string;
  readonly returnData?: string;
  readonly error?: { readonly message?: string; readonly data?: string };
}

/**
 * Makes the calls of an account one after the other on the state of now, without sending anything.
 * @throws the contract's error, decoded, of the first call that is refused.
 */
export async function simulate(node: NodeProvider, from: Address, calls: readonly Call[]): Promise<SimulatedGas> {
  const [only, ...others] = calls;
  if (only === undefined) return [];
  if (others.length === 0) return [await estimate(node, from, only)];
  const params = [
    { blockStateCalls: [{ calls: calls.map((call) => requestOf(from, call)) }], validation: false },
    "latest",
  ];
  let answer: unknown;
  try {
    answer = await node.send("eth_simulateV1", params);
  } catch (error) {
    if (isUnsupported(error)) return estimateApart(node, from, calls);
    throw contractError(error);
  }
  const results = (answer as readonly { readonly calls?: readonly SimulatedCall[] }[] | null)?.[0]?.calls;
  if (results?.length !== calls.length)
    throw new BadAnswerError("eth_simulateV1 gave other calls than it was asked for");
  return results.map(gasOf);
}

/** Gas of one call. @throws the contract's error, decoded */
export async function estimate(node: NodeProvider, from: Address, { to, data, value }: Call): Promise<bigint> {
  return explained(node.estimateGas({ from, to, data, value }));
}

function gasOf({ status, gasUsed, returnData, error }: SimulatedCall): bigint {
  if (BigInt(status) === 1n) return BigInt(gasUsed);
  throw contractError(
    Object.assign(new Error(error?.message ?? "reverted"), { data: error?.data ?? returnData ?? "0x" }),
  );
}

/**
 * Without `eth_simulateV1`: each call alone. A contract may refuse a call only because the calls
 * before it are not mined yet; it is simulated again when they are mined, before it is signed.
 */
async function estimateApart(node: NodeProvider, from: Address, calls: readonly Call[]): Promise<SimulatedGas> {
  return Promise.all(
    calls.map(async (call, index) => {
      const gas = estimate(node, from, call);
      return index === 0 ? gas : gas.catch(() => undefined);
    }),
  );
}

function requestOf(from: Address, { to, data, value }: Call): Record<string, string> {
  return { from, to, data, value: `0x${value.toString(16)}` };
}

/** Nodes say in different ways that they don't know a method. */
function isUnsupported(error: unknown): boolean {
  if (isError(error, "UNSUPPORTED_OPERATION")) return true;
  const text = JSON.stringify((error as { readonly error?: unknown }).error ?? String(error)).toLowerCase();
  return /-3260[01]|-32004|not (found|supported|exist|available|implemented)|unsupported|unknown method/u.test(text);
}
