import { SourceText, walk, type AstNode } from "../engine/ast.ts";
import { conditionChanges, constantChanges, operatorChanges } from "./expressions.ts";
import type { Change, Mutant } from "./mutant.ts";
import { assemblyChanges, modifierChanges, nameChanges, Names, statementChanges } from "./statements.ts";

/**
 * All mutants of one source, in its order. `trees` contains the trees of the source and of all its
 * imports.
 */
export function mutantsOf(file: string, source: string, trees: ReadonlyMap<string, AstNode>): Mutant[] {
  const tree = trees.get(file);
  if (tree === undefined) return [];
  const text = new SourceText(source);
  const names = new Names(trees.values());
  const mutants: Mutant[] = [];
  const seen = new Map<string, number>();
  walk(tree, (node, path) => {
    const place = placeOf([...path, node]);
    if (place === undefined) return;
    for (const change of changesOf(node, path, text, names)) {
      const id = [file, place, change.operator, describe(change, text)].join(" | ");
      const count = (seen.get(id) ?? 0) + 1;
      seen.set(id, count);
      const { start, end, replacement, operator } = change;
      const line = text.lineAt(start);
      mutants.push({ id: count === 1 ? id : `${id} | ${count}`, file, line, start, end, replacement, operator });
    }
  });
  return mutants;
}

function changesOf(node: AstNode, path: readonly AstNode[], text: SourceText, names: Names): Change[] {
  return [
    ...operatorChanges(node, text),
    ...conditionChanges(node),
    ...constantChanges(node, path, text),
    ...statementChanges(node, path, text),
    ...modifierChanges(node),
    ...nameChanges(node, path, text, names),
    ...assemblyChanges(node, path, text),
  ];
}

/** The function, modifier or constant that contains a node; undefined if none does. */
function placeOf(path: readonly AstNode[]): string | undefined {
  for (const { nodeType, name, kind } of path) {
    if (nodeType === "FunctionDefinition") return (name as string) || (kind as string);
    if (nodeType === "ModifierDefinition") return name as string;
    if (nodeType === "VariableDeclaration") return name as string;
  }
  return undefined;
}

function describe({ start, end, replacement, shown }: Change, text: SourceText): string {
  const context = shown ?? { start, end };
  const before = text.at({ start: context.start, end: start });
  const after = text.at({ start: end, end: Math.max(end, context.end) });
  const original = text.at({ start: context.start, end: Math.max(end, context.end) });
  return `${onOneLine(original)} => ${onOneLine(before + replacement + after) || "nothing"}`;
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim();
}
