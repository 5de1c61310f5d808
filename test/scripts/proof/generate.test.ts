import { expect } from "chai";

import { syntaxTrees } from "../../../scripts/proof/engine/solc.ts";
import { mutantsOf } from "../../../scripts/proof/mutation/generate.ts";

const FILE = "A.sol";

/** The mutants of a function's body, as original and replacement. */
function changesOf(body: string, more = ""): string[] {
  const source = `pragma solidity ^0.8.30; library Math {
    function min(uint a, uint b) internal pure returns (uint) { return a < b ? a : b; }
    function max(uint a, uint b) internal pure returns (uint) { return a > b ? a : b; } }
  contract A { uint x; event Ping(); error No(); ${more} function f(uint a, uint b) external returns (uint) { ${body} } }`;
  return mutantsOf(FILE, source, syntaxTrees(new Map([[FILE, source]])))
    .filter(({ id }) => id.startsWith(`${FILE} | f | `))
    .map(({ id }) => id.slice(`${FILE} | f | `.length));
}

describe("mutantsOf", () => {
  it("swaps arithmetic and moves comparisons", () => {
    expect(changesOf("if (a + b < 7) x = a;")).to.include.members([
      "arithmetic | a + b => a - b",
      "comparison | a + b < 7 => a + b <= 7",
      "comparison | a + b < 7 => a + b >= 7",
      "condition | a + b < 7 => true",
      "condition | a + b < 7 => false",
      "constant | a + b < 7 => a + b < (7 + 1)",
      "constant | a + b < 7 => a + b < (7 - 1)",
      "constant | a + b < 7 => a + b < 0",
    ]);
  });

  it("replaces the operator between the operands, not one within them", () => {
    expect(changesOf("return a - (b - 1);")).to.include.members([
      "arithmetic | a - (b - 1) => a + (b - 1)",
      "arithmetic | b - 1 => b + 1",
    ]);
  });

  it("removes statements, except those that a false condition removes", () => {
    const changes = changesOf("x = a; emit Ping(); if (a == b) revert No(); return x;");
    expect(changes).to.include.members(["statement | x = a; => {}", "statement | emit Ping(); => {}"]);
    expect(changes.filter((change) => change.includes("No()"))).to.be.empty;
  });

  it("removes modifiers of functions", () => {
    const source = `pragma solidity ^0.8.30; contract A { modifier m() { _; } function f() external m {} }`;
    const ids = mutantsOf(FILE, source, syntaxTrees(new Map([[FILE, source]]))).map(({ id }) => id);
    expect(ids).to.include("A.sol | f | modifier | m => nothing");
  });

  it("inverts rounding if the opposite function exists", () => {
    const both = "function valueUp(uint v) private pure returns (uint) { return v; }";
    const one = "function debtUp(uint v) private pure returns (uint) { return v; }";
    const down = "function valueDown(uint v) private pure returns (uint) { return v; }";
    const changes = changesOf("return valueUp(a) + debtUp(b);", both + down + one);
    expect(changes).to.include("rounding | valueUp(a) => valueDown(a)");
    expect(changes.filter((change) => change.startsWith("rounding"))).to.have.length(1);
  });

  it("swaps min and max", () => {
    expect(changesOf("return Math.min(a, b);")).to.include("min-max | Math.min(a, b) => Math.max(a, b)");
  });

  it("numbers equal changes of a function, so that each has a unique name", () => {
    const changes = changesOf("x += a; x += a; return x;");
    expect(changes).to.include.members(["arithmetic | x += a => x -= a", "arithmetic | x += a => x -= a | 2"]);
    expect(new Set(changes).size).to.equal(changes.length);
  });

  it("produces sources that compile", () => {
    const source = `pragma solidity ^0.8.30; contract A { uint x; function f(uint é) external {
      string memory s = unicode"é"; if (bytes(s).length < 3) x = 1 + x; } }`.replace("uint é", "uint");
    const sources = new Map([[FILE, source]]);
    const [first] = mutantsOf(FILE, source, syntaxTrees(sources)).filter(({ operator }) => operator === "arithmetic");
    expect(first).to.include({ replacement: "-" });
    const bytes = Buffer.from(source);
    expect(bytes.toString("utf8", first?.start, first?.end)).to.equal("+");
  });
});
