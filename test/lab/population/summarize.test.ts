import { expect } from "chai";

import type { Borrower } from "../../../src/lab/population/generate.ts";
import { percentile, summarizePopulation } from "../../../src/lab/population/summarize.ts";
import { expectClose } from "../../support/expect-close.ts";

describe("summarizePopulation", () => {
  it("agrees with figures worked out by hand", () => {
    const borrowers: readonly Borrower[] = [
      { id: "a", kind: "cautious borrower", equityUsd: 100, leverage: 1.5 },
      { id: "b", kind: "stablecoin borrower", equityUsd: 100, leverage: 2 },
      { id: "c", kind: "looper", equityUsd: 100, leverage: 5 },
    ];
    const summary = summarizePopulation(borrowers);
    expect(summary.counts).to.deep.equal({ "cautious borrower": 1, "stablecoin borrower": 1, looper: 1 });
    expect(summary.totalEquityUsd).to.equal(300);
    expect(summary.totalDebtUsd).to.equal(550);
    expectClose(summary.weightedLeverage, 850 / 300, 1e-12);
    expect(summary.medianLeverage).to.equal(2);
    expect(summary.medianLeverageByDebt).to.equal(5);
    expect(summary.topTenShare).to.equal(1);
  });
});

describe("percentile", () => {
  it("interpolates between ranks", () => {
    expect(percentile([1, 2, 3, 4], 0.5)).to.equal(2.5);
    expect(percentile([1, 2, 3, 4], 0)).to.equal(1);
    expect(percentile([1, 2, 3, 4], 1)).to.equal(4);
    expect(percentile([], 0.5)).to.be.NaN;
  });
});
