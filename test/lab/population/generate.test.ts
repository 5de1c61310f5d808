import { expect } from "chai";

import { InvalidPopulationError } from "../../../src/lab/errors.ts";
import { debtOf, generatePopulation, type PopulationOptions } from "../../../src/lab/population/generate.ts";
import { summarizePopulation } from "../../../src/lab/population/summarize.ts";
import { expectClose } from "../../support/expect-close.ts";

const DEMO: PopulationOptions = { seed: 1, maxLeverage: 5, totalDebtUsd: 20_000_000, minDebtUsd: 1000 };
const SEEDS = [1, 2, 3, "x", "march"];

describe("generatePopulation", () => {
  it("gives the same population for the same seed, and another for another", () => {
    expect(generatePopulation(DEMO)).to.deep.equal(generatePopulation(DEMO));
    expect(generatePopulation(DEMO)).not.to.deep.equal(generatePopulation({ ...DEMO, seed: 2 }));
  });

  it("has at least a hundred borrowers by default, each with an id of its own", () => {
    const population = generatePopulation(DEMO);
    expect(population.length).to.be.at.least(100);
    expect(new Set(population.map(({ id }) => id)).size).to.equal(population.length);
    expect(population[0]?.id).to.equal("borrower-001");
  });

  it("has the borrowers that exist, where nothing limits them", () => {
    for (const seed of SEEDS) {
      const whole = summarizePopulation(
        generatePopulation({ seed, count: 1000, maxLeverage: 1000, totalDebtUsd: 1_000_000_000 }),
      );
      expect(whole.counts).to.deep.equal({ "stablecoin borrower": 667, looper: 200, "cautious borrower": 133 });
      expectClose(whole.medianLeverage, 2.41, 0.05);
      expectClose(whole.leverage90th, 11.9, 0.6);
      expectClose(whole.leverage99th, 18.1, 1.8);
      expect(whole.weightedLeverage).to.be.within(2.2, 4.6);
      expect(whole.topTenShare).to.be.within(0.25, 0.5);
    }
  });

  it("has stablecoin borrowers with a median of 2.15x and a 95th percentile of 7.9x, and loopers with a median of 11x", () => {
    const population = generatePopulation({ seed: 1, count: 3000, maxLeverage: 1000, totalDebtUsd: 1_000_000_000 });
    const sorted = (kind: string): number[] =>
      population
        .filter((borrower) => borrower.kind === kind)
        .map(({ leverage }) => leverage)
        .sort((a, b) => a - b);
    const borrowers = sorted("stablecoin borrower");
    expectClose(borrowers[Math.floor(borrowers.length / 2)], 2.15, 0.01);
    expectClose(borrowers[Math.floor(borrowers.length * 0.95)], 7.9, 0.1);
    const loopers = sorted("looper");
    expectClose(loopers[Math.floor(loopers.length / 2)], 11, 0.05);
  });

  it("stays below the maximum, with room for the opening trade, and is spread out there", () => {
    for (const seed of SEEDS) {
      const leverages = generatePopulation({ ...DEMO, seed }).map(({ leverage }) => leverage);
      expect(Math.max(...leverages)).to.be.below(4.93);
      expect(Math.min(...leverages)).to.be.at.least(1.05);
      const high = leverages.filter((leverage) => leverage > 3.5);
      expect(high.length).to.be.within(25, 55);
      for (const from of [3.5, 4, 4.5]) {
        expect(high.filter((leverage) => leverage >= from && leverage < from + 0.5).length).to.be.at.least(4);
      }
    }
  });

  it("owes the total that was asked for, nobody less than the least, nobody more than a twelfth", () => {
    for (const seed of SEEDS) {
      const debts = generatePopulation({ ...DEMO, seed }).map(debtOf);
      expectClose(
        debts.reduce((sum, debt) => sum + debt, 0),
        20_000_000,
        10,
      );
      expect(Math.min(...debts)).to.be.at.least(1000);
      expect(Math.max(...debts)).to.be.below(20_000_000 / 12);
    }
  });

  it("has money in whole cents and leverage in the market's four decimals", () => {
    for (const { equityUsd, leverage } of generatePopulation(DEMO)) {
      expect(equityUsd).to.equal(Number(equityUsd.toFixed(2)));
      expect(leverage).to.equal(Number(leverage.toFixed(4)));
    }
  });

  it("makes small populations too", () => {
    for (const count of [1, 2, 3, 10]) {
      const population = generatePopulation({ ...DEMO, count });
      expect(population).to.have.length(count);
      expectClose(summarizePopulation(population).totalDebtUsd, 20_000_000, 1);
    }
  });

  it("makes a population of 200,000", () => {
    const options = { seed: 1, count: 200_000, maxLeverage: 5, totalDebtUsd: 50_000_000_000 };
    const population = generatePopulation(options);
    expect(population).to.have.length(200_000);
    expect(population.at(-1)?.id).to.equal("borrower-200000");
    // Debts are rounded up to cents of equity.
    const { totalDebtUsd } = summarizePopulation(population);
    expect(totalDebtUsd).to.be.within(50_000_000_000 - 1, 50_000_000_000 + 200_000 * 0.04);
  });

  const refused: readonly (readonly [rule: string, change: Partial<PopulationOptions>, message: string])[] = [
    ["no positions", { count: 0 }, "number of positions is 0"],
    ["half a position", { count: 10.5 }, "number of positions is 10.5"],
    ["a maximum that allows no leverage", { maxLeverage: 1 }, "maximum leverage is 1"],
    ["a maximum that is no number", { maxLeverage: Number.NaN }, "maximum leverage is NaN"],
    ["no debt", { totalDebtUsd: 0 }, "total debt is 0"],
    ["a negative least debt", { minDebtUsd: -1 }, "least debt of a position is -1"],
    ["least debts beyond the total", { minDebtUsd: 1_000_000 }, "Take fewer positions"],
  ];
  for (const [rule, change, message] of refused) {
    it(`refuses ${rule}`, () => {
      expect(() => generatePopulation({ ...DEMO, ...change })).to.throw(InvalidPopulationError, message);
    });
  }
});
