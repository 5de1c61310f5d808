import { formatEther, formatUnits } from "ethers";

import { confirm, type Terminal } from "../src/cli/terminal.ts";
import { checkBalance, dryRun, execute, type DeploymentEvent, type DryRun } from "../src/deployment/execute.ts";
import { LOCAL_CHAIN, type Node } from "../src/deployment/node.ts";
import type { WrittenParameter } from "../src/deployment/parameter-reader.ts";
import type { Plan } from "../src/deployment/plan.ts";
import type { Sender } from "./account.ts";
import type { Reporter } from "./run.ts";

/** Milliseconds between two looks at a node: chains on one's own machine mine at once. */
const POLL_INTERVAL = 1_000;
const LOCAL_POLL_INTERVAL = 100;

/** A plan, and how people are told of it. */
export interface Undertaking {
  readonly plan: Plan;
  /** Its first line. */
  readonly title: string;
  /** The parameters as they are written in their file. */
  readonly written: readonly WrittenParameter[];
  /** What the sender holds or can do afterwards, in sentences. */
  readonly afterwards: string;
  readonly question: string;
}

/** How it is carried out. */
export interface Manner {
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** Wei per gas. */
  readonly maxFee: bigint | undefined;
  /** Milliseconds for a transaction to be mined. */
  readonly timeout: number;
}

/**
 * Says what a plan would do, asks, and does it.
 * @returns whether all of it is on the chain now, and whether anything was sent.
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
  if (!manner.yes) await confirm(terminal, `\n${question}`, "Give --yes to go on without a question.");
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
    ...(underWay === 0
      ? []
      : ["", `${underWay} transactions of the sender are under way already, and are waited for.`]),
    "",
    `Costs about ${formatEther(cost)} ether: ${gas} gas at ${formatUnits(perGas, "gwei")} gwei, the present fee. ` +
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
      return `waiting for ${event.transactions} transactions of the sender that are under way already\n`;
    case "fee too high":
      return `waiting for a lower fee: it is ${formatUnits(event.baseFee, "gwei")} gwei\n`;
    case "pause":
      return `waiting for ${event.seconds} seconds of the chain's time: ${event.step.id} can't be made before\n`;
    case "displaced":
      return `displaced ${event.step.id}: another transaction has its nonce; looking at the chain again\n`;
    case "done":
      return event.receipt === undefined
        ? ""
        : `done ${event.step.id} in block ${event.receipt.blockNumber} (${event.receipt.gasUsed} gas), ${event.left} left\n`;
    default:
      return `${event.kind} ${event.label} ${event.hash ?? "(the node's answer was lost)"} (nonce ${event.nonce})\n`;
  }
}
