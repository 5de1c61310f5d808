import { expect } from "chai";

import { builtinScenario, defaultScenario, scenarioNames } from "../../../src/lab/scenario/builtin.ts";
import { UnknownScenarioError } from "../../../src/lab/scenario/errors.ts";
import { durationOf, highestOf, lowestOf } from "../../../src/lab/scenario/resample.ts";

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
