import type { Span } from "../engine/ast.ts";

export const OPERATORS = [
  "arithmetic",
  "comparison",
  "logic",
  "condition",
  "constant",
  "statement",
  "modifier",
  "rounding",
  "min-max",
  "assembly",
] as const;

/** Kind of change. */
export type Operator = (typeof OPERATORS)[number];

/** A change of one place of one source. */
export interface Mutant extends Span {
  /**
   * Stable name, independent of line numbers and other functions: file, function, operator,
   * original, replacement, and a number if the function has several equal changes.
   */
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly operator: Operator;
  /** The text that replaces the bytes from `start` to `end` of the source. */
  readonly replacement: string;
}

/** A change proposed by an operator. */
export interface Change extends Span {
  readonly operator: Operator;
  readonly replacement: string;
  /** Span of the code to show in the id, if the changed span alone is not clear. */
  readonly shown?: Span;
}
