import { expect } from "chai";

import { builtinScenario, scenarioNames } from "../../../src/lab/scenario/builtin.ts";
import { UnusablePricesError } from "../../../src/lab/errors.ts";
import {
  checkPath,
  courseOf,
  HIGHEST_PRICE,
  LOWEST_PRICE,
  priceAt,
  thereAndBack,
  type PricePath,
} from "../../../src/lab/scenario/price-path.ts";
import { expectClose } from "../../support/expect-close.ts";

const path: PricePath = {
  name: "test",
  title: "Test",
  source: "Made up.",
  startsAt: 0,
  points: [
    { seconds: 0, price: 100 },
    { seconds: 120, price: 400 },
    { seconds: 180, price: 50 },
  ],
};

describe("priceAt", () => {
  it("meets every point exactly", () => {
    for (const name of scenarioNames) {
      const scenario = builtinScenario(name);
      for (const { seconds, price } of scenario.points) expect(priceAt(scenario, seconds)).to.equal(price);
    }
  });

  it("is straight on a logarithmic scale in between", () => {
    expectClose(priceAt(path, 60), 200, 1e-9);
    expectClose(priceAt(path, 30), 100 * Math.SQRT2, 1e-9);
    expectClose(priceAt(path, 140), 200, 1e-9);
  });

  it("holds the first price before the start and the last one after the end", () => {
    expect(priceAt(path, -1)).to.equal(100);
    expect(priceAt(path, 181)).to.equal(50);
  });
});

describe("A course of prices", () => {
  it("holds still before the path and after it", () => {
    expect([-1, 0, 120, 180, 500].map(courseOf(path))).to.deep.equal([100, 100, 400, 50, 50]);
  });

  it("goes there and back for ever, at the same prices both ways", () => {
    const course = thereAndBack(path);
    for (const round of [0, 360, 720_000]) {
      expect([0, 120, 180, 240, 360].map((seconds) => course(round + seconds))).to.deep.equal([100, 400, 50, 400, 100]);
      expectClose(course(round + 180 + 25), priceAt(path, 180 - 25), 1e-9);
    }
  });
});

describe("checkPath", () => {
  const pathOf = (low: number, high: number, startsAt = 1_700_000_000): PricePath => ({
    ...path,
    startsAt,
    points: [
      { seconds: 0, price: low },
      { seconds: 60, price: high },
    ],
  });

  it("takes the built-in scenarios, and prices up to both ends of the range", () => {
    for (const name of scenarioNames) checkPath(builtinScenario(name));
    checkPath(pathOf(LOWEST_PRICE, HIGHEST_PRICE));
  });

  it("refuses prices out of the range, and names it", () => {
    for (const refused of [pathOf(0.0099, 1), pathOf(1, 10_000_001), pathOf(Number.NaN, 1)]) {
      expect(() => {
        checkPath(refused);
      }).to.throw(UnusablePricesError, "between 0.01 and 10000000 dollars");
    }
  });

  it("refuses times that the market's clock does not know", () => {
    for (const startsAt of [0, 5_000_000_000, Number.NaN]) {
      expect(() => {
        checkPath(pathOf(1, 2, startsAt));
      }).to.throw(UnusablePricesError, "between 1971 and 2100");
    }
  });
});
