import { Interface } from "ethers/abi";

import { abi as errors } from "../../abis/errors.ts";
import type { CantileverError } from "../errors.ts";
import { adviceFor } from "../protocol/contract-errors.ts";
import { ContractRevertedError, PanicError, RevertReasonError, UnknownRevertError } from "./errors.ts";

/** Every error of the contracts, with those that OpenZeppelin's parts of them raise. */
const ERRORS = new Interface(errors);

/** Selectors of the two errors that Solidity itself has. */
const REASON = "0x08c379a0";
const PANIC = "0x4e487b71";

/** Meanings of the codes of `Panic(uint256)`, from Solidity's documentation. */
const PANICS: Readonly<Record<number, string>> = {
  0x00: "a check that the compiler put in",
  0x01: "assertion failed",
  0x11: "arithmetic overflow or underflow",
  0x12: "division by zero",
  0x21: "value outside its enum",
  0x22: "broken encoding of bytes in storage",
  0x31: "pop of an empty array",
  0x32: "array index out of bounds",
  0x41: "too much memory allocated",
  0x51: "call of a function that was not set",
};

/**
 * The error of a failed call in words: the contract's own error with its arguments and what to do
 * about it. An error that did not come from a contract is returned as it is.
 */
export function contractError(error: unknown): unknown {
  const data = revertDataOf(error);
  if (data === undefined) return error;
  return decoded(data, error) ?? new UnknownRevertError(data, error);
}

/** The error that the data encodes; undefined for data that is none of the known errors. */
function decoded(data: string, cause: unknown): CantileverError | undefined {
  try {
    const parsed = ERRORS.parseError(data);
    if (parsed === null) return undefined;
    // Arguments are decoded when they are looked at, and may turn out not to fit.
    const values = parsed.fragment.inputs.map((_, index) => parsed.args[index] as unknown);
    if (parsed.selector === REASON) return new RevertReasonError(String(values[0]), cause);
    if (parsed.selector === PANIC) return new PanicError(Number(values[0]), PANICS[Number(values[0])], cause);
    const names = parsed.fragment.inputs.map(({ name }, index) => name || `argument ${index}`);
    const args = Object.fromEntries(names.map((name, index) => [name, values[index]]));
    return new ContractRevertedError(parsed.name, args, adviceFor(parsed.name), cause);
  } catch {
    // A known selector before bytes that don't fit it: not one of these errors after all.
    return undefined;
  }
}

const BYTES = /^0x([0-9a-f]{2})*$/iu;
/** Libraries wrap errors in errors; none known goes deeper. */
const DEEPEST = 6;
/** Where they put the inner ones. */
const WRAPPERS = ["data", "error", "info", "cause", "errors"] as const;

/**
 * The bytes with which a contract reverted, wherever in an error the library has put them;
 * undefined if it has none. An empty answer counts only if there is no other: some libraries put
 * one beside the real one.
 */
export function revertDataOf(error: unknown): string | undefined {
  const found = answersIn(error, 0);
  return found.find((data) => data !== "0x") ?? found[0];
}

function answersIn(error: unknown, depth: number): readonly string[] {
  if (typeof error !== "object" || error === null || depth > DEEPEST) return [];
  if (Array.isArray(error)) return error.flatMap((inner) => answersIn(inner, depth + 1));
  const { data } = error as { data?: unknown };
  const own = typeof data === "string" && BYTES.test(data) ? [data] : [];
  return [...own, ...WRAPPERS.flatMap((name) => answersIn((error as Record<string, unknown>)[name], depth + 1))];
}
