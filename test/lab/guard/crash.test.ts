import { expect } from "chai";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { countLosses, MARKETS } from "../../../src/lab/guard/losses.ts";
import { replayGuard } from "../../../src/lab/guard/replay.ts";
import { builtinScenario, scenarioNames } from "../../../src/lab/scenario/builtin.ts";
import { readPriceFile } from "../../../src/lab/scenario/price-file.ts";
import { lowestOf, type PricePath } from "../../../src/lab/scenario/price-path.ts";
import { effort } from "../../support/effort.ts";
import { RECORDED_PRICES } from "../../support/recorded-prices.ts";

const MAX_DEVIATION = 0.015;
/** Its mean lags by half of it: less than the feed does. */
const WINDOW = 90;

const HOUR = 3_600;

/** Checks the guard on a path; at least some minutes must pass in which its sources disagree. */
async function expectNoWorse(path: PricePath): Promise<void> {
  const moments = await replayGuard(path, { maxDeviation: MAX_DEVIATION, window: WINDOW });
  expect(moments.filter(({ open }) => open === 0)).not.to.be.empty;
  for (const { primary, liquidation } of moments) expect(liquidation).to.be.at.least(primary);
  for (const market of MARKETS) {
    const guarded = countLosses(moments, market, ({ liquidation }) => liquidation);
    const feed = countLosses(moments, market, ({ primary }) => primary);
    expect(guarded.liquidated).to.be.above(100);
    expect(guarded.wrongly).to.equal(0);
    expect(guarded.badDebt).to.be.at.most(feed.badDebt);
  }
}

/** What lies around its lowest price: so many seconds before and after. */
function around(path: PricePath, before: number, after: number): PricePath {
  const lowest = lowestOf(path.points).seconds;
  const chosen = path.points.filter(({ seconds }) => seconds >= lowest - before && seconds <= lowest + after);
  const first = chosen[0]?.seconds ?? 0;
  const points = chosen.map(({ seconds, price }) => ({ seconds: seconds - first, price }));
  return { ...path, points };
}

describe("a guard with a pool that doesn't lag behind the feed", () => {
  for (const name of scenarioNames) {
    it(`leaves no more bad debt in ${name} than the feed alone, and liquidates nobody wrongly`, async () => {
      await expectNoWorse(builtinScenario(name));
    });
  }

  // The feed acts alone then: later than it says, by what the floor needs to fall.
  for (const name of scenarioNames) {
    it(`leaves a 5x market without bad debt in ${name} where the pool has died before`, async () => {
      const settings = { maxDeviation: MAX_DEVIATION, window: WINDOW, maxFallPerHour: 1, poolDiesAt: 600 };
      const moments = await replayGuard(builtinScenario(name), settings);
      expect(moments.some(({ primary, liquidation }) => liquidation > 1.02 * primary)).to.equal(true);
      const [market] = MARKETS;
      if (market === undefined) throw new Error("There are no markets.");
      const guarded = countLosses(moments, market, ({ liquidation }) => liquidation);
      expect(guarded.liquidated).to.be.above(100);
      expect(guarded.wrongly).to.equal(0);
      expect(guarded.badDebt).to.equal(0);
    });
  }

  for (const file of ["eth-usd-2020-03-12-5m.csv", "eth-usd-2025-10-10-5m.csv"]) {
    it(`nor in the recorded bars of ${file}`, async function () {
      if (!existsSync(join(RECORDED_PRICES, file))) {
        console.log(`      Skipped: the recorded prices are not here (${file}).`);
        this.skip();
      }
      const recorded = await readPriceFile(join(RECORDED_PRICES, file));
      const [before, after] = [effort(12, 1_000) * HOUR, effort(6, 1_000) * HOUR];
      await expectNoWorse(around(recorded, before, after));
    });
  }
});
