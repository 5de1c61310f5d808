/** Content of an error: what a person reads, and what a program checks. */
export interface Failure {
  /** Stable name of the kind of error, for programs, such as `PRICE_FILE`. */
  readonly code: string;
  /** The problem, without a full stop at its end. */
  readonly problem: string;
  /** What to do about it, in whole sentences. May be empty. */
  readonly advice: string;
  /** Whether the same call can succeed later, unchanged. False by default. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/**
 * Base class of every error that this library throws on purpose. Its message contains the problem
 * and the advice, so it can be shown to a person unchanged, without a stack trace.
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
