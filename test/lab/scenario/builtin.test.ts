import { expect } from "chai";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { builtinScenario, defaultScenario, scenarioNames } from "../../../src/lab/scenario/builtin.ts";
import { UnknownScenarioError } from "../../../src/lab/errors.ts";
import { readPriceFile } from "../../../src/lab/scenario/price-file.ts";
import { durationOf, highestOf, lowestOf, priceAt } from "../../../src/lab/scenario/price-path.ts";
import { RECORDED_PRICES } from "../../support/recorded-prices.ts";

/**
 * Recorded bars are not part of the repository; where they lie beside it, the built-in scenarios
 * are held against them.
 */

/**
 * A path by a few dozen waypoints strays from the recorded one in between, but not far for long.
 */
const MOST_MEAN_ERROR = 0.03;

describe("built-in scenarios", () => {
  it("are march-2020, the default, and october-2025", () => {
    expect(scenarioNames).to.deep.equal(["march-2020", "october-2025"]);
    expect(defaultScenario).to.equal("march-2020");
  });

  it("march-2020 falls from 194.60 to its low of 86.00 at minute 1576", () => {
    const path = builtinScenario("march-2020");
    expect(path.points[0]).to.deep.equal({ seconds: 0, price: 194.6 });
    expect(lowestOf(path.points)).to.deep.equal({ seconds: 1576 * 60, price: 86 });
    expect(durationOf(path)).to.equal(2164 * 60);
    expect(new Date(path.startsAt * 1000).toISOString()).to.equal("2020-03-12T00:00:00.000Z");
  });

  it("october-2025 falls from 4343 to its low of 3435 at minute 561, and is at its highest of 4380 at minute 598", () => {
    const path = builtinScenario("october-2025");
    expect(path.points[0]).to.deep.equal({ seconds: 0, price: 4343 });
    expect(lowestOf(path.points)).to.deep.equal({ seconds: 561 * 60, price: 3435 });
    expect(highestOf(path.points)).to.deep.equal({ seconds: 598 * 60, price: 4380 });
    expect(new Date(path.startsAt * 1000).toISOString()).to.equal("2025-10-10T12:00:00.000Z");
  });

  it("have points that ascend strictly in time and are positive", () => {
    for (const name of scenarioNames) {
      const { points } = builtinScenario(name);
      for (const [index, { seconds, price }] of points.entries()) {
        expect(price).to.be.above(0);
        expect(seconds).to.be.above(points[index - 1]?.seconds ?? -1);
      }
    }
  });

  it("refuse an unknown name and list the known ones", () => {
    expect(() => builtinScenario("may-2021")).to.throw(UnknownScenarioError, "march-2020, october-2025");
  });
});

describe("built-in scenarios against recorded bars", () => {
  for (const [name, file] of [
    ["march-2020", "eth-usd-2020-03-12-5m.csv"],
    ["october-2025", "eth-usd-2025-10-10-5m.csv"],
  ] as const) {
    it(`${name} follows ${file}`, async function () {
      if (!existsSync(join(RECORDED_PRICES, file))) {
        console.log(`      Skipped: the recorded prices are not here (${file}).`);
        this.skip();
      }
      const scenario = builtinScenario(name);
      const recorded = await readPriceFile(join(RECORDED_PRICES, file));
      expect(lowestOf(recorded.points).price).to.equal(lowestOf(scenario.points).price);
      const errors: number[] = [];
      for (let seconds = 0; seconds <= durationOf(scenario); seconds += 300) {
        const there = priceAt(recorded, scenario.startsAt - recorded.startsAt + seconds);
        errors.push(Math.abs(priceAt(scenario, seconds) / there - 1));
      }
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      expect(mean).to.be.below(MOST_MEAN_ERROR);
    });
  }
});
