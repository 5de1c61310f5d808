import { expect } from "chai";

import {
  formatAmount,
  formatChange,
  formatCount,
  formatGas,
  formatHash,
  formatHealth,
  formatLeverage,
  formatMoment,
  formatNumberOf,
  formatPercent,
  formatPrice,
  formatSharePrice,
  formatSpan,
  formatUsd,
  formatUsdShort,
} from "../../src/report/format.ts";

describe("format", () => {
  it("formatUsd: formats dollars", () => {
    expect(formatUsd(1_234_567.4)).to.equal("$1,234,567");
    expect(formatUsd(-1234)).to.equal("-$1,234");
    expect(formatUsd(0.341)).to.equal("$0.34");
    expect(formatUsd(0)).to.equal("$0");
    expect(formatUsd(-0.001)).to.equal("$0.00");
    expect(formatUsd(Number.NaN)).to.equal("-");
  });

  it("formatUsdShort: formats dollars in short form", () => {
    expect([950, 12_345, 999_949, 999_950, 1_240_000, 3.4e9, -5000].map(formatUsdShort)).to.deep.equal([
      "$950",
      "$12.3k",
      "$999.9k",
      "$1.0M",
      "$1.2M",
      "$3.4B",
      "-$5.0k",
    ]);
  });

  it("formatPrice: keeps the significant decimals", () => {
    expect([4343, 86, 0.882, 0.000_012].map(formatPrice)).to.deep.equal([
      "$4,343.00",
      "$86.00",
      "$0.8820",
      "$0.00001200",
    ]);
    expect(formatSharePrice(1.0001234)).to.equal("$1.000123");
  });

  it("formats very small prices, and amounts above a trillion", () => {
    expect([0, 3.456e-11, 0.05].map(formatPrice)).to.deep.equal(["$0.00", "$0.00000000003456", "$0.05000"]);
    expect([0, 0.341, 999.7, 999_949_999_999, 1e12].map(formatUsdShort)).to.deep.equal([
      "$0",
      "$0.34",
      "$1.0k",
      "$999.9B",
      "$1.0T",
    ]);
  });

  it("formatLeverage and formatHealth: use words if there is no number", () => {
    expect(formatLeverage(5)).to.equal("5.00x");
    expect(formatLeverage(Infinity)).to.equal("no equity");
    expect(formatHealth(1.256)).to.equal("1.26");
    expect(formatHealth(Infinity)).to.equal("no debt");
  });

  it("formatPercent and formatChange: format fractions and changes", () => {
    expect(formatPercent(0.0034)).to.equal("0.34%");
    expect(formatPercent(-0.000_000_1)).to.equal("0.00%");
    expect(formatChange(0.0034)).to.equal("+0.34%");
    expect(formatChange(-0.5581, 1)).to.equal("-55.8%");
    expect(formatChange(0)).to.equal("0.00%");
  });

  it("formats amounts of tokens", () => {
    expect([29_246.4, 12.345, 0.35123, 0, -0.00001].map(formatAmount)).to.deep.equal([
      "29,246",
      "12.35",
      "0.3512",
      "0",
      "0.0000",
    ]);
  });

  it("formats counts, gas and hashes", () => {
    expect(formatCount(-0)).to.equal("0");
    expect(formatGas(105_000)).to.equal("105,000");
    expect(formatNumberOf(1, "batch", "batches")).to.equal("1 batch");
    expect(formatNumberOf(2, "position")).to.equal("2 positions");
    expect(formatHash(`0x12345678${"0".repeat(52)}cdef`)).to.equal("0x12345678...cdef");
    expect(formatHash("0x12")).to.equal("0x12");
  });

  it("formats times", () => {
    expect(formatMoment(Date.UTC(2020, 2, 12) / 1000, 1576 * 60)).to.equal("13 Mar, 02:16");
    expect([0, 1, 59.9, 300, 3660, 36 * 3600 + 240, 51 * 3600, 86_400 * 3 + 60].map(formatSpan)).to.deep.equal([
      "0 seconds",
      "1 second",
      "59 seconds",
      "5 minutes",
      "1 hour 1 minute",
      "36 hours 4 minutes",
      "2 days 3 hours",
      "3 days",
    ]);
  });
});
