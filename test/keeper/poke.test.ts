import { expect } from "chai";

import { isPokeDue, POKE_SETTINGS, type GuardView } from "../../src/keeper/poke.ts";
import { MAX_SPAN } from "../../src/protocol/guard-rules.ts";

const SETTINGS = { close: 60n, calm: 3_600n, leastMove: 10n ** 15n };

/** Agreeing sources, ceiling and floor at their price, no counted disagreement, just poked. */
const CALM: GuardView = {
  primary: 10_000n,
  secondary: 10_000n,
  maxDeviation: 15n * 10n ** 15n,
  ceiling: 10_000n,
  floor: 10_000n,
  disagreement: 0n,
  lastPoke: 1_000_000n,
  now: 1_000_000n,
};

/** Whether a poke is due this many seconds after the last one. */
const isDue = (view: Partial<GuardView>, seconds: bigint): boolean =>
  isPokeDue({ ...CALM, ...view, now: CALM.lastPoke + seconds }, SETTINGS);

describe("isPokeDue", () => {
  it("is due hourly in agreement, and only if ceiling or floor would change", () => {
    const year = 365n * 86_400n;
    expect(isDue({}, year)).to.equal(false);
    for (const moved of [
      { primary: 10_100n, secondary: 10_100n },
      { primary: 9_900n, secondary: 9_900n },
      { ceiling: 9_000n },
      { floor: 9_000n },
    ]) {
      expect(isDue(moved, 3_599n), JSON.stringify(moved, String)).to.equal(false);
      expect(isDue(moved, 3_600n), JSON.stringify(moved, String)).to.equal(true);
    }
  });

  it("is not due for changes below leastMove: the ceiling follows the lower price, the floor the primary's", () => {
    expect(isDue({ primary: 10_010n, secondary: 10_010n }, 3_600n)).to.equal(false);
    expect(isDue({ primary: 10_011n, secondary: 10_011n }, 3_600n)).to.equal(true);
    // The ceiling is at the secondary's price, the floor at the primary's.
    expect(isDue({ primary: 10_000n, secondary: 9_900n, ceiling: 9_900n }, 3_600n)).to.equal(false);
    expect(isDue({ primary: 10_000n, secondary: 9_900n, ceiling: 10_000n }, 3_600n)).to.equal(true);
  });

  it("is due often while a lower primary disagrees, and at once if the last poke is long ago", () => {
    expect(isDue({ primary: 9_849n }, 59n)).to.equal(false);
    expect(isDue({ primary: 9_849n }, 60n)).to.equal(true);
    // Within the deviation, the primary agrees.
    expect(isDue({ primary: 9_850n, floor: 9_850n, ceiling: 9_850n }, 60n)).to.equal(false);
  });

  it("stays due often until the counted disagreement is zero", () => {
    expect(isDue({ disagreement: 1n }, 59n)).to.equal(false);
    expect(isDue({ disagreement: 1n }, 60n)).to.equal(true);
    expect(isDue({ primary: 11_000n, disagreement: 1n }, 60n)).to.equal(true);
  });

  it("is due often while one or both sources are unavailable", () => {
    for (const view of [{ primary: 0n }, { secondary: 0n }, { primary: 0n, secondary: 0n }]) {
      expect(isDue(view, 59n)).to.equal(false);
      expect(isDue(view, 60n)).to.equal(true);
    }
  });

  it("is not due for a higher primary, which does not count, unless both prices are below the floor", () => {
    expect(isDue({ primary: 11_000n }, 3_600n)).to.equal(false);
    expect(isDue({ primary: 9_900n, secondary: 9_000n }, 60n)).to.equal(true);
  });

  it("POKE_SETTINGS keep two pokes within the span that counts", () => {
    expect(Number(POKE_SETTINGS.close)).to.be.at.most(MAX_SPAN / 2);
    expect(POKE_SETTINGS.calm > POKE_SETTINGS.close).to.equal(true);
  });
});
