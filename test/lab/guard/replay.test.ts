import { expect } from "chai";

import { meanPrice, replayGuard, STEP, toOraclePrice, type Moment } from "../../../src/lab/guard/replay.ts";
import type { PricePath, PricePoint } from "../../../src/lab/scenario/price-path.ts";
import { expectClose } from "../../support/expect-close.ts";

const pathOf = (...points: readonly PricePoint[]): PricePath => ({
  name: "test",
  title: "Test",
  source: "Made up.",
  startsAt: 0,
  points,
});

/** Of the pool, seconds. */
const WINDOW = 180;

const replay = (path: PricePath): Promise<readonly Moment[]> =>
  replayGuard(path, { maxDeviation: 0.015, window: WINDOW });

function momentAt(moments: readonly Moment[], seconds: number): Moment {
  const found = moments.find((moment) => moment.seconds === seconds);
  if (found === undefined) throw new Error(`There is no moment ${seconds}.`);
  return found;
}

describe("The replay of a price path through a guard", () => {
  it("writes prices as oracles do, to a millionth", () => {
    expect(toOraclePrice(2_000.5)).to.equal(2_000_500_000n * 10n ** 18n);
    expect(toOraclePrice(0.0000014)).to.equal(10n ** 18n);
  });

  it("has the geometric mean of the three minutes before", () => {
    const path = pathOf({ seconds: 0, price: 100 }, { seconds: 360, price: 400 });
    // On a straight line of logarithms that is the price in the middle.
    expectClose(meanPrice(path, 180, WINDOW), 100 * Math.SQRT2, 1e-9);
    expectClose(meanPrice(path, 360, WINDOW), 100 * 4 ** 0.75, 1e-9);
    expectClose(meanPrice(path, 0, WINDOW), 100, 1e-9);
  });

  it("lets the feed lag, the mean follow, and the guard refuse openings while they disagree", async () => {
    const fall = [2_000, 2_000, 1_900, 1_900];
    const moments = await replay(
      pathOf(...[0, 600, 660, 1_200].map((seconds, i) => ({ seconds, price: fall[i] ?? 0 }))),
    );
    expect(moments.map(({ seconds }) => seconds)).to.deep.equal(Array.from({ length: 21 }, (_, i) => i * STEP));
    expect(momentAt(moments, 600)).to.deep.include({ truth: 2_000, primary: 2_000, open: 2_000, liquidation: 2_000 });

    // The feed hasn't seen it yet; of the mean a third has moved, by half of it: still in
    // agreement.
    const falling = momentAt(moments, 660);
    expect(falling).to.deep.include({ truth: 1_900, primary: 2_000, liquidation: 2_000 });
    expectClose(falling.secondary, 2_000 * 0.95 ** (1 / 6), 1e-9);
    expectClose(falling.open, falling.secondary, 1e-6);

    // The feed has, and the mean lags: no opening, and liquidations at the higher.
    const apart = momentAt(moments, 720);
    expect(apart).to.deep.include({ primary: 1_900, open: 0 });
    expectClose(apart.liquidation, apart.secondary, 1e-6);
    expect(apart.liquidation).to.be.greaterThan(1_900 / 0.985);

    expect(momentAt(moments, 900)).to.deep.include({ primary: 1_900, open: 1_900, liquidation: 1_900 });
  });

  it("has the feed answer after an hour, or at half a percent, and not before", async () => {
    const moments = await replay(pathOf({ seconds: 0, price: 1_000 }, { seconds: 4_500, price: 1_009 }));
    expect(new Set(moments.map(({ primary }) => primary)).size).to.equal(2);
    // 1.009 ** (t / 4,500) passes 1.005 at 2,505 s; the next minute is seen a minute late.
    expect(moments.find(({ primary }) => primary !== 1_000)?.seconds).to.equal(2_580);

    const still = await replay(pathOf({ seconds: 0, price: 1_000 }, { seconds: 3_660, price: 1_004 }));
    expect(momentAt(still, 3_540).primary).to.equal(1_000);
    // 1,000 * 1.004 ** (3,540 / 3,660), in the millionths of an oracle.
    expect(momentAt(still, 3_600).primary).to.equal(1_003.868599);
  });

  it("needs a path of points", async () => {
    await replay(pathOf()).then(
      () => expect.fail("a path without points was replayed"),
      (error: unknown) => expect(error).to.be.instanceOf(RangeError),
    );
  });
});
