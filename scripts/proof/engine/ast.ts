/** A node of the compiler's syntax tree. Its further members depend on `nodeType`. */
export interface AstNode {
  readonly nodeType: string;
  readonly id?: number;
  /** `start:length:file`, in bytes. */
  readonly src: string;
  readonly [member: string]: unknown;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Position of a node in bytes, which equal characters only in ASCII sources: see `SourceText`. */
export function spanOf(node: { readonly src: string }): Span {
  const [start = 0, length = 0] = node.src.split(":").map(Number);
  return { start, end: start + length };
}

export function isNode(value: unknown): value is AstNode {
  return typeof value === "object" && value !== null && "nodeType" in value && "src" in value;
}

/** Child nodes in the order of the source. */
export function childrenOf(node: AstNode): AstNode[] {
  const members = node.nodeType === "InlineAssembly" ? [node.AST] : Object.values(node);
  return members
    .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter(isNode)
    .sort((a, b) => spanOf(a).start - spanOf(b).start);
}

/** Visits a tree from its root. `path` contains a node's ancestors, the nearest last. */
export function walk(node: AstNode, visit: (node: AstNode, path: readonly AstNode[]) => void): void {
  const path: AstNode[] = [];
  const descend = (current: AstNode): void => {
    visit(current, path);
    path.push(current);
    childrenOf(current).forEach(descend);
    path.pop();
  };
  descend(node);
}

/** A source text with byte offsets, to extract and replace nodes. */
export class SourceText {
  readonly #bytes: Buffer;

  constructor(text: string) {
    this.#bytes = Buffer.from(text);
  }

  at({ start, end }: Span): string {
    return this.#bytes.toString("utf8", start, end);
  }

  of(node: { readonly src: string }): string {
    return this.at(spanOf(node));
  }

  /** The text with a span replaced. */
  replaced({ start, end }: Span, by: string): string {
    return this.#bytes.toString("utf8", 0, start) + by + this.#bytes.toString("utf8", end);
  }

  /** The text with insertions at several places. Insertions at the same place keep their order. */
  withInsertions(insertions: readonly { readonly at: number; readonly text: string }[]): string {
    const ordered = insertions.map((insertion, order) => ({ ...insertion, order }));
    ordered.sort((a, b) => a.at - b.at || a.order - b.order);
    let done = 0;
    let result = "";
    for (const { at, text } of ordered) {
      result += this.#bytes.toString("utf8", done, at) + text;
      done = at;
    }
    return result + this.#bytes.toString("utf8", done);
  }

  /** Line number of an offset, starting at 1. */
  lineAt(offset: number): number {
    return this.#bytes.toString("utf8", 0, offset).split("\n").length;
  }
}
