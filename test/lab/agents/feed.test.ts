import { expect } from "chai";

import { Feed, reportsOf } from "../../../src/lab/agents/feed.ts";
import type { FeedModel } from "../../../src/lab/config.ts";
import { DEMO_CONFIG } from "../../../src/lab/config.ts";
import { builtinScenario, scenarioNames } from "../../../src/lab/scenario/builtin.ts";
import {
  courseOf,
  durationOf,
  highestOf,
  lowestOf,
  priceAt,
  type PricePath,
} from "../../../src/lab/scenario/price-path.ts";
import { expectClose } from "../../support/expect-close.ts";

const path = (...points: readonly (readonly [seconds: number, price: number])[]): PricePath => ({
  name: "test",
  title: "Test",
  source: "Made up.",
  startsAt: 0,
  points: points.map(([seconds, price]) => ({ seconds, price })),
});

const MODEL: FeedModel = { deviation: 0.01, lagSeconds: 0, heartbeatSeconds: 3_600, leastIntervalSeconds: 12 };

/** The reports of a feed that looks once in so many seconds. */
function reportsEvery(seconds: number, of: PricePath, model: FeedModel) {
  const feed = new Feed(courseOf(of), model);
  return Array.from({ length: Math.floor(durationOf(of) / seconds) + 1 }, (_, look) =>
    feed.look(look * seconds),
  ).flatMap((report) => report ?? []);
}

describe("Feed", () => {
  it("reports a move by the deviation, up or down by the same factor, and not less", () => {
    const last = (price: number) => reportsEvery(60, path([0, 100], [60, price]), MODEL).length;
    expect(last(101)).to.equal(1);
    expect(last(100.999)).to.equal(0);
    // The fall that undoes a rise by 1% is one by 0.990099%.
    expect(last(100 / 1.01 - 1e-9)).to.equal(1);
    expect(last(99.02)).to.equal(0);
  });

  it("sees prices late", () => {
    const jump = path([0, 100], [600, 100], [601, 110], [1_200, 110]);
    expect(reportsEvery(1, jump, { ...MODEL, lagSeconds: 60 })).to.deep.equal([{ seconds: 661, price: 110 }]);
  });

  it("reports after the heartbeat at the latest", () => {
    const still = reportsEvery(60, path([0, 100], [7_260, 100]), MODEL);
    expect(still.map(({ seconds }) => seconds)).to.deep.equal([3_600, 7_200]);
  });

  it("never reports sooner than the least interval after its last report", () => {
    const fall = path([0, 100], [60, 50]);
    const reports = reportsEvery(1, fall, { ...MODEL, leastIntervalSeconds: 25 });
    expect(reports.map(({ seconds }) => seconds)).to.deep.equal([25, 50]);
  });

  it("can be made to report, and counts from there", () => {
    const rise = path([0, 100], [100, 102]);
    const feed = new Feed(courseOf(rise), MODEL);
    expect(feed.report(49)).to.deep.equal({ seconds: 49, price: priceAt(rise, 49) });
    expect(feed.look(90)).to.equal(undefined);
    expectClose(feed.look(100)?.price ?? 0, 102, 1e-9);
  });
});

for (const name of scenarioNames) {
  describe(`reportsOf ${name}`, () => {
    const scenario = builtinScenario(name);

    it("holds the first, last, lowest and highest price, in strictly ascending time", () => {
      const reports = reportsOf(scenario, MODEL, 500);
      expect(reports[0]).to.deep.equal(scenario.points[0]);
      expect(reports.at(-1)?.seconds).to.equal(durationOf(scenario));
      expect(lowestOf(reports)).to.deep.equal(lowestOf(scenario.points));
      expect(highestOf(reports)).to.deep.equal(highestOf(scenario.points));
      for (const [index, { seconds }] of reports.entries()) {
        expect(seconds).to.be.greaterThan(reports[index - 1]?.seconds ?? -1);
      }
    });

    it("tells prices of the path, and at most as many as asked for", () => {
      for (const most of [20, 100, 500]) {
        const reports = reportsOf(scenario, MODEL, most);
        expect(reports.length).to.be.at.most(most);
        for (const { seconds, price } of reports) expect(price).to.equal(priceAt(scenario, seconds));
      }
    });

    it("tells them as late as the feed sees them, the first and the end among them", () => {
      const late = { ...MODEL, lagSeconds: 60 };
      for (const most of [5, 500]) {
        const reports = reportsOf(scenario, late, most);
        expect(reports.length).to.be.at.most(most);
        expect(reports[0]).to.deep.equal(scenario.points[0]);
        expect(reports.at(-1)?.seconds).to.equal(durationOf(scenario) + 60);
        expect(lowestOf(reports).price).to.equal(lowestOf(scenario.points).price);
        for (const { seconds, price } of reports) expect(price).to.equal(priceAt(scenario, seconds - 60));
      }
    });
  });
}

describe("reportsOf", () => {
  it("reports each move of the deviation, block by block at the most", () => {
    // Down by 10% within an hour: one hundredth each 341 seconds.
    const reports = reportsOf(path([0, 100], [3_600, 90]), MODEL, 500);
    const moves = reports.slice(1).map(({ price }, index) => Math.log((reports[index]?.price ?? price) / price));
    expect(Math.max(...moves)).to.be.lessThan(Math.log(1.01) + 0.0004);
    const crash = reportsOf(path([0, 100], [60, 50], [3_600, 50]), DEMO_CONFIG.feed, 500);
    const first = crash.filter(({ seconds }) => seconds <= 60).map(({ seconds }) => seconds);
    expect(first).to.deep.equal([0, 12, 24, 36, 48, 60]);
  });

  it("reports at regular times while nothing moves", () => {
    const reports = reportsOf(path([0, 100], [86_400, 100]), MODEL, 500);
    const pauses = reports.slice(1).map(({ seconds }, index) => seconds - (reports[index]?.seconds ?? 0));
    expect(new Set(pauses).size).to.equal(1);
    expect(pauses[0]).to.be.at.most(3_600);
  });

  it("ends for a path of years that never rests", () => {
    const points = Array.from({ length: 5_000 }, (_, index) => [index * 21_600, index % 2 === 0 ? 100 : 150] as const);
    for (const lagSeconds of [0, 3_600]) {
      expect(reportsOf(path(...points), { ...MODEL, lagSeconds }, 300).length).to.be.at.most(300);
    }
  });
});
