import { expect } from "chai";

import { feedAnswer, oraclePrice, sqrtPriceX96Of } from "../../../src/lab/market/deployment.ts";
import { LOWEST_PRICE } from "../../../src/lab/scenario/price-path.ts";

const DECIMALS = { loan: 6, collateral: 18, base: 8, quote: 8 };

describe("prices of a deployment", () => {
  it("are rounded to the decimals of the feed", () => {
    expect(feedAnswer(194.6, DECIMALS)).to.equal(19_460_000_000n);
    expect(feedAnswer(LOWEST_PRICE, DECIMALS)).to.equal(1_000_000n);
    expect(feedAnswer(0.000000005, DECIMALS)).to.equal(1n);
    expect(feedAnswer(1.25, { base: 1 })).to.equal(13n);
  });

  it("are units per unit, times 1e36, for the oracle, whatever the decimals are", () => {
    expect(oraclePrice(2_000, DECIMALS)).to.equal(2_000n * 10n ** 24n);
    expect(oraclePrice(2_000, { loan: 18, collateral: 8, base: 8 })).to.equal(2_000n * 10n ** 46n);
  });

  it("are inverse to each other for the two orders of a pool's tokens", () => {
    const product = sqrtPriceX96Of(2_000, DECIMALS, true) * sqrtPriceX96Of(2_000, DECIMALS, false);
    // Both roots are rounded down, by less than one part in 10^24.
    expect((product * 10n ** 20n) >> 192n).to.be.within(10n ** 20n - 1n, 10n ** 20n);
  });
});
