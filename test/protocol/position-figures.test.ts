import { expect } from "chai";

import { positionFigures, type Yardstick } from "../../src/protocol/position-figures.ts";
import { PRICE_SCALE, WAD } from "../../src/protocol/units.ts";

/**
 * A unit of collateral is worth two of the loan token; 20x is liquidated; a tenth of interest a
 * year.
 */
const BY: Yardstick = {
  openPrice: 2n * PRICE_SCALE,
  liquidationPrice: 2n * PRICE_SCALE,
  liquidationLeverage: 200_000n,
  borrowRatePerYear: WAD / 10n,
};

describe("the figures of a position", () => {
  it("meet those worked out by hand", () => {
    const { liquidationPriceLimit, healthFactor, fallToLiquidation, fallToInsolvency, ...rest } = positionFigures(
      { debt: 16_000n, collateral: 10_000n },
      BY,
    );
    expect(rest).to.deep.equal({
      debt: 16_000n,
      collateral: 10_000n,
      collateralValue: 20_000n,
      equity: 4_000n,
      leverage: 50_000n,
      ltv: (8n * WAD) / 10n,
      // Four times a tenth.
      costOfCarry: (4n * WAD) / 10n,
      interestPerYear: 1_600n,
      liquidatable: false,
    });
    // At 20x the debt is 95% of the value.
    expect(healthFactor).to.equal((20_000n * 19n * WAD) / (16_000n * 20n));
    expect(liquidationPriceLimit).to.equal((16_000n * 20n * PRICE_SCALE) / (10_000n * 19n) + 1n);
    expect(fallToLiquidation).to.be.within((WAD * 157n) / 1_000n, (WAD * 158n) / 1_000n);
    expect(fallToInsolvency).to.equal(WAD / 5n);
  });

  it("have no health without debt, and no leverage without equity", () => {
    const idle = positionFigures({ debt: 0n, collateral: 5n }, BY);
    expect([idle.leverage, idle.ltv, idle.costOfCarry, idle.healthFactor]).to.deep.equal([10_000n, 0n, 0n, undefined]);
    expect([idle.fallToLiquidation, idle.fallToInsolvency, idle.liquidationPriceLimit]).to.deep.equal([WAD, WAD, 0n]);
    const lost = positionFigures({ debt: 11n, collateral: 5n }, BY);
    expect([lost.equity, lost.leverage, lost.costOfCarry]).to.deep.equal([-1n, undefined, undefined]);
    expect([lost.fallToLiquidation, lost.fallToInsolvency, lost.liquidatable]).to.deep.equal([0n, 0n, true]);
    const bare = positionFigures({ debt: 11n, collateral: 0n }, BY);
    expect([bare.ltv, bare.liquidationPriceLimit, bare.fallToLiquidation]).to.deep.equal([undefined, undefined, 0n]);
  });

  it("leave out what needs a price where there is none", () => {
    const held = { debt: 16n, collateral: 10n };
    const blind = positionFigures(held, { ...BY, openPrice: undefined, liquidationPrice: undefined });
    expect([blind.collateralValue, blind.equity, blind.healthFactor]).to.deep.equal([undefined, undefined, undefined]);
    expect([blind.fallToInsolvency, blind.liquidatable]).to.deep.equal([undefined, false]);
    // Whoever can't open can still be liquidated.
    const closed = positionFigures(held, { ...BY, openPrice: undefined, liquidationPrice: PRICE_SCALE });
    expect([closed.leverage, closed.liquidatable]).to.deep.equal([undefined, true]);
  });
});
