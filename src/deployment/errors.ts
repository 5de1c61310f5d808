import { CantileverError } from "../errors.ts";

/** A node can't be worked with: no connection, another chain, a refusal that nothing here explains. */
export class NodeError extends CantileverError {
  constructor(problem: string, advice: string, cause?: unknown) {
    super({ code: "NODE", problem, advice, retryable: true, cause });
  }
}

/** The node is of another chain than what is to be done on it. */
export class WrongChainError extends CantileverError {
  /** @param other what is for another chain, and which. */
  constructor(found: bigint, other: string) {
    super({
      code: "WRONG_CHAIN",
      problem: `The node is of the chain ${found}, and ${other}`,
      advice: "Give the address of a node of that chain, or the parameters of this one.",
    });
  }
}

/** The deterministic deployer can't be brought to a chain. */
export class Create2DeployerError extends CantileverError {
  constructor(problem: string, advice: string, cause?: unknown) {
    super({ code: "CREATE2_DEPLOYER", problem, advice, cause });
  }
}

/** The account can't pay for its transactions. */
export class InsufficientFundsError extends CantileverError {
  constructor(account: string, problem: string, cause?: unknown) {
    super({
      code: "INSUFFICIENT_FUNDS",
      problem: `The account ${account} can't pay: ${problem}`,
      advice: "Send ether to it, then run the same command again: it goes on where it stopped.",
      retryable: true,
      cause,
    });
  }
}

/** A transaction is neither mined nor replaced within the time that was given to it. */
export class TransactionStuckError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "TRANSACTION_STUCK", problem, advice, retryable: true });
  }
}

/** A step of a deployment can't be made: a contract refuses it, or the chain isn't as the step needs it. */
export class StepFailedError extends CantileverError {
  /** Id of the step. */
  readonly step: string;

  constructor(step: string, problem: string, advice: string, cause?: unknown) {
    super({ code: "STEP_FAILED", problem: `The step ${step} failed: ${problem}`, advice, cause });
    this.step = step;
  }
}

/** What is on the chain under this name is the deployment of other parameters or other contracts. */
export class DeploymentDiffersError extends CantileverError {
  constructor(problem: string) {
    super({
      code: "DEPLOYMENT_DIFFERS",
      problem,
      advice: "Deploy by the parameters and the version of before, or choose another name for a second deployment.",
    });
  }
}

/** A service that verifies sources can't be worked with: it doesn't answer, or refuses whatever it is asked. */
export class VerificationServiceError extends CantileverError {
  /** @param retryable whether the same request can succeed later. */
  constructor(problem: string, advice: string, retryable: boolean) {
    super({ code: "VERIFICATION_SERVICE", problem, advice, retryable });
  }
}

/** Parameters with which nothing may be deployed. */
export class ParameterError extends CantileverError {
  /** Where it is in the file, like `market.maxLeverage`; empty for the file as a whole. */
  readonly parameter: string;

  /** @param place what is wrong where, like `deploy/parameters/local.yaml, line 12`. */
  constructor(place: string, parameter: string, problem: string, advice: string) {
    const subject = parameter === "" ? "" : `${parameter} `;
    super({ code: "PARAMETER", problem: `${place}: ${subject}${problem}`, advice });
    this.parameter = parameter;
  }
}
