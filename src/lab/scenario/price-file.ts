import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";

import { PriceFileError } from "../errors.ts";
import { builtinScenario } from "./builtin.ts";
import { MIN_BAR_SECONDS, parsePriceCsv, type Bar } from "./price-csv.ts";
import { checkPath, type PricePath, type PricePoint } from "./price-path.ts";

/** Where prices come from: the name of a built-in scenario, or a CSV file. */
export type PriceSource = { readonly scenario: string } | { readonly file: string };

/**
 * Room for the greatest number of bars, with some to spare; keeps a mistaken path to a disk image
 * from filling the memory.
 */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The prices to replay.
 * @throws UnknownScenarioError, PriceFileError or UnusablePricesError if they can't be had, or not
 * be replayed.
 */
export async function loadPrices(source: PriceSource): Promise<PricePath> {
  const path = "file" in source ? await readPriceFile(source.file) : builtinScenario(source.scenario);
  checkPath(path);
  return path;
}

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
    if (about.isDirectory()) throw new PriceFileError({ file }, "this is a folder", "Name a file.");
    if (about.size > MAX_BYTES) {
      const problem = `the file has ${Math.ceil(about.size / 1024 / 1024)} MB, more than ${MAX_BYTES / 1024 / 1024}`;
      throw new PriceFileError({ file }, problem, "Cut it to the days that matter, or use longer bars.");
    }
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof PriceFileError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new PriceFileError(
      { file },
      `the file can't be read (${reason})`,
      "Check its name and that you may read it.",
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new PriceFileError({ file }, "the file is not UTF-8 text", "Save it as plain CSV text.");
  }
}

/**
 * Turns bars into a path of four points each, a quarter of the bar's span apart.
 *
 * A bar does not tell which of its extremes came first. The order taken is the one with the shorter
 * way: a bar that closes above its open went down first (open, low, high, close), a falling one
 * went up first (open, high, low, close). It is the same for every run.
 * @param bars at least two, ascending, at least four seconds apart.
 */
export function barsToPath(about: Pick<PricePath, "name" | "title" | "source">, bars: readonly Bar[]): PricePath {
  const startsAt = bars[0]?.timestamp ?? 0;
  const usual = usualSpan(bars);
  const points: PricePoint[] = [];
  for (const [index, bar] of bars.entries()) {
    // Where bars are missing, a bar still spans its usual time; the line from its close to the next
    // open bridges the hole.
    const span = Math.min(usual, (bars[index + 1]?.timestamp ?? Infinity) - bar.timestamp);
    for (const [quarter, price] of pricesInOrder(bar).entries()) {
      points.push({ seconds: bar.timestamp - startsAt + Math.floor((span * quarter) / 4), price });
    }
  }
  return { ...about, startsAt, points };
}

function pricesInOrder(bar: Bar): readonly number[] {
  const extremes = bar.close >= bar.open ? [bar.low, bar.high] : [bar.high, bar.low];
  return [bar.open, ...extremes, bar.close];
}

/** The median distance between bars. */
function usualSpan(bars: readonly Bar[]): number {
  const gaps = bars.slice(1).map((bar, index) => bar.timestamp - (bars[index]?.timestamp ?? bar.timestamp));
  gaps.sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? MIN_BAR_SECONDS;
}
