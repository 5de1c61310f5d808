import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

import { CantileverError } from "../../src/errors.ts";
import { defaultScenario } from "../../src/lab/scenario/builtin.ts";
import type { PriceSource } from "../../src/lab/scenario/price-file.ts";

/** The command line can't be understood. */
export class UsageError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "USAGE", problem, advice: `${advice} Try --help.` });
  }
}

/**
 * The options of a command line, by name.
 * @param program what they are options of, for errors: `the demo`.
 * @throws UsageError for an unknown option, a word that is none, a value that is missing, empty or
 * too many.
 */
export function parseWords<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
  program: string,
) {
  const values = parsed(args, options, program);
  for (const [name, value] of Object.entries(values)) {
    if (value === "") throw new UsageError(`--${name} is empty`, "Give it a value, or leave it out.");
  }
  return values;
}

function parsed<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
  program: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values;
  } catch (error) {
    // Node's messages name the argument, and end with or without a point.
    const problem = error instanceof Error ? (error.message.split(/\. |\n/u)[0] ?? error.message) : String(error);
    const isValue = error instanceof Error && "code" in error && error.code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE";
    const advice = isValue
      ? "Give a value to those that take one; one that begins with a dash as in --seed=-1."
      : `These are not options of ${program}.`;
    throw new UsageError(problem.replace(/\.$/u, ""), advice);
  }
}

/**
 * A whole number.
 * @param name of the option.
 * @throws UsageError if the text is none, or is out of range.
 */
export function parseCount(name: string, text: string, least: number, most: number): number {
  const count = /^\d{1,9}$/u.test(text) ? Number(text) : NaN;
  if (count >= least && count <= most) return count;
  throw new UsageError(`--${name} is ${JSON.stringify(text)}`, `Give a whole number from ${least} to ${most}.`);
}

/**
 * Where prices come from.
 * @param otherwise the scenario where neither option is given.
 * @throws UsageError if both are.
 */
export function parsePriceSource(
  { scenario, prices }: { readonly scenario?: string; readonly prices?: string },
  otherwise = defaultScenario,
): PriceSource {
  if (prices === undefined) return { scenario: scenario ?? otherwise };
  if (scenario === undefined) return { file: prices };
  throw new UsageError("--scenario and --prices exclude each other", "Give one of them.");
}
