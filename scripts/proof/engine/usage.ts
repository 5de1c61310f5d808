import { parseArgs, type ParseArgsConfig } from "node:util";

import { ProofError } from "./errors.ts";

/**
 * Parses a command line of named options.
 * @throws ProofError if it is invalid.
 */
export function readOptions<T extends NonNullable<ParseArgsConfig["options"]>>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values;
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error);
    throw new ProofError(`${problem.replace(/\.$/u, "")}. Try --help.`);
  }
}

/**
 * A whole number above zero.
 * @throws ProofError if `text` is not one.
 */
export function readCount(name: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/u.test(text)) {
    throw new ProofError(`--${name} is ${JSON.stringify(text)}: give a whole number above zero. Try --help.`);
  }
  return Number(text);
}

/**
 * Runs a command. A failure is reported and sets the exit code, without a stack trace for a
 * `ProofError`.
 */
export async function runCommand(main: () => Promise<boolean>): Promise<void> {
  try {
    if (!(await main())) process.exitCode = 1;
  } catch (error) {
    const isOurs = error instanceof ProofError;
    process.stderr.write(
      `\n${isOurs ? error.message : error instanceof Error ? (error.stack ?? "") : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}
