import { expect } from "chai";

import type { RunRecord, StepFigures } from "../../src/record.ts";
import { extentOf, fromZero, padded, paddedLog, type ValueAxis } from "../../src/report/charts/axes.ts";
import { drawPanel } from "../../src/report/charts/draw.ts";
import { COLORS } from "../../src/report/charts/figure.ts";
import { linearTicks, logTicks, niceStep, timeTicks, type Domain, type Unit } from "../../src/report/charts/ticks.ts";
import { timeChart } from "../../src/report/charts/time-chart.ts";
import { madeUpRecord } from "../support/made-up-record.ts";
import { expectClose } from "../support/expect-close.ts";

const UNITS: readonly Unit[] = ["dollars", "percent", "leverage"];
const SCALES: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6, B: 1e9, T: 1e12 };

/** The number that a label represents. */
function parseLabel(label: string): number {
  const parts = /^(-?)\$?([\d,]+(?:\.\d+)?(?:e-\d+)?)([kMBT]?)(x|%)?$/.exec(label);
  if (parts === null) throw new Error(`Not the label of a number: ${label}`);
  const [, sign, digits = "", suffix = "", unit] = parts;
  const size = Number(digits.replaceAll(",", "")) * (SCALES[suffix] ?? Number.NaN);
  return ((sign === "-" ? -size : size) * (unit === "%" ? 1 : 100)) / 100;
}

/** Vega centers a label of 12 pixels by moving its baseline down by this much. */
const BASELINE = 4;

interface DrawnLabel {
  readonly text: string;
  /** Distance from the upper end of the axis, in pixels. */
  readonly y: number;
}

/** Labels of the vertical axis of a desktop drawing, from the SVG of the page. */
async function drawnLabels(
  values: readonly number[],
  axis: Pick<ValueAxis, "unit" | "scale"> & { domain: (values: readonly number[]) => Domain },
): Promise<readonly DrawnLabel[]> {
  const report = madeUpRecord();
  const [step] = report.series;
  if (step === undefined) throw new Error("The made-up report has no steps.");
  const series = values.map((borrowRate, index): StepFigures => ({ ...step, seconds: 300 * index, borrowRate }));
  const record: RunRecord = { ...report, series };
  const panel = timeChart(record, {
    caption: "",
    description: "",
    height: { wide: 200, narrow: 200 },
    axis,
    series: [{ label: "", color: COLORS.primary, kind: "line", value: (step) => step.borrowRate }],
  });
  const { html } = await drawPanel(panel, "test");
  const [, vertical = ""] = [...html.slice(0, html.indexOf("</svg>")).matchAll(/role-axis-label.*?<\/g>/gs)].map(
    String,
  );
  return [...vertical.matchAll(/translate\(-?[\d.]+,(-?[\d.]+)\)[^>]*>([^<]*)</g)].map(([, y, text = ""]) => ({
    text,
    y: Number(y) - BASELINE,
  }));
}

const MAGNITUDES = [1e-6, 3.7e-5, 0.001, 0.042, 1, 9.4, 77, 1234, 9999, 56_000, 999_999, 2.4e7, 8.1e9, 1e12];

describe("labels of an axis", () => {
  it("equal the values of their ticks and are distinct, from 1e-6 to 1e12 and below zero", () => {
    for (const size of MAGNITUDES) {
      for (const [from, to] of [
        [0, size],
        [-size, size],
        [-size, -size / 3],
        [size, size * 1.06],
        [size, size * 1.00001],
      ] as const) {
        for (const unit of UNITS) {
          const { values, labels } = linearTicks([from, to], unit, 5);
          expect(values.length, `${from} to ${to}`).to.be.within(2, 6);
          expectParsed(values, labels);
        }
      }
    }
  });

  it("equal the values of their ticks on logarithmic axes", () => {
    for (const from of MAGNITUDES) {
      for (const ratio of [1.0001, 2, 9, 15, 400, 1e4, 1e6, 1e12]) {
        const { values, labels } = logTicks([from, from * ratio], "dollars", 5);
        expect(values.length, `${from} times ${ratio}`).to.be.within(2, 10);
        expectParsed(values, labels);
      }
    }
  });

  it("show cents, not thousandths with an m, if all values are zero", () => {
    expect(linearTicks(fromZero([0, 0]), "dollars", 5).labels).to.deep.equal([
      "$0",
      "$0.25",
      "$0.50",
      "$0.75",
      "$1.00",
    ]);
    expect(linearTicks([0, 0.00106], "percent", 5).labels).to.deep.equal([
      "0%",
      "0.025%",
      "0.050%",
      "0.075%",
      "0.100%",
    ]);
  });

  it("share a suffix for large values", () => {
    expect(linearTicks([0, 2.1e6], "dollars", 5).labels).to.deep.equal(["$0", "$0.5M", "$1.0M", "$1.5M", "$2.0M"]);
    expect(linearTicks([0, 53_000], "dollars", 5).labels.at(-1)).to.equal("$40k");
    expect(linearTicks([1, 6.3], "leverage", 5).labels).to.deep.equal(["2x", "4x", "6x"]);
  });
});

