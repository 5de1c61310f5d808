import { expect } from "chai";

import type { StepFigures } from "../../src/record.ts";
import { HEALTH_RANGE, healthBins } from "../../src/report/charts/health.ts";
import { bucketWidth, repaidByTime } from "../../src/report/charts/liquidations.ts";
import { thinned } from "../../src/report/charts/time-chart.ts";
import { hourly } from "../../src/report/page/tables.ts";
import { madeUpRecord } from "../support/made-up-record.ts";

describe("healthBins", () => {
  it("counts a health factor of exactly 1 as healthy, and values beyond the range in the outermost bars", () => {
    const bins = healthBins([
      { healthFactor: 0.2, debtUsd: 1 },
      { healthFactor: 0.9999, debtUsd: 2 },
      { healthFactor: 1, debtUsd: 3 },
      { healthFactor: 70, debtUsd: 4 },
    ]);
    expect(bins[0]).to.deep.equal({ from: HEALTH_RANGE[0], to: 0.75, share: 0.1 });
    expect(bins.find(({ to }) => to === 1)?.share).to.equal(0.2);
    expect(bins.find(({ from }) => from === 1)?.share).to.equal(0.3);
    expect(bins.at(-1)).to.deep.equal({ from: 2.45, to: HEALTH_RANGE[1], share: 0.4 });
  });

  it("counts every edge in the bar to its right", () => {
    for (const { from } of healthBins([])) {
      expect(healthBins([{ healthFactor: from, debtUsd: 1 }]).find(({ share }) => share > 0)?.from).to.equal(from);
    }
  });

  it("returns zeros without debt", () => {
    expect(healthBins([]).every(({ share }) => share === 0)).to.be.true;
  });
});

describe("repaidByTime", () => {
  it("sums up the debt repaid in spans of a round width", () => {
    const [first] = madeUpRecord().liquidations;
    if (first === undefined) throw new Error("The made-up report has no liquidations.");
    const batches = [30, 59, 60, 200].map((seconds) => ({ ...first, seconds, repaidUsd: seconds }));
    expect(repaidByTime(batches, 60)).to.deep.equal([
      { from: 0, to: 60, repaidUsd: 89 },
      { from: 60, to: 120, repaidUsd: 60 },
      { from: 180, to: 240, repaidUsd: 200 },
    ]);
    expect(bucketWidth(2164 * 60)).to.equal(1800);
    expect(bucketWidth(60)).to.equal(60);
  });
});

describe("thinned", () => {
  it("keeps a run of ordinary length unchanged, and start, end, low and high of a long one", () => {
    const { series } = madeUpRecord();
    const feedPrice = (step: StepFigures): number => step.feedPrice;
    expect(thinned(series, feedPrice)).to.equal(series);
    const long = madeUpRecord("march-2020", 60).series;
    const few = thinned(long, feedPrice);
    expect(few.length).to.be.at.most(1004);
    expect([few[0], few.at(-1)]).to.deep.equal([long[0], long.at(-1)]);
    expect(Math.min(...few.map(feedPrice))).to.equal(86);
  });

  it("keeps the finite extremes of the drawn value", () => {
    const long = madeUpRecord("march-2020", 60).series.map((step, index) => ({
      ...step,
      systemLeverage: index === 77 ? 9 : index === 78 ? Number.NaN : 3,
    }));
    expect(thinned(long, (step) => step.systemLeverage)).to.contain(long[77]);
  });
});

describe("hourly", () => {
  it("returns one step per hour, and the last one", () => {
    const { series } = madeUpRecord();
    const rows = hourly(series);
    expect(rows.slice(0, 3).map(({ seconds }) => seconds)).to.deep.equal([0, 3600, 7200]);
    expect(rows.at(-1)).to.equal(series.at(-1));
    expect(rows.length).to.be.at.most(50);
  });
});
