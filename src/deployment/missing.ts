import { contractError } from "../client/contract-error.ts";
import { CantileverError } from "../errors.ts";
import { DeploymentDiffersError, StepFailedError, WrongChainError } from "./errors.ts";
import { sleep, type Call, type Node } from "./node.ts";
import type { Plan, Step } from "./plan.ts";

/**
 * Checks the chain id and the conditions of a plan.
 * @throws WrongChainError for another chain than that of the plan.
 * @throws StepFailedError if a condition is not met.
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

/** Seconds of the chain's time until a step can be made. */
export async function waitOf(step: Step, node: Node): Promise<bigint> {
  return (await step.wait?.(node)) ?? 0n;
}

/** A step that isn't done, and the call that makes it. */
export interface MissingStep {
  readonly step: Step;
  readonly call: Call;
}

/** The steps of a list that are not done. */
export async function missingSteps(steps: readonly Step[], node: Node): Promise<readonly MissingStep[]> {
  const calls = await Promise.all(steps.map((step) => step.missing(node)));
  return steps.flatMap((step, index) => {
    const call = calls[index];
    return call === undefined ? [] : [{ step, call }];
  });
}

/**
 * The steps of a plan that are not done.
 * @param lag milliseconds to wait before a second check confirms that the deployment differs. A
 * transaction mined between two requests, or a lagging node, can look like a different deployment.
 * @throws DeploymentDiffersError if the chain has a deployment of this name with other parameters.
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

/**
 * The error of a call that reverted in its block. Nodes don't keep the reason, so the call is
 * simulated.
 */
export async function failureOfCall({ call }: MissingStep, plan: Plan, node: Node): Promise<unknown> {
  try {
    await node.call(call, plan.deployer);
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * Explains the failure of a step: by the step's own `reason` call if it has one, otherwise by the
 * failure itself.
 * @param hash of the failed transaction, if it was mined.
 */
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
  const problem = cause instanceof Error ? cause.message.replace(/\.$/u, "") : "it was rejected without a reason";
  return new StepFailedError(step.id, `${problem}${where}`, "The gas may have been too low: try again.", cause);
}
