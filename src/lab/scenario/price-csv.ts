import { PriceFileError } from "../errors.ts";
import { HIGHEST_PRICE, LOWEST_PRICE } from "./price-path.ts";

/** One OHLC bar: open, highest, lowest and last price of a span of time. */
export interface Bar {
  /** Unix seconds at which the span starts. */
  readonly timestamp: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

const COLUMNS = ["timestamp", "open", "high", "low", "close"] as const;
const HEADER = COLUMNS.join(",");

/** Over a year of one-minute bars; more is most likely another kind of file. */
export const MAX_BARS = 600_000;

/** A bar becomes four points at whole seconds of their own. */
export const MIN_BAR_SECONDS = 4;

/**
 * A Unix time in seconds stays below this until the year 5138; a Unix time in milliseconds is above
 * it since 1973.
 */
const FIRST_MILLISECONDS = 100_000_000_000;

const DECIMAL = /^[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?$/;

/** Where a field stands, for error messages. */
interface Place {
  readonly file: string;
  readonly line: number;
}

/**
 * Reads OHLC bars from CSV text.
 *
 * The first line is the header `timestamp,open,high,low,close`, in this order, optionally followed
 * by `,volume` (in any case of letters). Each further line is one bar: the Unix seconds at which it
 * starts, then prices in dollars per token with a point for decimals. Bars ascend strictly in time,
 * at least four seconds apart. `volume` is not used; it may be empty. A byte order mark, Windows
 * line ends, blanks around fields and empty lines at the end are tolerated; anything else out of
 * form is refused, since a file that is read wrongly gives figures that look right.
 * @param file name to show in errors.
 * @throws PriceFileError with the line's number, counted from 1.
 */
export function parsePriceCsv(text: string, file: string): readonly Bar[] {
  const lines = text
    .replace(/^\uFEFF/, "")
    .trimEnd()
    .split(/\r\n|\n|\r/);
  const header = lines[0] ?? "";
  if (header.trim() === "" && lines.length === 1) {
    throw new PriceFileError({ file }, "the file is empty", `Its first line must be ${HEADER}.`);
  }
  const columns = readHeader({ file, line: 1 }, header);
  if (lines.length - 1 > MAX_BARS) {
    const problem = `the file has ${lines.length - 1} bars, more than ${MAX_BARS}`;
    throw new PriceFileError({ file }, problem, "Cut it to the days that matter, or use longer bars.");
  }
  const bars: Bar[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    const place = { file, line: index + 1 };
    const bar = readBar(place, line, columns);
    checkAscending(place, bars.at(-1), bar);
    bars.push(bar);
  }
  if (bars.length < 2) {
    const count = bars.length === 0 ? "no bars" : "only one bar";
    throw new PriceFileError({ file }, `the file has ${count}`, "At least two are needed to make a course of prices.");
  }
  return bars;
}

/** Checks the header and returns the number of columns. */
function readHeader(place: Place, line: string): number {
  const names = line.split(",").map((name) => name.trim().toLowerCase());
  const found = names.join(",");
  if (found === HEADER || found === `${HEADER},volume`) return names.length;
  const advice =
    line.includes(";") || line.includes("\t") ? "Separate the columns by commas, and begin" : "Begin the file";
  throw new PriceFileError(
    place,
    `the header is ${shown(line)}`,
    `${advice} with the line ${HEADER} (or ${HEADER},volume).`,
  );
}

function readBar(place: Place, line: string, columns: number): Bar {
  const fields = line.split(",").map((field) => field.trim());
  if (fields.length !== columns) {
    const problem =
      line.trim() === "" ? "the line is empty" : `the line has ${fields.length} columns, the header ${columns}`;
    throw new PriceFileError(
      place,
      problem,
      "Give each line one value a column, separated by commas, or remove the line.",
    );
  }
  const [timestamp = "", open = "", high = "", low = "", close = "", volume = ""] = fields;
  const bar = {
    timestamp: readTimestamp(place, timestamp),
    open: readPrice(place, "open", open),
    high: readPrice(place, "high", high),
    low: readPrice(place, "low", low),
    close: readPrice(place, "close", close),
  };
  checkVolume(place, volume);
  checkRange(place, bar);
  return bar;
}

function checkRange(place: Place, { open, high, low, close }: Bar): void {
  const advice = "Check the order of the columns, or correct the line.";
  if (low > Math.min(open, close)) {
    const problem = `low ${low} is above ${low > open ? `open ${open}` : `close ${close}`}`;
    throw new PriceFileError(place, problem, advice);
  }
  if (high < Math.max(open, close)) {
    const problem = `high ${high} is below ${high < open ? `open ${open}` : `close ${close}`}`;
    throw new PriceFileError(place, problem, advice);
  }
}

function checkAscending(place: Place, previous: Bar | undefined, bar: Bar): void {
  if (previous === undefined) return;
  const gap = bar.timestamp - previous.timestamp;
  if (gap <= 0) {
    const problem = `timestamp ${bar.timestamp} does not come after that of the line before, ${previous.timestamp}`;
    throw new PriceFileError(place, problem, "Sort the bars by time, the oldest first, and remove doubles.");
  }
  if (gap < MIN_BAR_SECONDS) {
    const problem = `timestamp ${bar.timestamp} is only ${gap} s after that of the line before`;
    throw new PriceFileError(place, problem, `Use bars of at least ${MIN_BAR_SECONDS} seconds.`);
  }
}

/**
 * Text as it can be shown on one line of a terminal: quoted, without control characters, cut to a
 * sensible length.
 */
function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}

function readNumber(place: Place, column: string, text: string): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const problem = text === "" ? `${column} is empty` : `${column} ${shown(text)} is not a number`;
  throw new PriceFileError(
    place,
    problem,
    "Write digits with a point for decimals, like 194.60, without separators or symbols.",
  );
}

/** Reads a price: dollars per token. */
function readPrice(place: Place, column: string, text: string): number {
  const value = readNumber(place, column, text);
  if (value <= 0) {
    throw new PriceFileError(place, `${column} ${text} is not positive`, "Correct the price, or remove the line.");
  }
  if (value < LOWEST_PRICE || value > HIGHEST_PRICE) {
    const problem = `${column} ${text} is out of range`;
    throw new PriceFileError(
      place,
      problem,
      `A price lies between ${LOWEST_PRICE} and ${HIGHEST_PRICE} dollars: multiply all by the same power of ten.`,
    );
  }
  return value;
}

/** Reads a moment: Unix seconds, whole. */
function readTimestamp(place: Place, text: string): number {
  const value = readNumber(place, "timestamp", text);
  if (!Number.isInteger(value) || value < 0) {
    throw new PriceFileError(
      place,
      `timestamp ${text} is not a whole number of seconds`,
      "Write Unix seconds, like 1583971200.",
    );
  }
  if (value >= FIRST_MILLISECONDS) {
    throw new PriceFileError(
      place,
      `timestamp ${text} is too large for seconds`,
      "It looks like milliseconds: divide by 1000.",
    );
  }
  return value;
}

/**
 * Checks a volume, which may be left empty and is not used: a wrong one is a sign of shifted
 * columns.
 */
function checkVolume(place: Place, text: string): void {
  if (text === "") return;
  if (readNumber(place, "volume", text) < 0) {
    throw new PriceFileError(
      place,
      `volume ${text} is negative`,
      "Correct it, or leave the field empty: it is not used.",
    );
  }
}
