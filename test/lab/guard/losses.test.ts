import { expect } from "chai";

import { countLosses, type MarketLimits } from "../../../src/lab/guard/losses.ts";
import type { Moment } from "../../../src/lab/guard/replay.ts";
import { expectClose } from "../../support/expect-close.ts";

/**
 * One position of 1.2x an hour: a debt of a sixth of the price, which is a third of the price from
 * one half of it on.
 */
const market: MarketLimits = { maxLeverage: 1.2, liquidationLeverage: 1.5, bonus: 0.1 };

/** What is true, and what the price that liquidates says. */
const moment = (seconds: number, truth: number, price = truth): Moment => ({
  seconds,
  truth,
  primary: price,
  secondary: truth,
  open: 0,
  liquidation: price,
});

const count = (moments: readonly Moment[], limits = market) =>
  countLosses(moments, limits, ({ liquidation }) => liquidation);

describe("Losses in a replay", () => {
  it("are none while no position is due", () => {
    const none = { liquidated: 0, badDebt: 0, meanDelay: 0, maxDelay: 0, wrongly: 0 };
    expect(count([moment(0, 100), moment(60, 50), moment(120, 200)])).to.deep.equal(none);
  });

  it("are a delay where the price has fallen past the limit, and no bad debt while the collateral pays", () => {
    const losses = count([moment(0, 100), moment(60, 40), moment(120, 100)]);
    expect(losses.liquidated).to.equal(1);
    expectClose(losses.meanDelay, 0.2, 1e-9);
    expectClose(losses.maxDelay, 0.2, 1e-9);
    expect(losses.badDebt).to.equal(0);
    expect(losses.wrongly).to.equal(0);
  });

  it("are counted at the truth of the moment at which the price says so", () => {
    const losses = count([moment(0, 100), moment(60, 40, 100), moment(120, 10, 49)]);
    expect(losses.liquidated).to.equal(1);
    expectClose(losses.maxDelay, 0.8, 1e-9);
    // 10 of collateral pay for 10/1.1 of a debt of 100/6.
    expectClose(losses.badDebt, 1 - 6 / 11, 1e-9);
    expect(losses.wrongly).to.equal(0);
  });

  it("are wrong where the truth has never fallen that far, whatever it does later", () => {
    const losses = count([moment(0, 100), moment(60, 100, 49), moment(120, 10)]);
    expect(losses).to.deep.equal({ liquidated: 1, badDebt: 0, meanDelay: 0, maxDelay: 0, wrongly: 1 });
    expect(count([moment(0, 100), moment(60, 49, 100), moment(120, 100, 49)]).wrongly).to.equal(0);
  });

  it("are of a position of each leverage at each full hour", () => {
    const moments = [moment(0, 100), moment(1_800, 100), moment(3_600, 100), moment(3_660, 40)];
    const losses = count(moments, { ...market, maxLeverage: 1.4 });
    expect(losses.liquidated).to.equal(6);
    // 1 - (40/3) / debt, for debts of 100/6, 300/13 and 200/7.
    const delays = [1 - 0.8, 1 - 52 / 90, 1 - 7 / 15];
    expectClose(losses.meanDelay, delays.reduce((sum, delay) => sum + delay, 0) / 3, 1e-9);
    expectClose(losses.maxDelay, 1 - 7 / 15, 1e-9);
  });

  it("can't be told of a path without a full hour", () => {
    expect(() => count([])).to.throw(RangeError, "Nothing was opened");
    expect(() => count([moment(60, 100)])).to.throw(RangeError, "Nothing was opened");
  });
});
