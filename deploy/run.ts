import { parseArgs, type ParseArgsConfig } from "node:util";

import { refusePrivateKeys } from "../src/cli/arguments.ts";
import { UsageError } from "../src/cli/errors.ts";
import { EXIT_CODES, EXIT_MEANINGS } from "../src/cli/exit-codes.ts";
import { DEBUG_VARIABLE, failureOf } from "../src/cli/failure.ts";
import type { Terminal } from "../src/cli/terminal.ts";

/** Tells what happens: a line of text for people, or a JSON object on a line for programs. */
export interface Reporter {
  /** @param text with its line breaks. */
  tell(event: { readonly event: string } & Readonly<Record<string, unknown>>, text: string): void;
}

export function reporterOf({ stdout }: Terminal, json: boolean): Reporter {
  return {
    tell(event, text) {
      stdout.write(json ? `${toJson(event)}\n` : text);
    },
  };
}

/** JSON on one line; numbers that may be too large for it are decimal strings. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? one.toString() : one));
}

/**
 * Runs a command to its end. Its failure is told on `stderr`: a sentence for people, with `--json` an object with `error`.
 * @param run returns the exit code if it isn't that of success.
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
    const { exitCode, code, message } = failureOf(error, (process.env[DEBUG_VARIABLE] ?? "") !== "");
    const isJson = words.includes("--json");
    stderr.write(isJson ? `${toJson({ error: { exitCode, code, message } })}\n` : `${message}\n`);
    return exitCode;
  }
}

/** The options and words of a command line. @throws UsageError for what is no option. */
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

/** The part of a help that lists how a command can end. */
export function exitCodeHelp(...names: readonly (keyof typeof EXIT_CODES)[]): string {
  const lines = names.map((name) => `  ${String(EXIT_CODES[name]).padStart(2)}  ${EXIT_MEANINGS[name]}`);
  return `Exit codes:\n${lines.join("\n")}\n`;
}
