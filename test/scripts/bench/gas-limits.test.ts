import { expect } from "chai";

import { GAS_LIMITS, gasProblems } from "../../../scripts/bench/gas-limits.ts";
import snapshot from "../../../scripts/bench/gas-snapshot.json" with { type: "json" };

const LIMITS = { supply: 100, repay: 50 };
const FIGURES = { supply: 90, repay: 50 };

describe("gasProblems", () => {
  it("finds no problem if each figure equals the snapshot and is within its limit", () => {
    expect(gasProblems(FIGURES, FIGURES, LIMITS)).to.deep.equal([]);
  });

  it("finds a removed measurement, in the list and in the snapshot", () => {
    expect(gasProblems({ supply: 90 }, FIGURES, LIMITS)).to.deep.equal(["repay was not measured."]);
    expect(gasProblems({ supply: 90 }, { supply: 90 }, LIMITS)).to.deep.equal(["repay was not measured."]);
    expect(gasProblems({ supply: 90 }, { supply: 90, repay: 50 }, { supply: 100 })).to.deep.equal([
      "repay was not measured.",
    ]);
    expect(gasProblems(FIGURES, { supply: 90 }, LIMITS)).to.deep.equal(["repay is not in the snapshot."]);
  });

  it("finds a measurement without a limit", () => {
    expect(gasProblems({ ...FIGURES, borrow: 1 }, { ...FIGURES, borrow: 1 }, LIMITS)).to.deep.equal([
      "borrow has no limit.",
    ]);
  });

  it("finds a figure above its limit, and a figure that differs from the snapshot, even if lower", () => {
    expect(gasProblems({ supply: 101, repay: 49 }, FIGURES, LIMITS)).to.deep.equal([
      "supply costs 101, above its limit of 100.",
      "supply costs 101, but 90 in the snapshot.",
      "repay costs 49, but 50 in the snapshot.",
    ]);
  });

  it("finds nothing wrong with the committed snapshot", () => {
    expect(gasProblems(snapshot, snapshot, GAS_LIMITS)).to.deep.equal([]);
  });
});
