import { parseArgs, type ParseArgsConfig } from "node:util";

import { refusePrivateKeys } from "../src/cli/arguments.ts";
import { UsageError } from "../src/cli/errors.ts";
import { EXIT_CODES, EXIT_MEANINGS } from "../src/cli/exit-codes.ts";
import { failureLine, failureOf, isDebugging } from "../src/cli/failure.ts";
import { toJson as jsonOf } from "../src/cli/output.ts";
import type { Terminal } from "../src/cli/terminal.ts";

/** Reports events: as text for people, or as one JSON object per line for programs. */
export interface Reporter {
  /** @param text including its line breaks. */
  tell(event: { readonly event: string } & Readonly<Record<string, unknown>>, text: string): void;
}

/** A reporter that writes to `stdout`. */
export function reporterOf({ stdout }: Terminal, json: boolean): Reporter {
  return {
    tell(event, text) {
      stdout.write(json ? `${toJson(event)}\n` : text);
    },
  };
}

/** JSON on one line. Values of type bigint become decimal strings. */
export function toJson(value: object): string {
  return jsonOf(value, 0);
}

/**
 * Runs a command. Reports its failure on `stderr`: a sentence for people, or with `--json` an
 * object with `error`.
 * @param run returns the exit code; undefined means success.
 * @returns the exit code, one of `EXIT_CODES`.
 */
export async function runCommand(
  words: readonly string[],
  { stderr }: Terminal,
  run: () => Promise<number | undefined>,
): Promise<number> {
  try {
    refusePrivateKeys(words);
    return (await run()) ?? EXIT_CODES.done;
  } catch (error) {
    const failure = failureOf(error, isDebugging(process.env));
    stderr.write(failureLine(failure, words.includes("--json")));
    return failure.exitCode;
  }
}

/**
 * Parses the options and words of a command line.
 * @throws UsageError for unknown options and missing values.
 */
export function parseWords<const Options extends NonNullable<ParseArgsConfig["options"]>>(
  words: readonly string[],
  options: Options,
  allowPositionals = false,
) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals, strict: true });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new UsageError(said.split(/\. |\n/u)[0] ?? "");
  }
}

/** The part of a usage text that lists the exit codes. */
export function exitCodeHelp(...names: readonly (keyof typeof EXIT_CODES)[]): string {
  const lines = names.map((name) => `  ${String(EXIT_CODES[name]).padStart(2)}  ${EXIT_MEANINGS[name]}`);
  return `Exit codes:\n${lines.join("\n")}\n`;
}
