import { InvalidPopulationError } from "../../src/lab/population/errors.ts";
import { PriceFileError, UnknownScenarioError } from "../../src/lab/scenario/errors.ts";
import { BorrowersRefusedError, UnusablePricesError, UsageError } from "../../src/lab/errors.ts";

/** Errors that whoever typed the command can do something about; their messages say what. */
const EXPECTED = [
  UsageError,
  UnknownScenarioError,
  PriceFileError,
  UnusablePricesError,
  InvalidPopulationError,
  BorrowersRefusedError,
];

/** What to print about a failure: the message alone where it helps, all that is known where only a developer can. */
export function failureMessage(error: unknown): string {
  if (!(error instanceof Error)) return `Failed: ${String(error)}`;
  if (EXPECTED.some((known) => error instanceof known) || isFileError(error)) return error.message;
  return error.stack ?? error.message;
}

/** From the operating system, like "no space left on device": its message names the file. */
function isFileError(error: Error): boolean {
  return "code" in error && "syscall" in error;
}
