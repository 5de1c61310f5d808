import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { parseParameters } from "../../src/deployment/parameter-file.ts";
import { ETHER_5X, ETHER_GUARD } from "../../src/protocol/presets.ts";

const LOCAL = readFileSync(join(import.meta.dirname, "../../deploy/parameters/local.yaml"), "utf8");

/** The file with one of its texts replaced. */
function changed(text: string, by: string): string {
  const parts = LOCAL.split(text);
  expect(parts, text).to.have.length(2);
  return parts.join(by);
}

/** Line number of a text in local.yaml. */
function lineOf(text: string): number {
  return LOCAL.slice(0, LOCAL.indexOf(text)).split("\n").length;
}

function messageOf(text: string): string {
  try {
    parseParameters(text, "local.yaml");
  } catch (error) {
    return String(error);
  }
  throw new Error("It was not refused.");
}

describe("parseParameters", () => {
  it("reads human-readable units", () => {
    const { parameters } = parseParameters(LOCAL, "local.yaml");
    expect(parameters.market.values).to.deep.equal(ETHER_5X);
    expect(parameters.chainId).to.equal(31_337n);
    expect(parameters.roles.adminDelay).to.equal(172_800n);
    expect(parameters.loanToken.perDay).to.equal(10n ** 15n);
    expect(parameters.collateralToken.perDay).to.equal(10n ** 25n);
    expect(parameters.baseFeed.maxAge).to.equal(4_500n);
    expect(parameters.baseFeed.source).to.deep.equal({ firstAnswer: 2_000n * 10n ** 8n });
    expect(parameters.market.expectedPrice).to.equal(2_000n * 10n ** 24n);
    expect(parameters.uniswapFactory).to.equal("new");
    expect(parameters.pool).to.deep.equal({ fee: 500, collateral: 10n ** 22n });
    expect(parameters.guard).to.deep.equal(ETHER_GUARD);
    expect(parameters.market.lendersStock).to.equal(10n ** 13n);
    expect(parameters.market.idleCollateral).to.equal(10n ** 21n);
  });

  const forms: readonly (readonly [string, string, string, bigint])[] = [
    ["maxLeverage: 5x", "maxLeverage: 4.5001x", "maxLeverage", 45_001n],
    ["interestFee: 10%", "interestFee: 0.5 %", "interestFee", 5n * 10n ** 15n],
    ["raiseDelay: 2 days", "raiseDelay: 1 week", "raiseDelay", 604_800n],
    ["raiseDelay: 2 days", "raiseDelay: 72 hours", "raiseDelay", 259_200n],
    ["minDebt: 5 000 USDC", "minDebt: 1_234.5 USDC", "minDebt", 1_234_500_000n],
  ];
  for (const [text, by, name, expected] of forms) {
    it(`reads ${by}`, () => {
      const { values } = parseParameters(changed(text, by), "local.yaml").parameters.market;
      expect(values[name as keyof typeof values]).to.equal(expected);
    });
  }

  it("compares the expected price with the feeds' price for any decimals", () => {
    const text = changed("decimals: 6", "decimals: 0")
      .replace("decimals: 18", "decimals: 24")
      .replace("ETH / USD\n  decimals: 8", "ETH / USD\n  decimals: 18")
      .replace("USDC / USD\n  decimals: 8", "USDC / USD\n  decimals: 0");
    const { expectedPrice } = parseParameters(text, "local.yaml").parameters.market;
    expect(expectedPrice).to.equal(2_000n * 10n ** 12n);
    expect(messageOf(text.replace("startsAt: 2 000 USD", "startsAt: 900 USD"))).to.contain("within a factor of two");
  });

  it("keeps the parameters as written, for people to confirm", () => {
    const { written } = parseParameters(LOCAL, "local.yaml");
    const text = "  debtCap: 40 000 000 USDC";
    expect(written).to.deep.include({ path: "market.debtCap", text: "40 000 000 USDC", line: lineOf(text) });
  });

  const refused: readonly (readonly [what: string, text: string, by: string, message: string])[] = [
    ["a leverage without its unit", "maxLeverage: 5x", "maxLeverage: 5", 'market.maxLeverage is "5"'],
    ["a leverage of five decimals", "maxLeverage: 5x", "maxLeverage: 4.00001x", "has too many decimals"],
    ["a percentage without its unit", "entryGap: 5%", "entryGap: 0.05", 'market.entryGap is "0.05"'],
    ["a duration without its unit", "adminDelay: 2 days", "adminDelay: 172800", 'roles.adminDelay is "172800"'],
    ["a duration in an unknown unit", "adminDelay: 2 days", "adminDelay: 2 months", "roles.adminDelay is in months"],
    ["an amount of the other token", "minDebt: 5 000 USDC", "minDebt: 5 000 WETH", "is in WETH instead of USDC"],
    ["an amount without its token", "minDebt: 5 000 USDC", "minDebt: 5 000", 'market.minDebt is "5 000"'],
    ["an amount with commas", "minDebt: 5 000 USDC", "minDebt: 5,000 USDC", "market.minDebt"],
    ["a negative amount", "minDebt: 5 000 USDC", "minDebt: -5 000 USDC", "market.minDebt"],
    ["wrongly grouped digits", "minDebt: 5 000 USDC", "minDebt: 50 00 USDC", "market.minDebt can't be read"],
    ["an invalid address", '"0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"', '"0x3C44"', "is not an address"],
    [
      "an address with a wrong letter",
      '"0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"',
      '"0x3C44CdDdB6a900fa2b585dd299e03d12FA4293bc"',
      "is mistyped",
    ],
    [
      "an unknown parameter",
      "interestFee: 10%",
      "interestFee: 10%\n  intrestFee: 10%",
      "intrestFee is not a parameter",
    ],
    ["more decimals than a uint8 holds", "decimals: 6", "decimals: 999999999", "loanToken.decimals is above 255"],
    ["gas without its unit", "150 000 gas", "150000", 'guard.sourceGas is "150000"'],
    ["a fee with a fraction of a unit", "fee: 0.05%", "fee: 0.00005%", "pool.fee has too many decimals"],
    ["a list", "interestFee: 10%", "interestFee: [10%]", "market.interestFee is a list"],
    ["an empty value", "interestFee: 10%", "interestFee:", "market.interestFee is missing"],
  ];
  for (const [what, text, by, message] of refused) {
    it(`throws for ${what}, with its line`, () => {
      const said = messageOf(changed(text, by));
      expect(said).to.contain(message);
      const line = lineOf(text) + (by.split("\n").length - 1);
      expect(said).to.contain(`local.yaml, line ${line}:`);
    });
  }

  it("throws for a missing parameter, with the line of its section", () => {
    const said = messageOf(changed("  entryGap: 5%\n", ""));
    expect(said).to.contain(`local.yaml, line ${lineOf("market:\n")}: market.entryGap is missing`);
  });

  it("throws for a duplicate parameter, with the second line", () => {
    const said = messageOf(changed("  entryGap: 5%\n", "  entryGap: 5%\n  entryGap: 6%\n"));
    expect(said).to.contain(`local.yaml, line ${lineOf("  entryGap") + 1}: the line is not valid YAML`);
  });

  it("throws for invalid YAML, with the line", () => {
    expect(messageOf("roles:\n  admin: {")).to.match(/local\.yaml, line \d: the line is not valid YAML/u);
    expect(messageOf("just words")).to.contain("the file has no parameters");
    expect(messageOf("")).to.contain("the file has no parameters");
  });

  const contradictory: readonly (readonly [what: string, text: string, by: string, message: string])[] = [
    ["limits without the required gap", "entryGap: 5%", "entryGap: 6%", "market.maxLeverage must be"],
    ["a bonus that no position can pay", "bonusMax: 8%", "bonusMax: 19%", "market.bonusMax must be"],
    [
      "a safety margin above the rest after the minimum bonus",
      "safetyMargin: 13%",
      "safetyMargin: 14%",
      "market.bonusMax must be",
    ],
    ["a target above the limit", "targetLeverage: 4.5x", "targetLeverage: 5.1x", "market.targetLeverage must be"],
    [
      "a minimum debt above the allowance of a day",
      "minDebt: 5 000 USDC",
      "minDebt: 12 000 001 USDC",
      "market.minDebt must be",
    ],
    ["a raise delay below two days", "raiseDelay: 2 days", "raiseDelay: 47 hours", "market.raiseDelay must be"],
    [
      "an expected price far from the feeds'",
      "expectedPrice: 2 000",
      "expectedPrice: 20 000",
      "market.expectedPrice is not",
    ],
    ["a token of 25 decimals", "decimals: 6", "decimals: 25", "loanToken.decimals is above 24"],
    ["a feed of 19 decimals", "ETH / USD\n  decimals: 8", "ETH / USD\n  decimals: 19", "baseFeed.decimals is above 18"],
    ["two tokens with the same symbol", "symbol: WETH", "symbol: USDC", "collateralToken"],
    ["a pool with an unknown fee", "fee: 0.05%", "fee: 0.2%", "pool.fee is not a fee tier"],
    ["a pool with almost no collateral", "collateral: 10 000 WETH", "collateral: 0.000000000000001 WETH", "too small"],
    ["a deviation equal to the entry gap", "maxDeviation: 1.5%", "maxDeviation: 5%", "is not below market.entryGap"],
    ["a deviation above the maximum", "maxDeviation: 1.5%", "maxDeviation: 21%", "must be above 0% and at most 20%"],
    ["a deviation equal to the pool's fee", "maxDeviation: 1.5%", "maxDeviation: 0.05%", "is not above pool.fee"],
    [
      "a rise per hour below the minimum",
      "maxRisePerHour: 10%",
      "maxRisePerHour: 0.9%",
      "guard.maxRisePerHour must be",
    ],
    ["a fall per hour below the minimum", "maxFallPerHour: 100%", "maxFallPerHour: 9%", "guard.maxFallPerHour must be"],
    ["a short grace period", "gracePeriod: 1 hour", "gracePeriod: 29 minutes", "guard.gracePeriod must be"],
    [
      "a gas allowance below the highest cost of a source",
      "150 000 gas",
      "90 000 gas",
      "guard.sourceGas must be from 94500 gas",
    ],
    ["a gas allowance above the maximum", "150 000 gas", "5 000 001 gas", "guard.sourceGas must be"],
    [
      "a short replacement delay",
      "replacementDelay: 2 days",
      "replacementDelay: 1 day",
      "guard.replacementDelay must be",
    ],
    ["a window below the minimum", "window: 90 seconds", "window: 29 seconds", "must be from 30 seconds to 30 minutes"],
    [
      "a window below the feed's lag",
      "window: 90 seconds",
      "window: 59 seconds",
      "must be from baseFeed.lag to twice baseFeed.lag",
    ],
    ["a window above twice the lag", "window: 90 seconds", "window: 121 seconds", "must be from baseFeed.lag to twice"],
    ["a block time of zero", "blockTime: 1 second", "blockTime: 0 seconds", "guard.blockTime must be above zero"],
    [
      "a maximum age that accepts stale answers",
      "maxAge: 75 minutes",
      "maxAge: 3 hours",
      "more than twice the feed's heartbeat",
    ],
    [
      "a maximum age that rejects fresh answers",
      "maxAge: 75 minutes",
      "maxAge: 1 hour",
      "is not above the feed's heartbeat",
    ],
    ["a lag equal to the heartbeat", "1 hour\n  lag: 1 minute", "1 hour\n  lag: 1 hour", "baseFeed.lag is not below"],
    [
      "an initial deposit above the supply cap",
      "lendersStock: 10 000 000",
      "lendersStock: 100 000 001",
      "is above market.supplyCap",
    ],
    [
      "initial collateral above half of its cap",
      "idleCollateral: 1 000 WETH",
      "idleCollateral: 500 001 WETH",
      "more than half of",
    ],
    ["an admin without a delay", "adminDelay: 2 days", "adminDelay: 0 days", "roles.adminDelay is zero"],
  ];
  for (const [what, text, by, message] of contradictory) {
    it(`throws for ${what}`, () => {
      const said = messageOf(changed(text, by));
      expect(said).to.contain(message);
      expect(said).to.match(/local\.yaml, line \d+:/u);
    });
  }
});
