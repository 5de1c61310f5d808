import { expect } from "chai";
import { parseUnits } from "ethers";

import {
  distanceToLiquidation,
  dropToLiquidation,
  equityAfterMove,
  healthFactor,
  leverageOf,
  limitLeverage,
  liquidationPriceOf,
  loopLeverage,
  ltvOfLeverage,
  toxicLtv,
} from "../../scripts/math/closed-forms.ts";
import { OutOfRangeError } from "../../scripts/math/errors.ts";
import { repaymentToTarget } from "../../scripts/math/liquidation-math.ts";
import { WAD } from "../../scripts/math/units.ts";
import vectors from "./leverage-vectors.json" with { type: "json" };

/** A decimal text as WAD. Python writes zero as "0E-18". */
const wad = (text: string): bigint => (text === "0E-18" ? 0n : parseUnits(text, 18));

/** The vectors are rounded to the nearest, the functions down: a difference of one at the most. */
function expectRoundedDown(value: bigint, vector: string): void {
  expect(wad(vector) - value, `${value} against ${vector}`).to.be.within(0n, 1n);
}

describe("Closed forms of leverage", () => {
  it("meet the vectors for the most leverage", () => {
    expect(vectors.max_leverage.v).not.to.be.empty;
    for (const [ltv, leverage] of vectors.max_leverage.v) {
      if (ltv === undefined || leverage === undefined) throw new Error("A vector is incomplete.");
      expectRoundedDown(limitLeverage(wad(ltv)), leverage);
    }
  });

  it("meet the vectors for loops: leverage, debt and health", () => {
    expect(vectors.n_loop.v).not.to.be.empty;
    for (const { l, LT, n, L, debt, HF } of vectors.n_loop.v) {
      const leverage = loopLeverage(wad(l), n);
      expectRoundedDown(leverage, L);
      expectRoundedDown(leverage - WAD, debt);
      if (HF === null) expect(leverage).to.equal(WAD);
      // Health divides by a leverage that is rounded itself.
      else expect((wad(LT) * leverage) / (leverage - WAD)).to.be.closeTo(wad(HF), 4n);
    }
  });

  it("loops never exceed the limit, and each comes closer to it", () => {
    for (const ltv of [WAD / 2n, (8n * WAD) / 10n, (965n * WAD) / 1000n]) {
      let before = 0n;
      for (let loops = 0; loops < 60; loops++) {
        const leverage = loopLeverage(ltv, loops);
        expect(leverage).to.be.greaterThan(before);
        before = leverage;
      }
      expect(before).to.be.lessThan(limitLeverage(ltv));
    }
  });

  it("meet the vectors for the liquidation price", () => {
    expect(vectors.liq_price.v).not.to.be.empty;
    for (const { coll, price, debt, LT, HF, P_liq, drop } of vectors.liq_price.v) {
      // A threshold of 0.8 is a liquidation leverage of 5x.
      const leverage = 10n ** 22n / (WAD - wad(LT));
      const [collateral, owed] = [wad(coll), wad(debt)];
      const scaled = wad(price) * WAD;
      const liquidation = liquidationPriceOf(owed, collateral, leverage);
      if (liquidation === undefined) throw new Error("A position with collateral has a liquidation price.");
      expect(liquidation).to.equal(wad(P_liq) * WAD);
      expectRoundedDown(healthFactor(owed, (collateral * scaled) / WAD ** 2n, leverage) ?? 0n, HF);
      expectRoundedDown(distanceToLiquidation(scaled, liquidation), drop);
      const opened = leverageOf(owed, (collateral * wad(price)) / WAD) ?? 0n;
      // The leverage of the position is rounded to four decimals: 200,000 / 90,000.
      expect(dropToLiquidation(opened, leverage)).to.be.closeTo(wad(drop), WAD / 10_000n);
    }
  });

  it("meet the vectors for the repayment to a target", () => {
    expect(vectors.close_factor_vs_target.v).not.to.be.empty;
    for (const { C, debt, LT, b, r } of vectors.close_factor_vs_target.v) {
      // A health of one at a threshold is the target of that leverage.
      const target = 10n ** 22n / (WAD - wad(LT));
      expect(repaymentToTarget(wad(debt), wad(C), target, wad(b))).to.equal(wad(r));
    }
  });

  it("meet the vectors for what a price move does to the equity", () => {
    expect(vectors.equity_elasticity.v).not.to.be.empty;
    for (const { L, r, ratio } of vectors.equity_elasticity.v) {
      expect(equityAfterMove(wad(L), wad(r))).to.equal(wad(ratio));
    }
  });

  it("meet the vectors for the toxic frontier", () => {
    expect(vectors.toxic_frontier.v).not.to.be.empty;
    for (const [bonus, ltv] of vectors.toxic_frontier.v) {
      if (bonus === undefined || ltv === undefined) throw new Error("A vector is incomplete.");
      expectRoundedDown(toxicLtv(wad(bonus)), ltv);
    }
  });

  it("know the ends of their ranges", () => {
    expect(leverageOf(0n, 0n)).to.equal(10_000n);
    expect(leverageOf(5n, 5n)).to.be.undefined;
    expect(leverageOf(4n, 5n)).to.equal(50_000n);
    expect(ltvOfLeverage(10_000n)).to.equal(0n);
    expect(ltvOfLeverage(50_000n)).to.equal((8n * WAD) / 10n);
    expect(healthFactor(0n, 1n, 50_000n)).to.be.undefined;
    expect(liquidationPriceOf(0n, 0n, 50_000n)).to.equal(0n);
    expect(liquidationPriceOf(1n, 0n, 50_000n)).to.be.undefined;
    expect(dropToLiquidation(50_000n, 50_000n)).to.equal(0n);
    expect(dropToLiquidation(60_000n, 50_000n)).to.equal(0n);
    expect(dropToLiquidation(10_000n, 50_000n)).to.equal(WAD);
    expect(distanceToLiquidation(1n, 2n)).to.equal(0n);
    expect(() => limitLeverage(WAD)).to.throw(OutOfRangeError);
    expect(() => ltvOfLeverage(9_999n)).to.throw(OutOfRangeError);
  });
});
