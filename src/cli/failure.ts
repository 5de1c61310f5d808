import { CantileverError } from "../errors.ts";
import {
  BadAnswerError,
  ClosedTerminalError,
  NoContractError,
  NodeRefusedError,
  NonceTakenError,
  NoNetworkError,
  NotBuiltError,
  NotEnoughError,
} from "./errors.ts";
import { endingOf, EXIT_CODES, type ExitCode } from "./exit-codes.ts";

/** The report of a failed command. */
export interface ReportedFailure {
  readonly exitCode: ExitCode;
  /** Stable name of the kind of failure. */
  readonly code: string;
  /** In whole sentences, without a stack. */
  readonly message: string;
}

/** A failure as it stands on `stderr`: for people, or as JSON on one line. */
export function failureLine({ exitCode, code, message }: ReportedFailure, isJson: boolean): string {
  return isJson ? `${JSON.stringify({ error: { exitCode, code, message } })}\n` : `${message}\n`;
}

/** Whether defects are to be printed with their stack. */
export function isDebugging(environment: NodeJS.ProcessEnv): boolean {
  return (environment[DEBUG_VARIABLE] ?? "") !== "";
}

/** Environment variable that has defects printed with their stack. */
export const DEBUG_VARIABLE = "CANTILEVER_DEBUG";

/**
 * The report of an error, with the exit code.
 * @param debug whether the report of a defect has its stack.
 */
export function failureOf(error: unknown, debug = false): ReportedFailure {
  const known = explained(error);
  if (known !== undefined) {
    const errorName = "errorName" in known && typeof known.errorName === "string" ? known.errorName : undefined;
    const exitCode = EXIT_CODES[endingOf(known.code, errorName)];
    return { exitCode, code: known.code, message: known.message };
  }
  const told = error instanceof Error ? (debug ? (error.stack ?? error.message) : firstLine(error)) : String(error);
  const advice = debug ? "" : `\nPlease report it, with what ${DEBUG_VARIABLE}=1 adds to this message.`;
  return { exitCode: EXIT_CODES.defect, code: "DEFECT", message: `This is a defect of the program: ${told}${advice}` };
}

/** The error with an advice; undefined for a defect. */
function explained(error: unknown): CantileverError | undefined {
  if (error instanceof CantileverError) return error;
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
  if (cause instanceof CantileverError) return cause;
  switch (code) {
    case "EPIPE":
    case "ERR_STREAM_DESTROYED":
      return new ClosedTerminalError("Nobody reads the output any more", "");
    case "ERR_MODULE_NOT_FOUND":
      return /\babis\b/u.test(String(error)) ? new NotBuiltError() : undefined;
    case "ECONNREFUSED":
    case "NETWORK_ERROR":
    case "SERVER_ERROR":
    case "TIMEOUT":
      return new NoNetworkError("The node doesn't answer", error);
    case "BAD_DATA": {
      const { value, info } = error as { readonly value?: unknown; readonly info?: { readonly method?: string } };
      return value === "0x" && info?.method !== undefined
        ? new NoContractError(info.method, error)
        : new BadAnswerError(firstLine(error as Error), error);
    }
    case "CALL_EXCEPTION":
      return new BadAnswerError(firstLine(error as Error), error);
    case "INSUFFICIENT_FUNDS":
      return new NotEnoughError("The account can't pay for the transaction", "Send it some ether first.");
    case "NONCE_EXPIRED":
    case "REPLACEMENT_UNDERPRICED":
      return new NonceTakenError(error);
    case "UNKNOWN_ERROR":
      return refusalOf(error);
    default:
      // Of ethers: an argument that comes from the node's answer, such as a block without a
      // timestamp.
      return code === "INVALID_ARGUMENT" && (error as Error).message.startsWith("invalid value for value.")
        ? new BadAnswerError(firstLine(error as Error), error)
        : undefined;
  }
}

/** The node's own error; undefined if the error is not an answer of the node. */
function refusalOf(error: unknown): NodeRefusedError | undefined {
  const { error: said, payload } = error as {
    readonly error?: { readonly message?: unknown };
    readonly payload?: { readonly method?: string };
  };
  if (typeof said?.message !== "string") return undefined;
  return new NodeRefusedError(payload?.method ?? "a request", said.message.slice(0, 300), error);
}

function firstLine(error: Error): string {
  return (error.message.split("\n")[0] ?? "").slice(0, 300);
}
