import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from "yaml";

import { InvalidAmountError, MistypedAddressError } from "../client/errors.ts";
import { parseAddress } from "../client/typed-address.ts";
import { parseAmount } from "../client/units.ts";
import type { Address } from "../protocol/address.ts";
import { InvalidAddressError } from "../protocol/errors.ts";
import { DAY } from "../protocol/units.ts";
import { ParameterError } from "./errors.ts";

/** A parameter as written in a file. */
export interface WrittenParameter {
  /** Path of the parameter, such as `market.maxLeverage`. */
  readonly path: string;
  readonly text: string;
  readonly line: number;
}

/** Leverage has four decimals. */
const LEVERAGE_DECIMALS = 4;
/** One percent is 10^16 in WAD. */
const PERCENT_DECIMALS = 16;
/** Token decimals are a `uint8` in contracts. */
const MAX_DECIMALS = 255;

const SECONDS = new Map([
  ["second", 1n],
  ["minute", 60n],
  ["hour", 3_600n],
  ["day", DAY],
  ["week", 7n * DAY],
]);

/**
 * Reads the parameters of a YAML file by their paths, in any order, and reports errors with their
 * lines.
 *
 * Every reading method throws ParameterError if the parameter is missing or invalid.
 */
export class ParameterReader {
  readonly written: WrittenParameter[] = [];
  readonly #file: string;
  readonly #example: string;
  readonly #found = new Map<string, WrittenParameter>();
  /** Lines of the sections. */
  readonly #sections = new Map<string, number>();
  readonly #read = new Set<string>();

  /**
   * @param file name of the file in errors.
   * @param example name of a file with all parameters.
   * @throws ParameterError if the text is not YAML, or not a map of single values.
   */
  constructor(text: string, file: string, example: string) {
    this.#file = file;
    this.#example = `${example} is an example with all parameters.`;
    const lines = new LineCounter();
    // The failsafe schema keeps every scalar as text, so that addresses don't become numbers.
    const document = parseDocument(text, { schema: "failsafe", lineCounter: lines, prettyErrors: false });
    const [failure] = [...document.errors, ...document.warnings];
    if (failure !== undefined) {
      const problem = `is not valid YAML: ${failure.message.replace(/\.$/u, "")}`;
      throw new ParameterError(
        `${file}, line ${lines.linePos(failure.pos[0]).line}`,
        "the line",
        problem,
        this.#example,
      );
    }
    if (!isMap(document.contents)) throw new ParameterError(file, "the file", "has no parameters", this.#example);
    this.#collect(document.contents, "", lines);
  }

  #collect(map: YAMLMap, prefix: string, lines: LineCounter): void {
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? String(key.value) : "";
      const path = `${prefix}${name}`;
      const line = isScalar(key) && key.range ? lines.linePos(key.range[0]).line : 1;
      if (isMap(value)) {
        this.#sections.set(path, line);
        this.#collect(value, `${path}.`, lines);
        continue;
      }
      const parameter = { path, text: isScalar(value) ? String(value.value).trim() : "", line };
      this.#found.set(path, parameter);
      if (!isScalar(value)) throw this.error(path, "is a list", "Write one value.");
      this.written.push(parameter);
    }
  }

  /** An error about a parameter, with its line, or the line of its section if it is missing. */
  error(path: string, problem: string, advice: string): ParameterError {
    const section = path.split(".").slice(0, -1).join(".");
    const line = this.#found.get(path)?.line ?? this.#sections.get(path) ?? this.#sections.get(section);
    return new ParameterError(line === undefined ? this.#file : `${this.#file}, line ${line}`, path, problem, advice);
  }

  /** Throws ParameterError if the file has a parameter that was not read. */
  refuseUnread(): void {
    for (const path of this.#found.keys()) {
      if (!this.#read.has(path)) throw this.error(path, "is not a parameter", "Remove it, or correct its name.");
    }
  }

  /** Whether the file has a parameter. */
  has(path: string): boolean {
    return this.#found.has(path);
  }

  /** A non-empty text. */
  text(path: string): string {
    const text = this.#found.get(path)?.text ?? "";
    this.#read.add(path);
    if (text === "") throw this.error(path, "is missing", this.#example);
    return text;
  }

  /** A whole number of at most 18 digits. */
  digits(path: string): bigint {
    const text = this.text(path);
    if (/^\d{1,18}$/u.test(text)) return BigInt(text);
    throw this.error(path, `is ${quoted(text)}, which is not a whole number`, "Write digits only.");
  }

  /** Decimals of a token or feed. Bounded, because amounts are scaled by this power of ten. */
  decimals(path: string): number {
    const decimals = this.digits(path);
    if (decimals <= MAX_DECIMALS) return Number(decimals);
    throw this.error(path, `is above ${MAX_DECIMALS}`, "Write the decimals that the contract returns.");
  }

  /** An address. */
  address(path: string): Address {
    return this.#explained(path, () => parseAddress(this.text(path)));
  }

  /** An address, or the given word. */
  addressOr<Word extends string>(path: string, word: Word): Address | Word {
    return this.text(path) === word ? word : this.address(path);
  }

  /** An amount with the symbol of its token, in token units. */
  amount(path: string, symbol: string, decimals: number): bigint {
    const [number, unit] = this.#withUnit(path, /^(?<number>[\d _.]*\d) ?(?<unit>[^\d\s].*)$/u, `1 000 ${symbol}`);
    if (unit !== symbol) throw this.error(path, `is in ${unit} instead of ${symbol}`, `Write it in ${symbol}.`);
    return this.#number(path, number, decimals);
  }

  /** A leverage, four decimals. */
  leverage(path: string): bigint {
    const [number] = this.#withUnit(path, /^(?<number>[\d.]+)(?<unit>x)$/u, "5x");
    return this.#number(path, number, LEVERAGE_DECIMALS);
  }

  /** A percentage, WAD. */
  percent(path: string): bigint {
    const [number] = this.#withUnit(path, /^(?<number>[\d.]+) ?(?<unit>%)$/u, "0.5%");
    return this.#number(path, number, PERCENT_DECIMALS);
  }

  /** A duration, seconds. */
  duration(path: string): bigint {
    const [number, unit] = this.#withUnit(path, /^(?<number>\d{1,9}) (?<unit>[a-z]+?)s?$/u, "2 days");
    const seconds = SECONDS.get(unit);
    if (seconds !== undefined) return BigInt(number) * seconds;
    throw this.error(path, `is in ${unit}s`, `Write it in ${[...SECONDS.keys()].join("s, ")}s.`);
  }

  #withUnit(path: string, form: RegExp, example: string): readonly [string, string] {
    const text = this.text(path);
    const groups = form.exec(text)?.groups;
    if (groups !== undefined) return [groups.number ?? "", groups.unit ?? ""];
    throw this.error(path, `is ${quoted(text)}`, `Write it with its unit, such as ${example}.`);
  }

  #number(path: string, number: string, decimals: number): bigint {
    return this.#explained(path, () => parseAmount(number, decimals));
  }

  /** Adds the parameter's place to an error about its value. */
  #explained<T>(path: string, make: () => T): T {
    try {
      return make();
    } catch (error) {
      const isKnown =
        error instanceof InvalidAmountError ||
        error instanceof InvalidAddressError ||
        error instanceof MistypedAddressError;
      if (!isKnown) throw error;
      throw this.error(path, `can't be read: ${error.problem}`, error.advice);
    }
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
