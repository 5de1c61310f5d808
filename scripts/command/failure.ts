import { CantileverError } from "../../src/errors.ts";

/**
 * What to print about a failure: the message alone where it helps, all that is known where only a
 * developer can.
 */
export function failureMessage(error: unknown): string {
  if (!(error instanceof Error)) return `Failed: ${String(error)}`;
  if (error instanceof CantileverError || isFileError(error)) return error.message;
  return error.stack ?? error.message;
}

/** From the operating system, like "no space left on device": its message names the file. */
function isFileError(error: Error): boolean {
  return "code" in error && "syscall" in error;
}
