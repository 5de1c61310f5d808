import { expect } from "chai";

import { InvalidAmountError } from "../../src/client/errors.ts";
import { fromUnits, parseAmount, toUnits } from "../../src/client/units.ts";

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

  it("keeps what is small: 1e-15 of 18 decimals is a thousand units", () => {
    expect(toUnits(1e-15, 18)).to.equal(1_000n);
    expect(toUnits(1e-18, 18)).to.equal(1n);
    expect(toUnits(1.5e-7, 8)).to.equal(15n);
    expect(toUnits(1.2345e21, 6)).to.equal(1_234_500_000_000_000_000_000n * 10n ** 6n);
  });

  it("rounds half a unit away from zero", () => {
    expect([0.4e-6, 0.5e-6, 1.5e-6, -0.5e-6].map((amount) => toUnits(amount, 6))).to.deep.equal([0n, 1n, 2n, -1n]);
  });

  it("refuses what is no finite number", () => {
    for (const amount of [Number.NaN, Infinity, -Infinity])
      expect(() => toUnits(amount, 6)).to.throw(InvalidAmountError, "not finite");
  });

  it("comes back as the same number", () => {
    for (const amount of [0.01, 194.6, 3_435, 30_000_000.99])
      expect(fromUnits(toUnits(amount, 18), 18)).to.equal(amount);
  });
});

describe("parseAmount", () => {
  it("is exact where a double is not", () => {
    expect(parseAmount("0.000000000000001", 18)).to.equal(1_000n);
    expect(parseAmount("123456789012345678.123456789012345678", 18)).to.equal(
      123_456_789_012_345_678_123_456_789_012_345_678n,
    );
    expect(parseAmount("9007199254740993", 0)).to.equal(9_007_199_254_740_993n);
  });

  it("takes thousands as people group them, and zeros behind the last decimal", () => {
    for (const text of ["1000000", "1 000 000", "1_000_000", " 1000000.00 ", "1000000.000000000"])
      expect(parseAmount(text, 6), text).to.equal(10n ** 12n);
  });

  it("refuses what is no amount, and says what to write", () => {
    for (const text of [
      "",
      "1e6",
      "-1",
      "1.",
      ".5",
      "0x10",
      "1,00",
      "1,000,000",
      "0,123",
      "1.000,5",
      "1 00",
      "1 000_000",
      "0 123",
      "NaN",
      "१",
    ])
      expect(() => parseAmount(text, 6), text).to.throw(InvalidAmountError, "Write digits with a point for decimals");
  });

  it("refuses what no token can have", () => {
    expect(() => parseAmount("9".repeat(78), 0)).to.throw(InvalidAmountError, "larger than any token's");
  });

  it("refuses more decimals than the token has", () => {
    expect(() => parseAmount("1.0000001", 6)).to.throw(InvalidAmountError, "The token has 6 decimals");
  });
});
