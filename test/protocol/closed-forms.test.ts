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

/** What the vectors have for a health factor without debt. */
const INFINITE = 2n ** 256n - 1n;

/** The rows of a table, which the vectors hold by columns. */
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

/** The vectors are rounded to the nearest, the functions down: a difference of one at the most. */
function expectRoundedDown(value: bigint, vector: bigint): void {
  expect(vector - value, `${value} against ${vector}`).to.be.within(0n, 1n);
}

describe("Closed forms of leverage", () => {
  it("meet the vectors for the most leverage", () => {
    for (const { ltv, leverage } of rowsOf(vectors.maxLeverage, "ltv", "leverage")) {
      expectRoundedDown(maxLoopLeverage(ltv), leverage);
    }
  });

  it("meet the vectors for loops: leverage, debt and health", () => {
    const columns = ["liquidationLtv", "loops", "leverage", "debt", "healthFactor"] as const;
    for (const row of rowsOf(vectors.loops, "ltv", ...columns)) {
      const leverage = loopLeverage(row.ltv, Number(row.loops));
      expectRoundedDown(leverage, row.leverage);
      expectRoundedDown(leverage - WAD, row.debt);
      if (row.healthFactor === INFINITE) expect(leverage).to.equal(WAD);
      // Health divides by a leverage that is rounded itself.
      else expect((row.liquidationLtv * leverage) / (leverage - WAD)).to.be.closeTo(row.healthFactor, 4n);
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
      expect(before).to.be.lessThan(maxLoopLeverage(ltv));
    }
  });

  it("meet the vectors for the liquidation price", () => {
    const vector = vectors.liquidationPrice;
    // A threshold of 0.8 is a liquidation leverage of 5x.
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

  it("meet the vectors for the repayment to a target", () => {
    const { value, debt, liquidationLtv, bonus, repayment } = vectors.repaymentToHealth;
    // A health of one at a threshold is the target of that leverage.
    const target = 10n ** 22n / (WAD - BigInt(liquidationLtv));
    expect(repaymentToTarget(BigInt(debt), BigInt(value), target, BigInt(bonus))).to.equal(BigInt(repayment));
  });

  it("meet the vectors for what a price move does to the equity", () => {
    for (const { leverage, drop, ratio } of rowsOf(vectors.equityElasticity, "leverage", "drop", "ratio")) {
      expect(equityAfterMove(leverage, -drop)).to.equal(ratio);
    }
  });

  it("meet the vectors for the toxic frontier", () => {
    for (const { bonus, ltv } of rowsOf(vectors.toxicFrontier, "bonus", "ltv")) {
      expectRoundedDown(toxicLtv(bonus), ltv);
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
    expect(() => maxLoopLeverage(WAD)).to.throw(OutOfRangeError);
    expect(() => ltvOfLeverage(9_999n)).to.throw(OutOfRangeError);
  });
});
