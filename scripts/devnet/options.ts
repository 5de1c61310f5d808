import type { PriceSource } from "../../src/lab/scenario/price-file.ts";
import { parseCount, parsePriceSource, parseWords, UsageError } from "../command/words.ts";
import {
  DEFAULT_BOOK,
  DEFAULT_BORROWERS,
  DEFAULT_PORT,
  DEFAULT_SCENARIO,
  DEFAULT_SEED,
  DEFAULT_SPEED,
  MOST_BORROWERS,
  MOST_SPEED,
} from "./usage.ts";

/** What the command line asks for. */
export interface DevnetOptions {
  readonly port: number;
  readonly prices: PriceSource;
  /** Seconds of the chain's time in a second. */
  readonly speed: number;
  readonly seed: string;
  readonly borrowers: number;
  readonly keeper: boolean;
  readonly book: string;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

const OPTIONS = {
  port: { type: "string" },
  scenario: { type: "string" },
  prices: { type: "string" },
  speed: { type: "string" },
  seed: { type: "string" },
  borrowers: { type: "string" },
  "no-keeper": { type: "boolean" },
  book: { type: "string" },
  quiet: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const MOST_PORT = 65_535;

/**
 * Reads the command line.
 * @throws UsageError if it can't be understood.
 */
export function parseOptions(args: readonly string[]): DevnetOptions {
  const values = parseWords(args, OPTIONS, "the devnet");
  const { port, speed, borrowers } = values;
  return {
    port: port === undefined ? DEFAULT_PORT : parseCount("port", port, 0, MOST_PORT),
    prices: parsePriceSource(values, DEFAULT_SCENARIO),
    speed: speed === undefined ? DEFAULT_SPEED : parseSpeed(speed),
    seed: values.seed ?? DEFAULT_SEED,
    borrowers: borrowers === undefined ? DEFAULT_BORROWERS : parseCount("borrowers", borrowers, 1, MOST_BORROWERS),
    keeper: values["no-keeper"] !== true,
    book: values.book ?? DEFAULT_BOOK,
    quiet: values.quiet ?? false,
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

function parseSpeed(text: string): number {
  const speed = /^\d{1,9}(?:\.\d{1,9})?$/u.test(text) ? Number(text) : NaN;
  if (speed >= 1 && speed <= MOST_SPEED) return speed;
  throw new UsageError(`--speed is ${JSON.stringify(text)}`, `Give a number from 1 to ${MOST_SPEED}.`);
}
