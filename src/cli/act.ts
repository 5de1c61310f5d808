import type { TransactionReceipt } from "ethers";

import type { CantileverError } from "../errors.ts";
import type { ApprovalOptions } from "../client/plan.ts";
import { outcomeOf, receiptOf } from "../client/outcome.ts";
import { withMargin } from "../client/send.ts";
import type { Address } from "../protocol/address.ts";
import { NoNetworkError, NotEnoughError, OutcomeUnknownError } from "./errors.ts";
import { presentFees, type Fees } from "./fees.ts";
import type { NodeProvider } from "./node.ts";
import { etherText, parseSeconds } from "./numbers.ts";
import { show, toJson, withProgress } from "./output.ts";
import { acceptImpact, impactWarning } from "./price-impact.ts";
import { safeBatch, writeBatch, type Call } from "./safe.ts";
import type { Session } from "./session.ts";
import type { Signer } from "./signer.ts";
import { estimate, simulate, type SimulatedGas } from "./simulate.ts";
import type { GlobalOptions, Surroundings } from "./surroundings.ts";
import { confirm } from "./terminal.ts";

/** Options of everything that sends transactions. */
export interface SigningOptions extends GlobalOptions {
  readonly from?: string;
  readonly yes?: boolean;
  readonly unsigned?: boolean;
  readonly safe?: string;
  readonly approveUnlimited?: boolean;
  readonly maxFee?: string;
  /** Seconds. */
  readonly timeout: string;
  readonly acceptPriceImpact?: boolean;
}

/** Transactions that somebody wants to make, and all that is to be seen before they are signed. */
export interface Proposal {
  /** Words for the whole: `Open 10 WETH at 4x`. */
  readonly title: string;
  readonly calls: readonly Call[];
  /** Their effect, for people. */
  readonly preview: string;
  /** The same for programs. */
  readonly expected: object;
  /** Typical gas of the last call, for nodes that can't simulate it after those before it. */
  readonly usualGas?: bigint;
  /** Of the trade in it, a share (WAD). */
  readonly priceImpact?: bigint | undefined;
  /** Why the market would refuse it. */
  readonly refusal?: CantileverError | undefined;
  /** Signs a permit once the person has confirmed, and returns the calls with it. */
  readonly finish?: () => Promise<readonly Call[]>;
  /** The real effect, from the receipts. */
  readonly happened: (receipts: readonly TransactionReceipt[]) => Promise<{ text: string; result: object }>;
}

/** How the person wants tokens to be approved. */
export function approvalsOf({ approveUnlimited }: SigningOptions): Required<ApprovalOptions> {
  return { approve: approveUnlimited === true ? "unlimited" : "exact" };
}

/** Whether nothing is signed here: any address may act then. */
export function signsElsewhere({ unsigned, safe }: SigningOptions): boolean {
  return unsigned === true || safe !== undefined;
}

/**
 * Simulates the transactions, shows their effect, asks, signs, sends, waits, and shows the result.
 * Signs nothing before the person has seen all of it and has confirmed.
 * @throws an error before it sends anything, or the outcome of a transaction that was not mined.
 */
export async function act(
  surroundings: Surroundings,
  session: Session,
  signer: Signer,
  options: SigningOptions,
  proposal: Proposal,
): Promise<void> {
  const { terminal } = surroundings;
  const { node } = session;
  // Programs get one JSON document on stdout.
  const people = options.json === true ? terminal.stderr : terminal.stdout;
  const timeout = parseSeconds(options.timeout, "--timeout");
  const warning = impactWarning(proposal.priceImpact ?? 0n);
  /**
   * Whether only the result is printed: what the person would read first goes to `stderr` where it
   * must not be missed.
   */
  const isQuiet = signsElsewhere(options) || (options.json === true && options.yes === true);
  if (proposal.refusal !== undefined) throw proposal.refusal;
  const gas = await simulate(node, signer.address, proposal.calls);
  if (isQuiet && warning !== undefined) terminal.stderr.write(`${warning}\n`);
  if (signsElsewhere(options)) {
    await acceptImpact(terminal, proposal.priceImpact ?? 0n, options.acceptPriceImpact === true);
    await handOver(surroundings, session, signer.address, options, proposal);
    return;
  }
  const fees = await presentFees(node, options.maxFee);
  const cost = await checkCost(
    node,
    signer,
    gas.map((one) => one ?? proposal.usualGas),
    fees,
  );
  if (!isQuiet) people.write(`${describe(proposal, signer, cost, !gas.includes(undefined), warning)}\n`);
  await acceptImpact(terminal, proposal.priceImpact ?? 0n, options.acceptPriceImpact === true);
  if (options.yes !== true) {
    const count = proposal.calls.length === 1 ? "this transaction" : `these ${proposal.calls.length} transactions`;
    await confirm(terminal, `Sign and send ${count}?`, "Give --yes to send without asking.");
  }
  await signer.unlock();
  const calls = (await proposal.finish?.()) ?? proposal.calls;

  const receipts: TransactionReceipt[] = [];
  for (const [index, call] of calls.entries()) {
    const receipt = await send(surroundings, node, signer, call, fees, timeout, (line) => {
      if (!isQuiet) people.write(`${calls.length > 1 ? `${index + 1}/${calls.length} ` : ""}${line}\n`);
    });
    receipts.push(receipt);
  }
  const { text, result } = await proposal.happened(receipts).catch((error: unknown) => {
    throw lostAfter(receipts.at(-1)?.hash ?? "", error);
  });
  const transactions = receipts.map(({ hash, blockNumber, gasUsed, fee }) => ({ hash, blockNumber, gasUsed, fee }));
  const output = { from: signer.address, expected: proposal.expected, transactions, happened: result };
  terminal.stdout.write(options.json === true ? `${toJson(output)}\n` : `\n${text}\n`);
}

