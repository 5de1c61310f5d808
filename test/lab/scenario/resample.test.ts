import { expect } from "chai";

import { builtinScenario, scenarioNames } from "../../../src/lab/scenario/builtin.ts";
import { InvalidStepError } from "../../../src/lab/errors.ts";
import { barsToPath } from "../../../src/lab/scenario/price-file.ts";
import { durationOf, highestOf, lowestOf, priceAt, type PricePath } from "../../../src/lab/scenario/price-path.ts";
import { resample, stepFor } from "../../../src/lab/scenario/resample.ts";

/** A path with much more points than steps: bars of a minute with a sharp low in one of them. */
function densePath(): PricePath {
  const bars = Array.from({ length: 600 }, (_, index) => {
    const middle = 100 + 10 * Math.sin(index / 40);
    return {
      timestamp: index * 60,
      open: middle,
      high: middle + 1,
      low: index === 333 ? 42 : middle - 1,
      close: middle,
    };
  });
  return barsToPath({ name: "dense", title: "Dense", source: "Made up." }, bars);
}

describe("resample", () => {
  it("holds every waypoint of the built-in scenarios at a step of one or five minutes", () => {
    for (const name of scenarioNames) {
      const path = builtinScenario(name);
      for (const step of [60, 300]) {
        const steps = new Map(resample(path, step).map(({ seconds, price }) => [seconds, price]));
        for (const { seconds, price } of path.points) expect(steps.get(seconds)).to.equal(price);
      }
    }
  });

  it("keeps the lowest and the highest price at any step", () => {
    for (const path of [...scenarioNames.map(builtinScenario), densePath()]) {
      for (const step of [1, 7, 60, 900, 3600, 1_000_000]) {
        const steps = resample(path, step);
        expect(lowestOf(steps)).to.deep.equal(lowestOf(path.points));
        expect(highestOf(steps).price).to.equal(highestOf(path.points).price);
      }
    }
  });

  it("ascends strictly, from the start to the end, with at most three steps inside a window", () => {
    const path = densePath();
    const steps = resample(path, 600);
    expect(steps[0]?.seconds).to.equal(0);
    expect(steps.at(-1)?.seconds).to.equal(durationOf(path));
    for (const [index, step] of steps.entries()) {
      expect(step.seconds).to.be.above(steps[index - 1]?.seconds ?? -1);
      expect(step.price).to.equal(priceAt(path, step.seconds));
    }
    expect(steps.length).to.be.at.most(1 + 4 * Math.ceil(durationOf(path) / 600));
  });

  it("refuses a step that is not a positive whole number", () => {
    for (const step of [0, -60, 0.5, Number.NaN, Infinity]) {
      expect(() => resample(densePath(), step)).to.throw(InvalidStepError, "whole number");
    }
  });
});

describe("stepFor", () => {
  it("gives the shortest convenient step that makes few enough steps", () => {
    const path = builtinScenario("march-2020");
    expect(stepFor(path, 3000)).to.equal(60);
    expect(stepFor(path, 500)).to.equal(300);
    for (const most of [5, 50, 137, 500, 2000]) expect(resample(path, stepFor(path, most)).length).to.be.at.most(most);
  });

  it("copes with two prices that are decades apart", () => {
    const path = {
      ...densePath(),
      points: [
        { seconds: 0, price: 1 },
        { seconds: 1e9, price: 2 },
      ],
    };
    expect(resample(path, stepFor(path, 100)).length).to.be.at.most(100);
  });

  it("refuses less than one window's worth", () => {
    expect(() => stepFor(densePath(), 4)).to.throw(InvalidStepError);
  });
});
