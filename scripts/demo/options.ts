import { DEFAULT_POSITIONS } from "../../src/lab/population/generate.ts";
import type { PriceSource } from "../../src/lab/scenario/price-file.ts";
import { parseCount, parsePriceSource, parseWords } from "../command/words.ts";
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
  const values = parseWords(args, OPTIONS, "the demo");
  const { positions } = values;
  return {
    prices: parsePriceSource(values),
    seed: values.seed ?? DEFAULT_SEED,
    positions: positions === undefined ? DEFAULT_POSITIONS : parseCount("positions", positions, 1, MOST_POSITIONS),
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
