import { contractError } from "../client/contract-error.ts";
import { CantileverError } from "../errors.ts";
import { DeploymentDiffersError, StepFailedError, WrongChainError } from "./errors.ts";
import { sleep, type Call, type Node } from "./node.ts";
import type { Plan, Step } from "./plan.ts";

/**
 * Looks at the conditions of a plan.
 * @throws WrongChainError for another chain than that of the plan.
 * @throws StepFailedError if a condition isn't fulfilled.
 */
export async function checkChain(plan: Plan, node: Node): Promise<void> {
  const chainId = await node.chainId();
  if (chainId !== plan.chainId) throw new WrongChainError(chainId, `the parameters are for ${plan.chainId}`);
  for (const check of plan.checks) {
    const found = await check.problem(node);
    if (found === undefined) continue;
    throw new StepFailedError("Checks", `${check.title}: ${found}`, check.advice ?? "Correct the parameters.");
  }
}

/** Seconds by the chain's time until a step can be made. */
export async function waitOf(step: Step, node: Node): Promise<bigint> {
  return (await step.wait?.(node)) ?? 0n;
}

/** A step that isn't done, and what is to be sent for it. */
export interface MissingStep {
  readonly step: Step;
  readonly call: Call;
}

/** What is missing of some steps. */
export async function missingSteps(steps: readonly Step[], node: Node): Promise<readonly MissingStep[]> {
  const calls = await Promise.all(steps.map((step) => step.missing(node)));
  return steps.flatMap((step, index) => {
    const call = calls[index];
    return call === undefined ? [] : [{ step, call }];
  });
}

/**
 * What is missing of a plan.
 * @param lag how long to wait before the chain is taken for one with another deployment: a transaction that was mined
 * between two looks, or a node that lags behind another, makes it look like one.
 * @throws DeploymentDiffersError if it is one.
 */
export async function missingOf(plan: Plan, node: Node, lag: number): Promise<readonly MissingStep[]> {
  const look = async (): Promise<readonly MissingStep[]> => {
    const missing = await missingSteps(plan.steps, node);
    await plan.refuseOther(node, new Set(missing.map(({ step }) => step.id)));
    return missing;
  };
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof DeploymentDiffersError)) throw error;
    await sleep(lag);
    return look();
  }
}

/** What a contract says to a call that has failed in its block: nodes keep no reason, so it's made again, unsent. */
export async function failureOfCall({ call }: MissingStep, plan: Plan, node: Node): Promise<unknown> {
  try {
    await node.call(call, plan.deployer);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** A refusal in words, by the reason that the step knows how to ask for, or else by that of the failure itself. */
export async function refusal(step: Step, node: Node, failure: unknown, hash?: string): Promise<StepFailedError> {
  let cause = contractError(failure);
  if (step.reason !== undefined) {
    try {
      await node.call(step.reason.call, step.reason.from);
    } catch (error) {
      cause = error;
    }
  }
  const where = hash === undefined ? "" : ` (${hash})`;
  if (cause instanceof CantileverError) {
    return new StepFailedError(step.id, `${cause.problem}${where}`, cause.advice, cause);
  }
  const problem = cause instanceof Error ? cause.message.replace(/\.$/u, "") : "it was refused without a reason";
  return new StepFailedError(step.id, `${problem}${where}`, "The gas may not have sufficed: try again.", cause);
}
