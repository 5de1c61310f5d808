import { parseArgs } from "node:util";

import { CantileverError } from "../../src/errors.ts";
import { DEFAULT_POSITIONS } from "../../src/lab/population/generate.ts";
import { defaultScenario } from "../../src/lab/scenario/builtin.ts";
import type { PriceSource } from "../../src/lab/scenario/price-file.ts";
import { DEFAULT_OUT, DEFAULT_SEED, MOST_POSITIONS } from "./usage.ts";

/** What the command line asks for. */
export interface DemoOptions {
  readonly prices: PriceSource;
  readonly seed: string;
  readonly positions: number;
  readonly out: string;
  readonly json: boolean;
  readonly help: boolean;
}

/** The command line can't be understood. */
export class UsageError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "USAGE", problem, advice: `${advice} Try --help.` });
  }
}

const OPTIONS = {
  scenario: { type: "string" },
  prices: { type: "string" },
  seed: { type: "string" },
  positions: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/**
 * Reads the command line.
 * @throws UsageError if it can't be understood.
 */
export function parseOptions(args: readonly string[]): DemoOptions {
  const values = parse(args);
  for (const name of ["scenario", "prices", "seed", "out"] as const) {
    if (values[name] === "") throw new UsageError(`--${name} is empty`, "Give it a value, or leave it out.");
  }
  if (values.scenario !== undefined && values.prices !== undefined) {
    throw new UsageError("--scenario and --prices exclude each other", "Give one of them.");
  }
  return {
    prices: values.prices === undefined ? { scenario: values.scenario ?? defaultScenario } : { file: values.prices },
    seed: values.seed ?? DEFAULT_SEED,
    positions: parsePositions(values.positions),
    out: values.out ?? DEFAULT_OUT,
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

/** The command that makes the same run again, as a POSIX shell reads it. */
export function commandFor({ prices, seed, positions }: Pick<DemoOptions, "prices" | "seed" | "positions">): string {
  const source = "file" in prices ? option("prices", prices.file) : option("scenario", prices.scenario);
  return `npm run demo -- ${source} ${option("seed", seed)} --positions ${positions}`;
}

/**
 * An option with its value. A value that begins like an option would be taken for one, were it a
 * word of its own.
 */
function option(name: string, value: string): string {
  return value.startsWith("-") ? quoted(`--${name}=${value}`) : `--${name} ${quoted(value)}`;
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w./:@=-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false, strict: true }).values;
  } catch (error) {
    // Node's messages name the argument, and end with or without a point.
    const problem = error instanceof Error ? (error.message.split(/\. |\n/u)[0] ?? error.message) : String(error);
    const isValue = error instanceof Error && "code" in error && error.code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE";
    const advice = isValue
      ? "Give a value to those that take one; one that begins with a dash as in --seed=-1."
      : "These are not options of the demo.";
    throw new UsageError(problem.replace(/\.$/u, ""), advice);
  }
}

function parsePositions(text: string | undefined): number {
  if (text === undefined) return DEFAULT_POSITIONS;
  const count = /^\d{1,9}$/u.test(text) ? Number(text) : 0;
  if (count < 1 || count > MOST_POSITIONS) {
    throw new UsageError(`--positions is ${JSON.stringify(text)}`, `Give a whole number from 1 to ${MOST_POSITIONS}.`);
  }
  return count;
}
