import { expect } from "chai";

import { ThinPool } from "../../../src/lab/liquidation/pool.ts";
import { expectClose } from "../../support/expect-close.ts";

describe("a thin pool", () => {
  it("has as much depth as it is made with: a sale that brings it takes the price down by 2%", () => {
    const pool = new ThinPool(1_000, 10, 0);
    // At constant product the mean price of a sale lies half way, by the root.
    const value = 1_000 / Math.sqrt(0.98);
    expectClose(pool.proceeds(value), 1_000, 1e-9);
    expect(pool.price).to.equal(1);
    pool.sell(value);
    expectClose(pool.price, 0.98, 1e-12);
  });

  it("keeps its fee from a sale", () => {
    expectClose(new ThinPool(1_000, 10, 0.1).proceeds(100), new ThinPool(1_000, 10, 0).proceeds(90), 1e-9);
  });

  it("is bought back by so much a second, and not beyond the market's price", () => {
    const pool = new ThinPool(1_000, 10, 0);
    pool.sell(1_000 / Math.sqrt(0.98));
    pool.recover(50);
    // Half of what the sale brought has come back.
    expectClose(pool.price, ((1 + Math.sqrt(0.98)) / 2) ** 2, 1e-12);
    pool.recover(60);
    expect(pool.price).to.equal(1);
  });
});
