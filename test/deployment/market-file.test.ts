import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { parseMarketFile } from "../../src/deployment/market-file.ts";

describe("parseMarketFile", () => {
  const example = readFileSync(join(import.meta.dirname, "../../deploy/markets/example.yaml"), "utf8").replaceAll(
    /put .* here/gu,
    '"0x00000000000000000000000000000000000000f1"',
  );

  it("reads the sections of a market, with the addresses of existing tokens and feeds", () => {
    const { parameters, written } = parseMarketFile(example, "example.yaml");
    expect(parameters.collateralToken).to.deep.equal({
      address: "0x00000000000000000000000000000000000000f1",
      symbol: "WBTC",
      decimals: 8,
    });
    expect(parameters.pool).to.deep.equal({ fee: 500, collateral: 200n * 10n ** 8n });
    expect(parameters.market.values.collateralCap).to.equal(10_000n * 10n ** 8n);
    expect(written.find(({ path }) => path === "market.debtCap")?.text).to.equal("10 000 000 USDC");
  });

  it("throws for a feed without an address, and names the example file in the advice", () => {
    const message = (text: string): string => {
      try {
        parseMarketFile(text, "example.yaml");
        return "";
      } catch (error) {
        return String(error);
      }
    };
    const starts = example.replace(/address: "0x0{37}\w{3}"\nquoteFeed/u, "startsAt: 60 000 USD\nquoteFeed");
    expect(message(starts)).to.contain("baseFeed.startsAt is only for new feeds of a deployment");
    expect(message(example.replace("  minDebt: 5 000 USDC\n", ""))).to.contain(
      "market.minDebt is missing. deploy/markets/example.yaml is an example",
    );
  });
});
