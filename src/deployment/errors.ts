import { CantileverError } from "../errors.ts";

/**
 * Thrown when a node can't be used: it doesn't answer, its answers are invalid, or it rejects
 * requests.
 */
export class NodeError extends CantileverError {
  constructor(problem: string, advice: string, cause?: unknown) {
    super({ code: "NODE", problem, advice, retryable: true, cause });
  }
}

/** Thrown when the node belongs to another chain than expected. */
export class WrongChainError extends CantileverError {
  /** @param other which part is for another chain, as a clause: `the parameters are for 1`. */
  constructor(found: bigint, other: string) {
    super({
      code: "WRONG_CHAIN",
      problem: `The node belongs to chain ${found}, but ${other}`,
      advice: "Use a node of that chain, or parameters for this chain.",
    });
  }
}

/** Thrown when a chain can't get the deterministic deployer. */
export class Create2DeployerError extends CantileverError {
  constructor(problem: string, advice: string, cause?: unknown) {
    super({ code: "CREATE2_DEPLOYER", problem, advice, cause });
  }
}

/** Thrown when an account can't pay for its transactions. */
export class InsufficientFundsError extends CantileverError {
  constructor(account: string, problem: string, cause?: unknown) {
    super({
      code: "INSUFFICIENT_FUNDS",
      problem: `The account ${account} can't pay: ${problem}`,
      advice: "Send ether to it, then run the same command again: it continues where it stopped.",
      retryable: true,
      cause,
    });
  }
}

/** Thrown when a transaction is neither mined nor replaced within its time limit. */
export class TransactionStuckError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "TRANSACTION_STUCK", problem, advice, retryable: true });
  }
}

/**
 * Thrown when a step of a deployment fails: a contract reverts, or a condition of the chain is not
 * met.
 */
export class StepFailedError extends CantileverError {
  /** Id of the step. */
  readonly step: string;

  constructor(step: string, problem: string, advice: string, cause?: unknown) {
    super({ code: "STEP_FAILED", problem: `The step ${step} failed: ${problem}`, advice, cause });
    this.step = step;
  }
}

/** Thrown when the chain has a deployment of this name with other parameters or other contracts. */
export class DeploymentDiffersError extends CantileverError {
  constructor(problem: string) {
    super({
      code: "DEPLOYMENT_DIFFERS",
      problem,
      advice: "Use the parameters and the version of that deployment, or choose another name for a second one.",
    });
  }
}

/**
 * Thrown when a verification service can't be used: it doesn't answer, or it rejects every request.
 */
export class VerificationServiceError extends CantileverError {
  /** @param retryable whether the same request can succeed later. */
  constructor(problem: string, advice: string, retryable: boolean) {
    super({ code: "VERIFICATION_SERVICE", problem, advice, retryable });
  }
}

/** Thrown for parameters that must not be deployed or can't be read. */
export class ParameterError extends CantileverError {
  /**
   * Path of the parameter in the file, such as `market.maxLeverage`; empty for the file as a whole.
   */
  readonly parameter: string;

  /** @param place file and line, such as `deploy/parameters/local.yaml, line 12`. */
  constructor(place: string, parameter: string, problem: string, advice: string) {
    const subject = parameter === "" ? "" : `${parameter} `;
    super({ code: "PARAMETER", problem: `${place}: ${subject}${problem}`, advice });
    this.parameter = parameter;
  }
}
