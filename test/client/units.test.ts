import { expect } from "chai";

import { fromUnits, toUnits } from "../../src/client/units.ts";

describe("toUnits", () => {
  it("is exact for what a double holds exactly in decimals", () => {
    expect(toUnits(1.5, 6)).to.equal(1_500_000n);
    expect(toUnits(0.000001, 6)).to.equal(1n);
    expect(toUnits(2_400_000.03, 6)).to.equal(2_400_000_030_000n);
    expect(toUnits(0, 18)).to.equal(0n);
    expect(toUnits(-2.25, 6)).to.equal(-2_250_000n);
  });

  it("spells out no more digits than a double has", () => {
    expect(toUnits(0.1, 18)).to.equal(10n ** 17n);
    expect(toUnits(1_234_567.1, 18)).to.equal(1_234_567_100_000_000_000_000_000n);
    expect(toUnits(10_000_000_000, 18)).to.equal(10n ** 28n);
  });

  it("comes back as the same number", () => {
    for (const amount of [0.01, 194.6, 3_435, 30_000_000.99])
      expect(fromUnits(toUnits(amount, 18), 18)).to.equal(amount);
  });
});
