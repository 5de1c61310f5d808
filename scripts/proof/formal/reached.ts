import { isNode, SourceText, spanOf, walk, type AstNode, type Span } from "../engine/ast.ts";
import type { Sources } from "../engine/project.ts";
import { syntaxTrees } from "../engine/solc.ts";

/**
 * The sources without the library functions that the claims don't reach. The checker encodes every
 * function of each imported library, and a long one that nobody calls costs it minutes.
 * @param source the source with the claims.
 */
export function withoutUnreached(sources: Sources, source: string): Map<string, string> {
  const trees = syntaxTrees(sources);
  const reached = functionsReached(trees, source);
  return new Map(
    [...sources].map(([name, text]) => [name, without(text, unreachedIn(trees.get(name), reached))] as const),
  );
}

/** Identifiers of the functions that a source calls, directly or not. */
function functionsReached(trees: ReadonlyMap<string, AstNode>, source: string): Set<number> {
  const functions = new Map<number, AstNode>();
  for (const tree of trees.values()) {
    walk(tree, (node) => {
      if (node.nodeType === "FunctionDefinition" && node.id !== undefined) functions.set(node.id, node);
    });
  }
  const reached = new Set<number>();
  const pending = [trees.get(source)];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    walk(node, ({ referencedDeclaration: id }) => {
      const called = typeof id === "number" && !reached.has(id) ? functions.get(id) : undefined;
      if (called?.id === undefined) return;
      reached.add(called.id);
      pending.push(called);
    });
  }
  return reached;
}

function unreachedIn(tree: AstNode | undefined, reached: ReadonlySet<number>): Span[] {
  const spans: Span[] = [];
  if (tree === undefined) return spans;
  walk(tree, (node, path) => {
    const isOfLibrary = path.at(-1)?.contractKind === "library";
    if (node.nodeType !== "FunctionDefinition" || !isOfLibrary || reached.has(node.id ?? 0)) return;
    const first = isNode(node.documentation) ? node.documentation : node;
    spans.push({ start: spanOf(first).start, end: spanOf(node).end });
  });
  return spans;
}

function without(text: string, spans: readonly Span[]): string {
  // From the end, so that earlier offsets stay valid.
  const last = [...spans].sort((a, b) => b.start - a.start);
  return last.reduce((rest, span) => new SourceText(rest).replaced(span, ""), text);
}
