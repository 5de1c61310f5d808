import { expect } from "chai";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { builtinScenario } from "../../../src/lab/scenario/builtin.ts";
import { priceAt } from "../../../src/lab/scenario/price-at.ts";
import { readPriceFile } from "../../../src/lab/scenario/price-file.ts";
import { durationOf, lowestOf } from "../../../src/lab/scenario/resample.ts";

/**
 * Recorded bars are not part of the repository; where they lie beside it, the built-in scenarios are held against them.
 */
const FOLDER = join(import.meta.dirname, "../../../../shared/data");

/** A path by a few dozen waypoints strays from the recorded one in between, but not far for long. */
const MOST_MEAN_ERROR = 0.03;

describe("built-in scenarios against recorded bars", () => {
  for (const [name, file] of [
    ["march-2020", "eth-usd-2020-03-12-5m.csv"],
    ["october-2025", "eth-usd-2025-10-10-5m.csv"],
  ] as const) {
    it(`${name} follows ${file}`, async function () {
      if (!existsSync(join(FOLDER, file))) {
        console.log(`      ${file} is not beside this repository: nothing to compare with.`);
        this.skip();
      }
      const scenario = builtinScenario(name);
      const recorded = await readPriceFile(join(FOLDER, file));
      expect(lowestOf(recorded.points).price).to.equal(lowestOf(scenario.points).price);
      const errors: number[] = [];
      for (let seconds = 0; seconds <= durationOf(scenario); seconds += 300) {
        const there = priceAt(recorded, scenario.startsAt - recorded.startsAt + seconds);
        errors.push(Math.abs(priceAt(scenario, seconds) / there - 1));
      }
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      expect(mean).to.be.below(MOST_MEAN_ERROR);
    });
  }
});
