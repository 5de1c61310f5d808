import { expect } from "chai";

import { builtinScenario, scenarioNames } from "../../../src/lab/scenario/builtin.ts";
import { priceAt } from "../../../src/lab/scenario/price-at.ts";
import type { PricePath } from "../../../src/lab/scenario/types.ts";
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
