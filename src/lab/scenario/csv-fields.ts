import { PriceFileError } from "./errors.ts";

/**
 * Bounds of a price: below, a feed with eight decimals could not tell it from zero to six digits; above, no market
 * trades.
 */
export const MIN_PRICE = 0.000_001;
export const MAX_PRICE = 1_000_000_000;

/** A Unix time in seconds stays below this until the year 5138; a Unix time in milliseconds is above it since 1973. */
const FIRST_MILLISECONDS = 100_000_000_000;

const DECIMAL = /^[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?$/;

/** Where a field stands, for error messages. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Text as it can be shown on one line of a terminal: quoted, without control characters, cut to a sensible length. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}

function readNumber(place: Place, column: string, text: string): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const problem = text === "" ? `${column} is empty` : `${column} ${shown(text)} is not a number`;
  throw new PriceFileError(
    place.file,
    place.line,
    problem,
    "Write digits with a point for decimals, like 194.60, without separators or symbols.",
  );
}

/** Reads a price: dollars per token. */
export function readPrice(place: Place, column: string, text: string): number {
  const value = readNumber(place, column, text);
  if (value <= 0) {
    throw new PriceFileError(
      place.file,
      place.line,
      `${column} ${text} is not positive`,
      "Correct the price, or remove the line.",
    );
  }
  if (value < MIN_PRICE || value > MAX_PRICE) {
    const problem = `${column} ${text} is out of range`;
    throw new PriceFileError(
      place.file,
      place.line,
      problem,
      `A price lies between ${MIN_PRICE} and ${MAX_PRICE} dollars.`,
    );
  }
  return value;
}

/** Reads a moment: Unix seconds, whole. */
export function readTimestamp(place: Place, text: string): number {
  const value = readNumber(place, "timestamp", text);
  if (!Number.isInteger(value) || value < 0) {
    throw new PriceFileError(
      place.file,
      place.line,
      `timestamp ${text} is not a whole number of seconds`,
      "Write Unix seconds, like 1583971200.",
    );
  }
  if (value >= FIRST_MILLISECONDS) {
    throw new PriceFileError(
      place.file,
      place.line,
      `timestamp ${text} is too large for seconds`,
      "It looks like milliseconds: divide by 1000.",
    );
  }
  return value;
}

/** Checks a volume, which may be left empty and is not used: a wrong one is a sign of shifted columns. */
export function checkVolume(place: Place, text: string): void {
  if (text === "") return;
  if (readNumber(place, "volume", text) < 0) {
    throw new PriceFileError(
      place.file,
      place.line,
      `volume ${text} is negative`,
      "Correct it, or leave the field empty: it is not used.",
    );
  }
}
