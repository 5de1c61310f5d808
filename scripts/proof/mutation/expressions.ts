import { isNode, spanOf, type AstNode, type SourceText } from "../engine/ast.ts";
import type { Change, Operator } from "./mutant.ts";

const ARITHMETIC: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "**": "*",
  "<<": ">>",
  ">>": "<<",
  "&": "|",
  "|": "&",
  "^": "&",
};

/** For each comparison: one mutant that moves the boundary, one that inverts the result. */
const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "==": ["!="],
  "!=": ["=="],
};

const LOGIC: Readonly<Record<string, string>> = { "&&": "||", "||": "&&" };

const ASSIGNMENTS: Readonly<Record<string, string>> = {
  "+=": "-=",
  "-=": "+=",
  "*=": "/=",
  "/=": "*=",
  "|=": "&=",
  "&=": "|=",
};

/** Mutants of operators: arithmetic, comparisons, logic. */
export function operatorChanges(node: AstNode, text: SourceText): Change[] {
  const operator = node.operator as string;
  if (node.nodeType === "BinaryOperation") {
    const left = node.leftExpression as AstNode;
    const right = node.rightExpression as AstNode;
    const swap = (kind: Operator, by: string): Change => {
      // Only the operator itself is replaced. Parentheses and blanks between the operands stay.
      const between = { start: spanOf(left).end, end: spanOf(right).start };
      const at = between.start + text.at(between).lastIndexOf(operator);
      return { start: at, end: at + operator.length, replacement: by, operator: kind, shown: spanOf(node) };
    };
    return [
      ...one(ARITHMETIC[operator]).map((by) => swap("arithmetic", by)),
      ...(COMPARISONS[operator] ?? []).map((by) => swap("comparison", by)),
      ...one(LOGIC[operator]).map((by) => swap("logic", by)),
    ];
  }
  if (node.nodeType === "Assignment") {
    const start = spanOf(node.leftHandSide as AstNode).end;
    const at = start + text.at({ start, end: spanOf(node).end }).indexOf(operator);
    return one(ASSIGNMENTS[operator]).map((by) => {
      return {
        start: at,
        end: at + operator.length,
        replacement: by,
        operator: "arithmetic",
        shown: spanOf(node),
      };
    });
  }
  return node.nodeType === "UnaryOperation" ? unaryChanges(node, text) : [];
}

function unaryChanges(node: AstNode, text: SourceText): Change[] {
  const operand = text.of(node.subExpression as AstNode);
  const span = spanOf(node);
  switch (node.operator) {
    case "!":
      return [{ ...span, replacement: operand, operator: "logic" }];
    case "-":
      return [{ ...span, replacement: operand, operator: "arithmetic" }];
    case "++":
      return [{ ...span, replacement: text.of(node).replace("++", "--"), operator: "arithmetic" }];
    case "--":
      return [{ ...span, replacement: text.of(node).replace("--", "++"), operator: "arithmetic" }];
    default:
      return [];
  }
}

/** Mutants of conditions: always true, or always false. */
export function conditionChanges(node: AstNode): Change[] {
  if (!isNode(node.condition)) return [];
  const span = spanOf(node.condition);
  const never: Change = { ...span, replacement: "false", operator: "condition" };
  // An endless loop would only test the time limit.
  if (node.nodeType === "ForStatement" || node.nodeType === "WhileStatement") return [never];
  return [never, { ...span, replacement: "true", operator: "condition" }];
}

/**
 * Mutants of literals: numbers off by one, or zero; inverted booleans. The id shows the surrounding
 * code.
 */
export function constantChanges(node: AstNode, path: readonly AstNode[], text: SourceText): Change[] {
  if (node.nodeType !== "Literal") return [];
  const span = spanOf(node);
  const original = text.of(node);
  const parent = path.at(-1);
  const change = (replacement: string): Change => {
    const isShort = parent !== undefined && text.of(parent).length <= 120;
    return { ...span, replacement, operator: "constant", ...(isShort && { shown: spanOf(parent) }) };
  };
  if (node.kind === "bool") return [change(original === "true" ? "false" : "true")];
  // The size of a type or an array is not a number of the program.
  if (node.kind !== "number" || parent?.nodeType === "ArrayTypeName") return [];
  if (original === "0") return [change("1")];
  if (original === "1") return [change("2"), change("0")];
  return [change(`(${original} + 1)`), change(`(${original} - 1)`), change("0")];
}

function one(value: string | undefined): string[] {
  return value === undefined ? [] : [value];
}
