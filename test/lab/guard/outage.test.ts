import { expect } from "chai";

import { compareOutages, outagesOf, outageWithFall } from "../../../src/lab/guard/outage.ts";
import { MARKETS, type MarketLimits } from "../../../src/lab/guard/losses.ts";
import type { PricePath } from "../../../src/lab/scenario/price-path.ts";
import { expectClose } from "../../support/expect-close.ts";

/** One position of 1.2x: a debt of a sixth of the price, due below one half of it. */
const market: MarketLimits = { maxLeverage: 1.2, liquidationLeverage: 1.5, bonus: 0.1 };

describe("Costs of liquidations after an outage", () => {
  it("are none while no position is due", () => {
    const none = { harm: 0, badDebt: 0 };
    expect(compareOutages([outageWithFall(0.4, 0)], market, 0)).to.deep.equal({ atOnce: none, declining: none });
  });

  it("are the bonus on what brings a position to the target at the true price", () => {
    const { atOnce } = compareOutages([outageWithFall(0.6, 0)], market, 0);
    // (1.08 * D - 0.08 * C) / (1.08 - 1.1 * 0.08) of D = 1/6 and C = 0.4, a tenth of it, as a share
    // of D.
    expectClose(atOnce.harm, (0.1 * (1.08 / 6 - 0.08 * 0.4) * 6) / (1.08 - 1.1 * 0.08), 1e-12);
    expect(atOnce.badDebt).to.equal(0);
  });

  it("are less by a declining price if the price stays: nobody liquidates before the bonus pays for the distance", () => {
    const { atOnce, declining } = compareOutages([outageWithFall(0.6, 0)], market, 0);
    expect(declining.harm).to.be.within(0, atOnce.harm / 4);
    expect(declining.badDebt).to.equal(0);
  });

  it("are bad debt by a declining price if the price falls on", () => {
    const { atOnce, declining } = compareOutages([outageWithFall(0.6, -0.3)], market, 0);
    expect(atOnce.badDebt).to.equal(0);
    // At the end C = 0.1 pays for less than 0.1 / 1.1 of D = 1/6.
    expect(declining.badDebt).to.be.within(0.1, 1 - 0.6 / 1.1);
  });

  it("are none of those who act in time, which by the true price is too late", () => {
    const [nobody, all] = [0, 1].map((acting) => compareOutages([outageWithFall(0.6, -0.3)], market, acting));
    expect(all?.declining).to.deep.equal({ harm: 0, badDebt: 0 });
    expect(all?.atOnce).to.deep.equal(nobody?.atOnce);
  });

  it("can't be told of no outage", () => {
    expect(() => compareOutages([], market, 0)).to.throw(RangeError, "no outage");
  });

  // What docs/oracles.md decides by.
  it("are more bad debt by a declining price than it saves in bonuses, if a fall of 20% goes on as often as it ends", () => {
    for (const limits of MARKETS) {
      for (const acting of [0, 0.5]) {
        const { atOnce, declining } = compareOutages(
          [outageWithFall(0.2, -0.2), outageWithFall(0.2, 0.2)],
          limits,
          acting,
        );
        expect(declining.badDebt - atOnce.badDebt).to.be.above(atOnce.harm - declining.harm);
      }
    }
  });
});

describe("Outages of a path", () => {
  const path: PricePath = {
    name: "test",
    title: "Test",
    source: "Made up.",
    startsAt: 1_600_000_000,
    points: [
      { seconds: 0, price: 100 },
      { seconds: 3_600, price: 90 },
      { seconds: 4 * 3_600, price: 90 },
    ],
  };

  it("are its hours with a fall of such a size, every five minutes", () => {
    const [first, ...others] = outagesOf(path, 0.0999, 0.2);
    expect(others).to.be.empty;
    expect(first?.before).to.equal(100);
    expect(first?.after(0)).to.equal(90);
    // Those that begin up to half an hour later.
    expect(outagesOf(path, 0.05, 0.0999)).to.have.length(6);
    expect(outagesOf(path, 0.2, 1)).to.be.empty;
  });
});
