import { expect } from "chai";

import { BLOCK_SECONDS, reportsOf } from "../../src/lab/steps.ts";
import { builtinScenario, scenarioNames } from "../../src/lab/scenario/builtin.ts";
import { priceAt } from "../../src/lab/scenario/price-at.ts";
import { durationOf, highestOf, lowestOf } from "../../src/lab/scenario/resample.ts";
import type { PricePath } from "../../src/lab/scenario/types.ts";

const path = (points: readonly (readonly [number, number])[]): PricePath => ({
  name: "test",
  title: "Test",
  source: "Made up.",
  startsAt: 0,
  points: points.map(([seconds, price]) => ({ seconds, price })),
});

for (const name of scenarioNames) {
  describe(`reportsOf ${name}`, () => {
    const scenario = builtinScenario(name);

    it("holds the first, last, lowest and highest price, in strictly ascending time", () => {
      const reports = reportsOf(scenario, 500);
      expect(reports[0]).to.deep.equal(scenario.points[0]);
      expect(reports.at(-1)?.seconds).to.equal(durationOf(scenario));
      expect(lowestOf(reports)).to.deep.equal(lowestOf(scenario.points));
      expect(highestOf(reports)).to.deep.equal(highestOf(scenario.points));
      for (const [index, { seconds }] of reports.entries()) {
        expect(seconds).to.be.greaterThan(reports[index - 1]?.seconds ?? -1);
      }
    });

    it("tells prices of the path, and at most as many as asked for", () => {
      for (const most of [20, 100, 500]) {
        const reports = reportsOf(scenario, most);
        expect(reports.length).to.be.at.most(most);
        for (const { seconds, price } of reports) expect(price).to.equal(priceAt(scenario, seconds));
      }
    });
  });
}

describe("reportsOf", () => {
  it("reports each move of a hundredth, block by block at the most", () => {
    // Down by 10% within an hour: one hundredth each 341 seconds.
    const reports = reportsOf(
      path([
        [0, 100],
        [3_600, 90],
      ]),
      500,
    );
    const moves = reports.slice(1).map(({ price }, index) => Math.log((reports[index]?.price ?? price) / price));
    expect(Math.max(...moves)).to.be.lessThan(Math.log(1.01) + 0.0004);
    const crash = reportsOf(
      path([
        [0, 100],
        [60, 50],
        [3_600, 50],
      ]),
      500,
    );
    const first = crash.filter(({ seconds }) => seconds <= 60).map(({ seconds }) => seconds);
    expect(first).to.deep.equal([0, 12, 24, 36, 48, 60]);
    expect(BLOCK_SECONDS).to.equal(12);
  });

  it("reports at regular times while nothing moves", () => {
    const reports = reportsOf(
      path([
        [0, 100],
        [86_400, 100],
      ]),
      500,
    );
    const pauses = reports.slice(1).map(({ seconds }, index) => seconds - (reports[index]?.seconds ?? 0));
    expect(new Set(pauses).size).to.equal(1);
    expect(pauses[0]).to.be.at.most(3_600);
  });

  it("ends for a path of years that never rests", () => {
    const points = Array.from({ length: 5_000 }, (_, index) => [index * 21_600, index % 2 === 0 ? 100 : 150] as const);
    expect(reportsOf(path(points), 300).length).to.be.at.most(300);
  });
});