function expectParsed(values: readonly number[], labels: readonly string[]): void {
  expect(new Set(labels).size).to.equal(values.length);
  labels.forEach((label, index) => {
    const value = values[index] ?? Number.NaN;
    expectClose(parseLabel(label), value, Math.abs(value) * 1e-9);
  });
}

describe("drawn axes", () => {
  const courses: Readonly<Record<string, readonly number[]>> = {
    zeros: [0, 0, 0],
    "a single value": [42],
    "a constant": [1.5, 1.5, 1.5],
    "a tiny constant": [1e-6, 1e-6],
    "a huge constant": [1e12, 1e12],
    "almost a constant": [1, 1 + 1e-12],
    "tiny values": [1e-6, 3e-6],
    "huge values": [0, 1e12],
    "negative values": [-400, -20],
    "both signs": [-3e6, 5e6],
    nothing: [Number.NaN, Infinity],
  };
  const domains = { padded, fromZero: (values: readonly number[]) => fromZero(values, 1e-6) };

  for (const [name, values] of Object.entries(courses)) {
    it(`place labels at their values: ${name}`, async () => {
      for (const domain of Object.values(domains)) {
        for (const unit of UNITS) {
          const labels = await drawnLabels(values, { unit, domain });
          expect(labels.length).to.be.within(2, 6);
          expect(new Set(labels.map(({ text }) => text)).size).to.equal(labels.length);
          const [from, to] = domain(values.filter(Number.isFinite));
          const end = Math.max(...labels.map(({ y }) => y));
          const lowest = Math.min(...labels.map(({ text }) => parseLabel(text)));
          const height = end / (1 - (lowest - from) / (to - from));
          for (const { text, y } of labels) {
            expectClose(y, height * (1 - (parseLabel(text) - from) / (to - from)), 0.5);
          }
        }
      }
    });
  }

  it("place labels in order on a logarithmic axis", async () => {
    for (const values of [[0], [5, 5], [86, 194], [1e-6, 1e-5], [0.01, 0, 4e6]]) {
      const labels = await drawnLabels(values, { unit: "dollars", scale: "log", domain: paddedLog });
      expect(labels.length).to.be.within(2, 9);
      for (const { text } of labels) expect(parseLabel(text)).to.be.above(0);
      expect(labels.map(({ text }) => parseLabel(text))).to.deep.equal(
        labels.toSorted((a, b) => b.y - a.y).map(({ text }) => parseLabel(text)),
      );
    }
  });
});

describe("domains", () => {
  it("padded: leaves space around the values, and extends below zero only for negative values", () => {
    expect(padded([100, 200], 0.1)).to.deep.equal([90, 210]);
    expect(padded([0.01, 1])[0]).to.equal(0);
    expect(padded([-1, 1])[0]).to.be.below(-1);
    expect(fromZero([3])).to.deep.equal([0, 3.18]);
    expect(fromZero([-3])[0]).to.be.below(-3);
  });

  it("ignore values that are not finite", () => {
    expect(extentOf([Number.NaN, 3, Infinity, -1])).to.deep.equal([-1, 3]);
    expect(extentOf([Infinity])).to.equal(undefined);
  });
});

describe("ticks", () => {
  it("linearTicks and logTicks: are at round values", () => {
    expect([0.03, 0.7, 1, 1.5, 2.2, 40].map(niceStep)).to.deep.equal([0.05, 1, 1, 2, 2.5, 50]);
    expect(linearTicks([0, 0.36], "dollars", 5).values).to.deep.equal([0, 0.1, 0.2, 0.3]);
    expect(linearTicks([83, 198], "dollars", 5).values).to.deep.equal([100, 125, 150, 175]);
    expect(logTicks([0.4, 90], "dollars", 5).values).to.deep.equal([0.5, 1, 2, 5, 10, 20, 50]);
  });

  it("timeTicks: are at round times", () => {
    const start = Date.UTC(2020, 2, 12);
    const hours = timeTicks([start, start + 2164 * 60_000], 10).values.map((time) => (time - start) / 3_600_000);
    expect(hours).to.deep.equal([0, 4, 8, 12, 16, 20, 24, 28, 32, 36]);
    expect(timeTicks([0, 3e12], 10).values.length).to.be.within(5, 11);
  });

  it("timeTicks: are labeled with the time of day, the day, the month or the year", () => {
    const start = Date.UTC(2020, 8, 29, 22);
    const labels = (seconds: number): readonly string[] => timeTicks([start, start + seconds * 1000], 4).labels;
    expect(labels(1)).to.deep.equal(["22:00:00", "22:00:01"]);
    expect(labels(4 * 3600)).to.deep.equal(["22:00", "23:00", "30 Sep", "01:00", "02:00"]);
    expect(labels(4 * 86_400)).to.deep.equal(["30 Sep", "1 Oct", "2 Oct", "3 Oct"]);
    expect(labels(300 * 86_400)).to.deep.equal(["Oct 2020", "Jan 2021", "Apr 2021", "Jul 2021"]);
    expect(labels(9 * 366 * 86_400)).to.deep.equal(["2022", "2025", "2028"]);
  });
});
