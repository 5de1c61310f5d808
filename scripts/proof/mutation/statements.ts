import { spanOf, walk, type AstNode, type SourceText } from "../engine/ast.ts";
import type { Change } from "./mutant.ts";

const REMOVABLE = new Set(["ExpressionStatement", "EmitStatement", "RevertStatement", "Return"]);

/**
 * Mutants that remove a statement. Declarations stay, because the code after them would not
 * compile. The body of an `if` without `else` stays too, because another mutant sets its condition
 * to false.
 */
export function statementChanges(node: AstNode, path: readonly AstNode[], text: SourceText): Change[] {
  const parent = path.at(-1);
  if (!REMOVABLE.has(node.nodeType) || (parent?.nodeType === "IfStatement" && !parent.falseBody)) return [];
  const span = spanOf(node);
  // The compiler counts the semicolon to some statements only.
  const rest = text.at({ start: span.end, end: span.end + 1 });
  const end = rest === ";" ? span.end + 1 : span.end;
  return [{ start: span.start, end, replacement: "{}", operator: "statement", shown: span }];
}

/**
 * Mutants that remove a modifier of a function: the reentrancy lock, the roles. Modifiers of
 * constructors are calls of base constructors and stay.
 */
export function modifierChanges(node: AstNode): Change[] {
  if (node.nodeType !== "FunctionDefinition" || node.kind === "constructor") return [];
  return (node.modifiers as AstNode[]).map((modifier) => {
    return { ...spanOf(modifier), replacement: "", operator: "modifier" };
  });
}

/** Mutants of assembly: numbers off by one, and removed calls. */
export function assemblyChanges(node: AstNode, path: readonly AstNode[], text: SourceText): Change[] {
  const span = spanOf(node);
  if (node.nodeType === "YulLiteral" && node.kind === "number") {
    const parent = path.at(-1);
    const original = text.of(node);
    return [`add(${original}, 1)`, ...(Number(original) > 0 ? [`sub(${original}, 1)`] : [])].map((replacement) => {
      return { ...span, replacement, operator: "assembly", ...(parent && { shown: spanOf(parent) }) };
    });
  }
  return node.nodeType === "YulExpressionStatement" ? [{ ...span, replacement: "", operator: "assembly" }] : [];
}

/**
 * Names of functions and constants in all trees by the id of their declaration, and their siblings
 * in a contract.
 */
export class Names {
  readonly #siblings = new Map<number, ReadonlySet<string>>();

  constructor(trees: Iterable<AstNode>) {
    for (const tree of trees) {
      walk(tree, (node) => {
        const members = node.nodeType === "ContractDefinition" ? node.nodes : node.members;
        const declared = Array.isArray(members) ? (members as AstNode[]) : [];
        const names = new Set(declared.map(({ name }) => name as string));
        for (const { id } of declared) if (id !== undefined) this.#siblings.set(id, names);
      });
    }
  }

  /** Whether `name` is declared in the same contract as `declaration`. */
  hasSibling(declaration: number, name: string): boolean {
    return this.#siblings.get(declaration)?.has(name) ?? false;
  }
}

const OPPOSITES: readonly (readonly [RegExp, string])[] = [
  [/Up$/u, "Down"],
  [/Down$/u, "Up"],
  [/^Ceil$/u, "Floor"],
  [/^Floor$/u, "Ceil"],
];

/**
 * Mutants that invert rounding, and swap min and max, wherever a name indicates it and the opposite
 * exists.
 */
export function nameChanges(node: AstNode, path: readonly AstNode[], text: SourceText, names: Names): Change[] {
  if (node.nodeType !== "MemberAccess" && node.nodeType !== "Identifier") return [];
  const name = (node.memberName ?? node.name) as string;
  const declaration = node.referencedDeclaration as number | undefined;
  const parent = path.at(-1);
  const { start, end } = spanOf(node);
  const shown = spanOf(parent?.nodeType === "FunctionCall" ? parent : node);
  const renamed = (by: string): Change => {
    const operator = name === "min" || name === "max" ? "min-max" : "rounding";
    return { start: end - name.length, end, replacement: by, operator, shown };
  };
  if (declaration === undefined || parent?.nodeType === "IdentifierPath") return [];
  if (name === "min" && names.hasSibling(declaration, "max")) return [renamed("max")];
  if (name === "max" && names.hasSibling(declaration, "min")) return [renamed("min")];
  if (name === "ceilDiv" && parent?.nodeType === "FunctionCall") {
    const [a, b] = (parent.arguments as AstNode[]).map((argument) => text.of(argument));
    const replacement = `((${a ?? ""}) / (${b ?? ""}))`;
    return [{ ...spanOf(parent), replacement, operator: "rounding", shown: { start, end: spanOf(parent).end } }];
  }
  return OPPOSITES.filter(([pattern]) => pattern.test(name))
    .map(([pattern, by]) => name.replace(pattern, by))
    .filter((by) => names.hasSibling(declaration, by))
    .map(renamed);
}
