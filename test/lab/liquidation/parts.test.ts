import { expect } from "chai";

import { lossesByParts, type PartsSettings } from "../../../src/lab/liquidation/parts.ts";
import { builtinScenario } from "../../../src/lab/scenario/builtin.ts";
import type { PricePath } from "../../../src/lab/scenario/price-path.ts";
import { expectClose } from "../../support/expect-close.ts";

const path = (...points: readonly (readonly [seconds: number, price: number])[]): PricePath => ({
  name: "test",
  title: "Test",
  source: "Made up.",
  startsAt: 1_600_000_000,
  points: points.map(([seconds, price]) => ({ seconds, price })),
});

/** By 5.5%: of positions of 3x, 4x and 5x the last alone is due, by a little. */
const JUST_DUE = path([0, 2_000], [12, 1_890], [3_600, 1_890]);

const settings = (changes: Partial<PartsSettings>): PartsSettings => ({
  depth: 1,
  leastShare: 0,
  griefed: false,
  ...changes,
});

describe("Losses by liquidations in parts", () => {
  it("are none where a keeper brings each position to its target: a fall of 20% is covered there", () => {
    const { onPath, afterFall } = lossesByParts(JUST_DUE, settings({}));
    expect(onPath).to.equal(0);
    expect(afterFall).to.deep.equal([0, 0, 0, 0]);
  });

  it("are those of a position at its limit where the borrower leaves as much debt as it may", () => {
    const { onPath, afterFall } = lossesByParts(JUST_DUE, settings({ griefed: true }));
    expect(onPath).to.equal(0);
    expect(afterFall[0]).to.equal(0);
    // At 6.5x C/D is 6.5/5.5; after a fall of 15% that pays for all but 1.5% of the debt.
    const left = 1 - (0.85 * 6.5) / 5.5 / 1.02;
    expectClose(afterFall[2] ?? 0, left, left / 50);
  });

  it("are those of the target again where a part must be all that is wanted", () => {
    const whole = lossesByParts(JUST_DUE, settings({ griefed: true, leastShare: 1 }));
    expect(whole).to.deep.equal(lossesByParts(JUST_DUE, settings({})));
  });

  it("are those of nobody liquidating where the pool pays for no part that the rule allows", () => {
    const steep = path([0, 2_000], [12, 1_890], [3_600, 1_890], [3_612, 1_500], [7_200, 1_500]);
    const { onPath } = lossesByParts(steep, settings({ depth: 1e-6, leastShare: 1 }));
    // Of three positions those of 4x and 5x are insolvent at 1,500, with C/D of 4/3 and 5/4 times
    // 0.75.
    const covered = ((4 / 3) * 0.75) / 1.02 + (1.25 * 0.75) / 1.02;
    expectClose(onPath, (2 - covered) / 3, 1e-4);
  });

  it("can't be told of a path on which nobody is due", () => {
    expect(() => lossesByParts(path([0, 2_000], [3_600, 2_000]), settings({}))).to.throw(RangeError, "ever due");
  });

  // What docs/security.md decides by.
  it("grow by a least share where the pool is thin, and shrink by it where the pool is deep and the borrower acts", () => {
    const crash = builtinScenario("march-2020");
    const losses = (depth: number, leastShare: number, griefed: boolean): number => {
      const { onPath, afterFall } = lossesByParts(crash, { depth, leastShare, griefed });
      return onPath + (afterFall[2] ?? 0);
    };
    expect(losses(0.03, 0.25, false)).to.be.above(5 * losses(0.03, 0, false));
    expect(losses(0.03, 0.25, true)).to.be.above(5 * losses(0.03, 0, true));
    expect(losses(1, 0.25, true)).to.be.below(losses(1, 0, true));
  }).timeout(60_000);
});