/** @param isWhole whether the cost is that of all transactions. */
function describe(
  proposal: Proposal,
  signer: Signer,
  cost: bigint,
  isWhole: boolean,
  warning: string | undefined,
): string {
  const { calls, title, preview } = proposal;
  const about = isWhole || proposal.usualGas !== undefined ? "about" : "above";
  const steps = calls.length === 1 ? [] : ["", ...calls.map((call, index) => `${index + 1}. ${call.title}`)];
  return [
    title,
    "",
    preview,
    ...steps,
    "",
    `Simulated on the state of now. The fee is ${about} ${etherText(cost)}, paid by ` +
      `${signer.address} (${signer.holder ?? ""}).`,
    ...(isWhole
      ? []
      : [
          "This node can't simulate several transactions at once: the last one is simulated once the others are mined.",
        ]),
    ...(warning === undefined ? [] : ["", warning]),
  ].join("\n");
}

/**
 * The fee of all transactions at the present price of gas, wei. @throws NotEnoughError if the
 * account can't pay it
 */
async function checkCost(node: NodeProvider, { address }: Signer, gas: SimulatedGas, fees: Fees): Promise<bigint> {
  const all = gas.reduce((sum: bigint, one) => sum + (one ?? 0n), 0n);
  const cost = all * fees.expected;
  const balance = await node.getBalance(address);
  if (balance >= cost) return cost;
  throw new NotEnoughError(
    `The account ${address} has ${etherText(balance)}, and the fee is about ${etherText(cost)}`,
    "Send it some ether first.",
  );
}

/** Seconds between two questions for a receipt. */
const POLLING = 0.25;

async function send(
  surroundings: Surroundings,
  node: NodeProvider,
  signer: Signer,
  call: Call,
  { forTransaction }: Fees,
  timeout: number,
  tell: (line: string) => void,
): Promise<TransactionReceipt> {
  const { to, data, value } = call;
  // Once more, on the state that the transactions before it have left.
  const gasLimit = withMargin(await estimate(node, signer.address, call));
  const nonce = await node.getTransactionCount(signer.address, "pending");
  const { chainId } = node._network;
  const sinceBlock = await node.getBlockNumber();
  const hash = await signer.send({ to, data, value, chainId, nonce, gasLimit, ...forTransaction });
  tell(`sent ${hash}`);
  const sent = { hash, from: signer.address, nonce, to, data, value, sinceBlock };
  const outcome = await withProgress(surroundings.terminal, "Waiting for a block", async () =>
    outcomeOf(node, sent, { timeout, interval: POLLING }).catch((error: unknown) => {
      throw lostAfter(hash, error);
    }),
  );
  const receipt = receiptOf(outcome);
  tell(`in block ${receipt.blockNumber}: ${call.title}, ${receipt.gasUsed} gas, ${etherText(receipt.fee)}`);
  return receipt;
}

/**
 * A lost connection as it is told once a transaction is out: with its hash, and not with the advice
 * to try again.
 */
function lostAfter(hash: string, error: unknown): unknown {
  return error instanceof NoNetworkError ? new OutcomeUnknownError(hash, error) : error;
}

/** For somebody else to sign: the calls as JSON, or as a file for a Safe. */
async function handOver(
  { terminal }: Surroundings,
  { node, chainId }: Session,
  from: Address,
  { safe, json }: SigningOptions,
  { title, calls, preview, expected }: Proposal,
): Promise<void> {
  if (safe === undefined) {
    const transactions = calls.map((call) => ({ ...call, from, chainId, value: `0x${call.value.toString(16)}` }));
    terminal.stdout.write(`${toJson({ title, expected, transactions })}\n`);
    return;
  }
  const block = await node.getBlock("latest");
  await writeBatch(safe, safeBatch(chainId, from, calls, BigInt(block?.timestamp ?? 0)));
  const count = calls.length === 1 ? "one call" : `${calls.length} calls`;
  const text = `${title}\n\n${preview}\n\nWrote ${count} to ${safe}, for the Safe ${from}.`;
  show(terminal, json, { title, expected, file: safe, safe: from, calls: calls.length }, text);
}
