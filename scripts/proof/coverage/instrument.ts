import { isNode, SourceText, spanOf, walk, type AstNode } from "../engine/ast.ts";

/** A statement or a condition's outcome that the tests should reach. */
export interface Place {
  readonly file: string;
  readonly line: number;
  /** A statement, or the condition's outcome. */
  readonly kind: "statement" | "true" | "false";
  readonly text: string;
}

/** An instrumented source and its places. */
export interface Instrumented {
  readonly source: string;
  /** A place's tag is `firstTag` plus its index. */
  readonly places: readonly Place[];
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Reports a tag to the test runner: a call that the runner observes, declared as pure. */
const PROBE = `
library CoverageProbe {
    function hit(uint256 tag) internal pure { _asPure(_report)(tag); }
    function seen(uint256 tag, bool condition) internal pure returns (bool) {
        hit(condition ? tag : tag + 1);
        return condition;
    }
    function _report(uint256 tag) private view {
        assembly ("memory-safe") {
            mstore(0, tag)
            pop(staticcall(gas(), 0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE, 0, 32, 0, 0))
        }
    }
    function _asPure(function(uint256) view from) private pure returns (function(uint256) pure to) {
        assembly ("memory-safe") { to := from }
    }
}
`;
export const PROBE_SOURCE = "CoverageProbe.sol";
export const PROBE_TEXT = `// SPDX-License-Identifier: MIT\npragma solidity ^0.8.30;\n${PROBE}`;

const BLOCKS = new Set(["Block", "UncheckedBlock"]);
/** Statements that only contain others, or that can't be reached separately. */
const UNCOUNTED = new Set([...BLOCKS, "PlaceholderStatement"]);

/**
 * Instruments a source so that it reports which statements run, and the outcomes of its conditions.
 */
export function instrument(file: string, source: string, tree: AstNode, firstTag: number): Instrumented {
  const text = new SourceText(source);
  const places: Place[] = [];
  const insertions: Insertion[] = [];
  const place = (node: AstNode, kind: Place["kind"]): number => {
    const { start } = spanOf(node);
    const line = text.of(node).replaceAll(/\s+/gu, " ");
    places.push({ file, line: text.lineAt(start), kind, text: line.slice(0, 100) });
    return firstTag + places.length - 1;
  };
  walk(tree, (node, path) => {
    const parent = path.at(-1);
    if (parent !== undefined && isStatementOf(node, parent)) {
      insertions.push(...counted(node, parent, text, place(node, "statement")));
    }
    if (!isNode(node.condition)) return;
    const span = spanOf(node.condition);
    const tag = place(node.condition, "true");
    place(node.condition, "false");
    insertions.push({ at: span.start, text: `CoverageProbe.seen(${tag}, ` }, { at: span.end, text: ")" });
  });
  if (places.length === 0) return { source, places };
  const imported = `\nimport {CoverageProbe} from "${PROBE_SOURCE}";\n`;
  return { source: text.withInsertions(insertions) + imported, places };
}

function isStatementOf(node: AstNode, parent: AstNode): boolean {
  if (UNCOUNTED.has(node.nodeType)) return false;
  if (BLOCKS.has(parent.nodeType)) return true;
  return [parent.trueBody, parent.falseBody, parent.body].includes(node) && parent.nodeType !== "FunctionDefinition";
}

/** Inserts a probe before a statement. A body without braces gets braces. */
function counted(node: AstNode, parent: AstNode, text: SourceText, tag: number): Insertion[] {
  const { start, end } = spanOf(node);
  const hit = `CoverageProbe.hit(${tag}); `;
  if (BLOCKS.has(parent.nodeType)) return [{ at: start, text: hit }];
  const close = text.at({ start: end, end: end + 1 }) === ";" ? end + 1 : end;
  return [
    { at: start, text: `{ ${hit}` },
    { at: close, text: " }" },
  ];
}
