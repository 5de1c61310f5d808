/** The parts of a failure that a person or a program needs. */
export interface Failure {
  /** Stable name of the kind of failure, for programs: `PRICE_FILE`. */
  readonly code: string;
  /** The problem, without a full stop at its end. */
  readonly problem: string;
  /** What to do about it, in whole sentences. */
  readonly advice: string;
  /** Whether the same call can succeed later, without anybody changing it. By default it can't. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/**
 * Base of every error that this library throws on purpose. Its message says what is wrong and what to do, so that it can
 * be shown to a person as it is, without a stack.
 */
export abstract class CantileverError extends Error {
  readonly code: string;
  readonly problem: string;
  readonly advice: string;
  readonly retryable: boolean;

  constructor({ code, problem, advice, retryable = false, cause }: Failure) {
    super(advice === "" ? `${problem}.` : `${problem}. ${advice}`, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.problem = problem;
    this.advice = advice;
    this.retryable = retryable;
  }
}
