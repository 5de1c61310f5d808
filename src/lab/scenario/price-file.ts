import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { barsToPath } from "./bars-to-path.ts";
import { PriceFileError } from "./errors.ts";
import { parsePriceCsv } from "./price-csv.ts";
import type { PricePath } from "./types.ts";

/**
 * Room for the greatest number of bars, with some to spare; keeps a mistaken path to a disk image from filling the
 * memory.
 */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads a price path from a CSV file of OHLC bars, in the form that `parsePriceCsv` describes.
 * @throws PriceFileError if there is no such file, or it is not of that form.
 */
export async function readPriceFile(file: string): Promise<PricePath> {
  const bars = parsePriceCsv(await readText(file), file);
  const name = basename(file);
  return barsToPath({ name, title: `Prices of ${name}`, source: `${bars.length} bars of ${name}.` }, bars);
}

async function readText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    const about = await stat(file);
    if (about.isDirectory()) throw new PriceFileError(file, undefined, "this is a folder", "Name a file.");
    if (about.size > MAX_BYTES) {
      const problem = `the file has ${Math.ceil(about.size / 1024 / 1024)} MB, more than ${MAX_BYTES / 1024 / 1024}`;
      throw new PriceFileError(file, undefined, problem, "Cut it to the days that matter, or use longer bars.");
    }
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof PriceFileError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new PriceFileError(
      file,
      undefined,
      `the file can't be read (${reason})`,
      "Check its name and that you may read it.",
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new PriceFileError(file, undefined, "the file is not UTF-8 text", "Save it as plain CSV text.");
  }
}
