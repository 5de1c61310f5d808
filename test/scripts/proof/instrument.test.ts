import { expect } from "chai";

import { instrument, PROBE_SOURCE, PROBE_TEXT } from "../../../scripts/proof/coverage/instrument.ts";
import { Project } from "../../../scripts/proof/engine/project.ts";
import { firstError, compile, syntaxTrees } from "../../../scripts/proof/engine/solc.ts";

const FILE = "A.sol";
const SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;
contract A {
    uint256 x;
    error No();
    function f(uint256 a) external returns (uint256 b) {
        if (a == 0) revert No();
        else if (a == 1) return 2;
        for (uint256 i = 0; i < a; ++i) x += i;
        unchecked {
            b = a > 5 ? 1 : x;
        }
    }
}
`;

describe("instrument", () => {
  const trees = syntaxTrees(new Map([[FILE, SOURCE]]));
  const tree = trees.get(FILE);
  if (tree === undefined) throw new Error("no tree");
  const { source, places } = instrument(FILE, SOURCE, tree, 10);

  it("counts each statement, and both outcomes of each condition", () => {
    const of = (kind: string): string[] =>
      places
        .filter((place) => place.kind === kind)
        .map(({ line, text }) => `${line}: ${text.split(" ").slice(0, 3).join(" ")}`);
    expect(of("statement")).to.deep.equal([
      "7: if (a ==",
      "7: revert No()",
      "8: if (a ==",
      "8: return 2",
      "9: for (uint256 i",
      "9: x += i",
      "11: b = a",
    ]);
    expect(of("true")).to.deep.equal(["7: a == 0", "8: a == 1", "9: i < a", "11: a > 5"]);
    expect(of("false")).to.deep.equal(of("true"));
  });

  it("produces a source that compiles, with a tag for each place", () => {
    const sources = new Map([
      [FILE, source],
      [PROBE_SOURCE, PROBE_TEXT],
    ]);
    expect(firstError(compile(sources, { outputSelection: { [FILE]: { "*": ["evm.bytecode.object"] } } }))).to.equal(
      undefined,
    );
    const hits = [...source.matchAll(/hit\((\d+)\)/gu)].map(([, tag]) => Number(tag));
    const outcomes = [...source.matchAll(/seen\((\d+),/gu)].flatMap(([, tag]) => [Number(tag), Number(tag) + 1]);
    const tags = [...hits, ...outcomes].sort((a, b) => a - b);
    expect(tags).to.deep.equal(places.map((_, index) => index + 10));
  });
});

describe("Project, sources of a compilation", () => {
  it("include all imports of a source, with either kind of quotes", () => {
    const names = [...new Project().closure(["contracts/testnet/PoolOperator.sol"]).keys()];
    expect(names).to.include.members([
      "contracts/testnet/TestnetOnly.sol",
      "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol",
      "@uniswap/v3-core/contracts/interfaces/pool/IUniswapV3PoolImmutables.sol",
    ]);
  });
});
