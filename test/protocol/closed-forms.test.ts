import { expect } from "chai";

import {
  distanceToLiquidation,
  dropToLiquidation,
  equityAfterMove,
  healthFactor,
  leverageOf,
  maxLoopLeverage,
  liquidationPriceOf,
  loopLeverage,
  ltvOfLeverage,
  toxicLtv,
} from "../../src/protocol/closed-forms.ts";
import { OutOfRangeError } from "../../src/protocol/errors.ts";
import { repaymentToTarget } from "../../src/protocol/liquidation-math.ts";
import { WAD } from "../../src/protocol/units.ts";
import vectors from "../vectors/leverage.json" with { type: "json" };

/** The health factor without debt in the vectors. */
const INFINITE = 2n ** 256n - 1n;

/** The rows of a table, which the vectors store by columns. */
function rowsOf<Column extends string>(
  table: Readonly<Record<Column, readonly (string | number)[]>>,
  first: Column,
  ...others: readonly Column[]
): Record<Column, bigint>[] {
  expect(table[first]).not.to.be.empty;
  return table[first].map((_, row) => {
    const cells = [first, ...others].map((column) => {
      const cell = table[column][row];
      if (cell === undefined) throw new Error(`The column ${column} has no row ${row}.`);
      return [column, BigInt(cell)] as const;
    });
    return Object.fromEntries(cells) as Record<Column, bigint>;
  });
}

/** Vectors are rounded to the nearest, functions down, so they differ by at most one. */
function expectRoundedDown(value: bigint, vector: bigint): void {
  expect(vector - value, `${value} against ${vector}`).to.be.within(0n, 1n);
}

describe("Closed forms of leverage", () => {
  it("maxLoopLeverage: matches the vectors", () => {
    for (const { ltv, leverage } of rowsOf(vectors.maxLeverage, "ltv", "leverage")) {
      expectRoundedDown(maxLoopLeverage(ltv), leverage);
    }
  });

  it("loopLeverage: matches the vectors for leverage, debt and health factor", () => {
    const columns = ["liquidationLtv", "loops", "leverage", "debt", "healthFactor"] as const;
    for (const row of rowsOf(vectors.loops, "ltv", ...columns)) {
      const leverage = loopLeverage(row.ltv, Number(row.loops));
      expectRoundedDown(leverage, row.leverage);
      expectRoundedDown(leverage - WAD, row.debt);
      if (row.healthFactor === INFINITE) expect(leverage).to.equal(WAD);
      // The health factor divides by a leverage that is rounded too.
      else expect((row.liquidationLtv * leverage) / (leverage - WAD)).to.be.closeTo(row.healthFactor, 4n);
    }
  });

  it("loopLeverage: increases with each loop and never exceeds maxLoopLeverage", () => {
    for (const ltv of [WAD / 2n, (8n * WAD) / 10n, (965n * WAD) / 1000n]) {
      let before = 0n;
      for (let loops = 0; loops < 60; loops++) {
        const leverage = loopLeverage(ltv, loops);
        expect(leverage).to.be.greaterThan(before);
        before = leverage;
      }
      expect(before).to.be.lessThan(maxLoopLeverage(ltv));
    }
  });

  it("liquidationPriceOf: matches the vectors", () => {
    const vector = vectors.liquidationPrice;
    // A liquidation LTV of 0.8 is a liquidation leverage of 5x.
    const leverage = 10n ** 22n / (WAD - BigInt(vector.liquidationLtv));
    const [collateral, owed] = [BigInt(vector.collateral), BigInt(vector.debt)];
    const [price, drop] = [BigInt(vector.price), BigInt(vector.drop)];
    const liquidation = liquidationPriceOf(owed, collateral, leverage);
    if (liquidation === undefined) throw new Error("A position with collateral has a liquidation price.");
    expect(liquidation).to.equal(BigInt(vector.liquidationPrice) * WAD);
    expectRoundedDown(healthFactor(owed, (collateral * price) / WAD, leverage) ?? 0n, BigInt(vector.healthFactor));
    expectRoundedDown(distanceToLiquidation(price * WAD, liquidation), drop);
    const opened = leverageOf(owed, (collateral * price) / WAD) ?? 0n;
    // The leverage of the position is rounded to four decimals: 200,000 / 90,000.
    expect(dropToLiquidation(opened, leverage)).to.be.closeTo(drop, WAD / 10_000n);
  });

  it("repaymentToTarget: matches the vectors", () => {
    const { value, debt, liquidationLtv, bonus, repayment } = vectors.repaymentToHealth;
    // A health factor of one at a liquidation LTV corresponds to a target leverage.
    const target = 10n ** 22n / (WAD - BigInt(liquidationLtv));
    expect(repaymentToTarget(BigInt(debt), BigInt(value), target, BigInt(bonus))).to.equal(BigInt(repayment));
  });

  it("equityAfterMove: matches the vectors", () => {
    for (const { leverage, drop, ratio } of rowsOf(vectors.equityElasticity, "leverage", "drop", "ratio")) {
      expect(equityAfterMove(leverage, -drop)).to.equal(ratio);
    }
  });

  it("toxicLtv: matches the vectors", () => {
    for (const { bonus, ltv } of rowsOf(vectors.toxicFrontier, "bonus", "ltv")) {
      expectRoundedDown(toxicLtv(bonus), ltv);
    }
  });

  it("return the documented values at the ends of their ranges, and throw outside of them", () => {
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
    expect(() => maxLoopLeverage(WAD)).to.throw(OutOfRangeError);
    expect(() => ltvOfLeverage(9_999n)).to.throw(OutOfRangeError);
  });
});
