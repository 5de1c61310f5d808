import { parseArgs } from "node:util";

import { DEFAULT_POSITIONS } from "../../src/lab/population/generate.ts";
import { defaultScenario } from "../../src/lab/scenario/builtin.ts";
import { UsageError } from "../../src/lab/errors.ts";
import { DEFAULT_OUT, DEFAULT_SEED, MOST_POSITIONS } from "./usage.ts";

/** Where the prices come from. */
export type PriceSource = { readonly scenario: string } | { readonly file: string };

export interface DemoOptions {
  readonly prices: PriceSource;
  readonly seed: string;
  readonly positions: number;
  readonly out: string;
  readonly json: boolean;
  readonly help: boolean;
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

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false, strict: true }).values;
  } catch (error) {
    // Node's messages name the argument, and end with or without a point.
    const problem = error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error);
    throw new UsageError(problem.replace(/\.$/u, ""), "These are not options of the demo.");
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
