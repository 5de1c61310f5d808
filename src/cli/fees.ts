import { BadAnswerError, NotEnoughError } from "./errors.ts";
import type { NodeProvider } from "./node.ts";
import { decimal, parseGwei } from "./numbers.ts";

/** The price of a unit of gas, in the form that the chain takes. Wei. */
export interface Fees {
  /** The expected price in the next block. */
  readonly expected: bigint;
  readonly forTransaction:
    | { readonly type: 2; readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }
    | { readonly type: 0; readonly gasPrice: bigint };
}

/** Used where a node suggests no tip. Wei. */
const USUAL_TIP = 10n ** 9n;

/**
 * The present fees; the most allows for a base fee that doubles.
 * @param most of `--max-fee`, gwei.
 * @throws NotEnoughError if the present fee is above the most.
 */
export async function presentFees(node: NodeProvider, most: string | undefined): Promise<Fees> {
  const cap = most === undefined ? undefined : parseGwei(most, "--max-fee");
  const block = await node.getBlock("latest");
  const baseFee = block?.baseFeePerGas ?? undefined;
  if (baseFee === undefined) {
    const gasPrice = weiOf(await node.send("eth_gasPrice", []), "eth_gasPrice");
    checkCap(gasPrice, cap);
    return { expected: gasPrice, forTransaction: { type: 0, gasPrice } };
  }
  const suggested = (await node.send("eth_maxPriorityFeePerGas", []).catch(() => undefined)) as unknown;
  const tip = suggested === undefined ? USUAL_TIP : weiOf(suggested, "eth_maxPriorityFeePerGas");
  checkCap(baseFee + tip, cap);
  const wanted = 2n * baseFee + tip;
  const maxFeePerGas = cap !== undefined && cap < wanted ? cap : wanted;
  return { expected: baseFee + tip, forTransaction: { type: 2, maxFeePerGas, maxPriorityFeePerGas: tip } };
}

function checkCap(fee: bigint, cap: bigint | undefined): void {
  if (cap === undefined || fee <= cap) return;
  throw new NotEnoughError(
    `A unit of gas costs ${decimal(fee, 9, 4)} gwei now, and --max-fee allows ${decimal(cap, 9, 4)}`,
    "Wait for a lower fee, or allow more.",
  );
}

function weiOf(answer: unknown, method: string): bigint {
  if (typeof answer === "string" && /^0x[0-9a-f]+$/iu.test(answer)) return BigInt(answer);
  throw new BadAnswerError(`${method} is ${JSON.stringify(answer ?? null)}`);
}
