import { formatEther, formatUnits } from "ethers";

import { confirm, type Terminal } from "../src/cli/terminal.ts";
import { checkBalance, dryRun, execute, type DeploymentEvent, type DryRun } from "../src/deployment/execute.ts";
import { LOCAL_CHAIN, type Node } from "../src/deployment/node.ts";
import type { WrittenParameter } from "../src/deployment/parameter-reader.ts";
import type { Plan } from "../src/deployment/plan.ts";
import type { Sender } from "./account.ts";
import type { Reporter } from "./run.ts";

/** Milliseconds between two polls of a node. Local chains mine at once. */
const POLL_INTERVAL = 1_000;
const LOCAL_POLL_INTERVAL = 100;

/** A plan, and the texts that describe it to people. */
export interface Undertaking {
  readonly plan: Plan;
  /** First line of the description. */
  readonly title: string;
  /** The parameters as written in their file. */
  readonly written: readonly WrittenParameter[];
  /** The sender's remaining powers afterwards, in sentences. */
  readonly afterwards: string;
  readonly question: string;
}

/** Options of an execution. */
export interface Manner {
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** Maximum fee per gas, wei. Undefined for no limit. */
  readonly maxFee: bigint | undefined;
  /** Time limit for a transaction to be mined, milliseconds. */
  readonly timeout: number;
}

/**
 * Describes what a plan will do, asks for confirmation, and executes it.
 * @returns whether the plan is complete on the chain, and whether anything was sent.
 * @throws InsufficientFundsError before anything is sent, and the errors of `dryRun`, `confirm` and
 * `execute`.
 */
export async function carryOut(
  { plan, title, written, afterwards, question }: Undertaking,
  {
    node,
    sender,
    reporter,
    terminal,
  }: {
    readonly node: Node;
    readonly sender: Sender;
    readonly reporter: Reporter;
    readonly terminal: Terminal;
  },
  manner: Manner,
): Promise<{ readonly isWhole: boolean; readonly hasSent: boolean }> {
  const found = await dryRun(plan, node);
  reporter.tell(dryRunEvent(plan, found, written), describe(title, found, written, afterwards));
  if (found.steps.every(({ done }) => done)) return { isWhole: true, hasSent: false };
  checkBalance(found, sender.address);
  if (manner.dryRun) return { isWhole: false, hasSent: false };
  if (!manner.yes) await confirm(terminal, `\n${question}`, "Give --yes to continue without a question.");
  await execute(plan, node, await sender.unlock(), {
    pollInterval: plan.chainId === LOCAL_CHAIN ? LOCAL_POLL_INTERVAL : POLL_INTERVAL,
    minedWithin: manner.timeout,
    ...(manner.maxFee === undefined ? {} : { mostPerGas: manner.maxFee }),
    onEvent: (event) => {
      reporter.tell(progressEvent(event), lineOf(event));
    },
  });
  return { isWhole: true, hasSent: true };
}

function describe(
  title: string,
  { fees, balance, cost, gas, steps, bringsCreate2Deployer, underWay }: DryRun,
  written: readonly WrittenParameter[],
  afterwards: string,
): string {
  const perGas = fees.baseFee === undefined ? fees.maxFeePerGas : fees.baseFee + fees.maxPriorityFeePerGas;
  return [
    title,
    "",
    ...written.map(({ path, text }) => `  ${path}: ${text}`),
    "",
    ...(bringsCreate2Deployer ? ["  to do  Create2Deployer: the deterministic deployer, which the chain lacks"] : []),
    ...steps.map(({ step, done, gas: one, estimated }) => {
      const amount = done ? "" : ` (${estimated ? "" : "about "}${one} gas)`;
      return `  ${done ? "done " : "to do"}  ${step.id}: ${step.title}${amount}`;
    }),
    ...(underWay === 0 ? [] : ["", `The command first waits for ${underWay} pending transactions of the sender.`]),
    "",
    `Costs about ${formatEther(cost)} ether: ${gas} gas at ${formatUnits(perGas, "gwei")} gwei, the current fee. ` +
      `The sender has ${formatEther(balance)}.`,
    afterwards,
    "",
  ].join("\n");
}

function dryRunEvent(plan: Plan, found: DryRun, written: readonly WrittenParameter[]) {
  return {
    event: "dry run",
    chainId: plan.chainId,
    deployment: plan.name,
    sender: plan.deployer,
    parameters: Object.fromEntries(written.map(({ path, text }) => [path, text])),
    bringsCreate2Deployer: found.bringsCreate2Deployer,
    steps: found.steps.map(({ step: { id, title }, done, gas, estimated }) => ({ id, title, done, gas, estimated })),
    underWay: found.underWay,
    gas: found.gas,
    cost: found.cost,
    balance: found.balance,
    senderMay: plan.deployerMay,
  };
}

function progressEvent(event: DeploymentEvent) {
  const { kind, ...rest } = event;
  if (!("step" in rest)) return { event: kind, ...rest };
  const { step, ...others } = rest;
  return { event: kind, step: step.id, ...others };
}

function lineOf(event: DeploymentEvent): string {
  switch (event.kind) {
    case "waiting":
      return `waiting for ${event.transactions} pending transactions of the sender\n`;
    case "fee too high":
      return `waiting for a lower base fee: it is ${formatUnits(event.baseFee, "gwei")} gwei\n`;
    case "pause":
      return `waiting for ${event.seconds} seconds of the chain's time before ${event.step.id}\n`;
    case "displaced":
      return `displaced ${event.step.id}: another transaction used its nonce; checking the chain again\n`;
    case "done":
      return event.receipt === undefined
        ? ""
        : `done ${event.step.id} in block ${event.receipt.blockNumber} (${event.receipt.gasUsed} gas), ${event.left} left\n`;
    default:
      return `${event.kind} ${event.label} ${event.hash ?? "(the node's answer was lost)"} (nonce ${event.nonce})\n`;
  }
}
