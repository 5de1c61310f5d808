import { expect } from "chai";

import { replayOnChain } from "../../scripts/bench/guard-chain.ts";
import { countLosses, MARKETS } from "../../scripts/bench/guard-losses.ts";
import { builtinScenario, scenarioNames } from "../../scripts/scenario/builtin.ts";

const BOUND = 0.015;
/** Its mean lags by half of it: less than the feed does. */
const WINDOW = 90;

describe("a guard with a pool that doesn't lag behind the feed", () => {
  for (const name of scenarioNames) {
    it(`leaves no more bad debt in ${name} than the feed alone, and liquidates nobody wrongly`, async () => {
      const moments = await replayOnChain(builtinScenario(name), BOUND, WINDOW);
      expect(moments.filter(({ open }) => open === 0)).not.to.be.empty;
      for (const { primary, liquidation } of moments) expect(liquidation).to.be.at.least(primary);
      for (const market of MARKETS) {
        const guarded = countLosses(moments, market, ({ liquidation }) => liquidation);
        const feed = countLosses(moments, market, ({ primary }) => primary);
        expect(guarded.liquidated).to.be.above(100);
        expect(guarded.wrongly).to.equal(0);
        expect(guarded.badDebt).to.be.at.most(feed.badDebt);
      }
    });
  }
});
