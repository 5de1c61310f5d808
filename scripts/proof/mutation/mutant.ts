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
  /** Names the mutant whatever lines or other functions move: file, function, operator, original, replacement, and a number
   * if the function has several of the kind. */
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly operator: Operator;
  /** `start` and `end` are byte offsets in the source; this stands there instead. */
  readonly replacement: string;
}

/** A change as an operator proposes it. */
export interface Change extends Span {
  readonly operator: Operator;
  readonly replacement: string;
  /** Span of the code to show in the id, if the changed one alone says too little. */
  readonly shown?: Span;
}
