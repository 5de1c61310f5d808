import { expect } from "chai";

import {
  amountText,
  changeText,
  decimal,
  healthText,
  leverageText,
  MAX_UINT256,
  parseDuration,
  parseGwei,
  parseLeverage,
  parsePercent,
  parseSeconds,
  percentText,
  priceText,
  spanText,
  timeText,
} from "../../src/cli/numbers.ts";
import { parseAmount } from "../../src/client/units.ts";

const USDC = { symbol: "USDC", decimals: 6 };
const WETH = { symbol: "WETH", decimals: 18 };

describe("Numbers for people", () => {
  it("are rounded half away from zero, and grouped by blanks", () => {
    expect(decimal(1_234_567_895n, 6, 2)).to.equal("1 234.57");
    expect(decimal(-1_005n, 3, 2)).to.equal("-1.01");
    expect(decimal(-4n, 3, 2)).to.equal("0");
    expect(decimal(12n, 0, 2)).to.equal("12");
  });

  it("of tokens have the decimals that matter, and are read as they are written", () => {
    const cases: readonly (readonly [bigint, typeof USDC, string])[] = [
      [79_000_000_000n, USDC, "79 000 USDC"],
      [10_482_123_456_789_012_345n, WETH, "10.4821 WETH"],
      [123n, WETH, "0.000000000000000123 WETH"],
      [0n, USDC, "0 USDC"],
      [1n, USDC, "0.000001 USDC"],
    ];
    for (const [amount, unit, text] of cases) {
      expect(amountText(amount, unit)).to.equal(text);
      expect(amountText(parseAmount(text.split(/ (?=[A-Z])/u)[0] ?? "", unit.decimals), unit)).to.equal(text);
    }
    expect(changeText(5_000_000n, USDC)).to.equal("+5 USDC");
    expect(changeText(-5_000_000n, USDC)).to.equal("-5 USDC");
  });

  it("say of what has no value that it has none", () => {
    expect(leverageText(48_123n)).to.equal("4.81x");
    expect(leverageText(MAX_UINT256)).to.equal("no equity");
    expect(healthText(MAX_UINT256)).to.equal("no debt");
    expect(percentText(34n * 10n ** 14n)).to.equal("0.34%");
    expect(priceText(2_000n * 10n ** 24n, USDC, WETH)).to.equal("2 000 USDC");
  });

  it("of time are UTC, and two units long", () => {
    expect(timeText(1_584_065_765n)).to.equal("2020-03-13 02:16:05 UTC");
    expect(timeText(2n ** 48n)).to.equal("after the year 9999");
    expect(timeText(253_402_300_799n)).to.equal("9999-12-31 23:59:59 UTC");
    expect(timeText(86_399_999_913_600n)).to.equal("after the year 9999");
    expect(spanText(0n)).to.equal("0 seconds");
    expect(spanText(61n)).to.equal("1 minute 1 second");
    expect(spanText(2n * 86_400n + 59n)).to.equal("2 days");
  });
});

describe("Numbers of people", () => {
  it("are leverage, percentages and spans", () => {
    expect(parseLeverage("3.5x")).to.equal(35_000n);
    expect(parseLeverage("4")).to.equal(40_000n);
    expect(parsePercent("0.5%", "--max-slippage")).to.equal(5n * 10n ** 15n);
    expect(parsePercent("0", "--max-slippage")).to.equal(0n);
    expect(parseDuration("2 days")).to.equal(172_800n);
    expect(parseSeconds("300", "--timeout")).to.equal(300);
    expect(parseGwei("1.5", "--max-fee")).to.equal(1_500_000_000n);
    expect(parseDuration("90m")).to.equal(5_400n);
  });

  it("that mean nothing are refused", () => {
    for (const text of ["", "x", "3.55555", "-2", "1e3"]) expect(() => parseLeverage(text), text).to.throw("leverage");
    for (const text of ["100%", "-1", "1,5"]) expect(() => parsePercent(text, "It"), text).to.throw("percentage");
    for (const text of ["0", "1.5", "1e3", "-1"])
      expect(() => parseSeconds(text, "--timeout"), text).to.throw("--timeout");
    for (const text of ["much", "1e3", "-1"]) expect(() => parseGwei(text, "--max-fee"), text).to.throw("--max-fee");
    for (const text of ["2", "days", "1 fortnight"]) expect(() => parseDuration(text), text).to.throw("span of time");
  });
});
