import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { about, amount, duration, marketValue, moment, percent } from "../../deploy/check/words.ts";
import type { BookedMarket } from "../../src/client/address-book.ts";
import { parseParameters } from "../../src/deployment/parameter-file.ts";
import { ZERO_ADDRESS } from "../../src/protocol/address.ts";
import { CONFIG_NAMES, LIMIT_NAMES } from "../../src/protocol/parameters.ts";

const USDC = { address: ZERO_ADDRESS, symbol: "USDC", decimals: 6, faucet: true } as const;
const WETH = { address: ZERO_ADDRESS, symbol: "WETH", decimals: 18, faucet: true } as const;
const PARAMETERS = join(import.meta.dirname, "../../deploy/parameters");

describe("formats of deploy:check", () => {
  it("duration, about and moment: format times", () => {
    expect([0n, 1n, 60n, 4_500n, 7_200n, 86_400n, 90_001n].map(duration)).to.deep.equal([
      "0 seconds",
      "1 second",
      "1 minute",
      "75 minutes",
      "2 hours",
      "1 day",
      "90001 seconds",
    ]);
    expect([1n, 119n, 120n, 7_199n, 7_200n, 200_000n].map(about)).to.deep.equal([
      "1 second",
      "119 seconds",
      "2 minutes",
      "119 minutes",
      "2 hours",
      "2 days",
    ]);
    expect(moment(1_700_000_000n)).to.equal("2023-11-14 22:13 UTC");
  });

  it("amount and percent: group thousands and format fractions", () => {
    expect(amount(1_234_567_500_000n, USDC)).to.equal("1 234 567.5 USDC");
    expect(amount(999n, USDC)).to.equal("0.000999 USDC");
    expect(percent(15n * 10n ** 15n)).to.equal("1.5%");
    expect(percent(6_018_054_162_487_462n, 2)).to.equal("0.6%");
  });

  it("marketValue: formats parameters as in their file", () => {
    const { parameters, written } = parseParameters(readFileSync(join(PARAMETERS, "local.yaml"), "utf8"), "local.yaml");
    const market = { loanToken: USDC, collateralToken: WETH } as unknown as BookedMarket;
    for (const name of [...LIMIT_NAMES, ...CONFIG_NAMES]) {
      const text = written.find(({ path }) => path === `market.${name}`)?.text;
      expect(marketValue(name, parameters.market.values[name], market)).to.equal(text);
    }
  });
});
