import { expect } from "chai";

import { EmptyRecordError, renderReport } from "../../src/report/render.ts";
import type { RunRecord, MarketMoment } from "../../src/record.ts";
import { madeUpRecord } from "../support/made-up-record.ts";

const FIGURES = ["price", "leverage", "liquidations", "health", "share-price", "buffer", "rates"];
const TABLES = ["The market", "What happened", "The largest liquidations"];

/** The `<section>` of a figure. */
function sectionOf(page: string, id: string): string {
  const start = page.indexOf(`<section class="card" id="${id}"`);
  expect(start, `section ${id}`).to.be.above(0);
  return page.slice(start, page.indexOf("</section>", start));
}

describe("renderReport", () => {
  let report: RunRecord;
  let page: string;

  before(async () => {
    report = madeUpRecord();
    page = await renderReport(report);
  });

  it("contains every figure with an explanation and drawings for desktop and phone", () => {
    for (const id of FIGURES) {
      const section = sectionOf(page, id);
      expect(section).to.match(/<h2[^>]*>[^<]+<\/h2>\s*<p>[^<]{40,}<\/p>/);
      const wide = section.match(/<svg class="plot wide"/g)?.length ?? 0;
      expect(wide).to.equal(id === "health" ? 3 : id === "liquidations" || id === "rates" ? 2 : 1);
      expect(section.match(/<svg class="plot narrow"/g)?.length).to.equal(wide);
    }
  });

  it("contains every table with a caption, and row and column headers", () => {
    for (const title of TABLES) expect(page).to.match(new RegExp(`<caption>\\s*${title}\\s*</caption>`));
    expect(page).to.contain('<th scope="col"').and.to.contain('<th scope="row"');
  });

  it("closes the tags of every drawing", () => {
    expect(page.match(/<svg/g)?.length).to.equal(page.match(/<\/svg>/g)?.length);
  });

  it("describes every drawing in words, with figures", () => {
    const drawings = page.match(/<svg [^>]*>/g) ?? [];
    expect(drawings.length).to.be.above(20);
    for (const drawing of drawings) expect(drawing).to.match(/role="img" aria-label="[^"]{20,}"/);
    expect(sectionOf(page, "price")).to.contain("to a low of $86.00 (-55.8%)");
  });

  it("states the result, the terms and the command in plain text", () => {
    for (const text of ["a fall of 55.8%", "Glossary", "Health factor", report.run.command, report.run.source]) {
      expect(page).to.contain(text);
    }
  });

  it("loads nothing and contains no scripts", () => {
    expect(page).not.to.match(/http:|https:|src=|href=|@import|<script|<link|url\((?!#)/i);
    expect(page).not.to.match(/\son\w+=/i);
  });

  it("has unique ids, and references only existing ones", () => {
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const [, id] of page.matchAll(/url\(#([^)]*)\)/g)) expect(ids).to.contain(id);
    for (const [, id] of page.matchAll(/aria-labelledby="([^"]*)"/g)) expect(ids).to.contain(id);
  });

  it("renders less than 1.5 MB, and the same page for the same record", async () => {
    expect(Buffer.byteLength(page)).to.be.below(1_500_000);
    expect(await renderReport(report)).to.equal(page);
  });

  it("contains no NaN or undefined", () => {
    expect(page).not.to.match(/NaN|undefined|\[object/);
  });

  it("escapes texts of the record", async () => {
    const evil = `</title><script>alert("x")</script><img src='y'>&`;
    const hostile = await renderReport({
      ...report,
      run: {
        ...report.run,
        title: evil,
        scenario: evil,
        source: evil,
        seed: evil,
        command: evil,
        market: { ...report.run.market, collateralSymbol: evil, loanSymbol: evil },
        settings: [{ name: evil, value: evil }],
      },
      liquidations: report.liquidations.map((batch) => ({ ...batch, transactionHash: evil })),
    });
    expect(hostile).not.to.contain("<script").and.not.to.contain("<img");
    expect(hostile).to.contain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
  });

  it("keeps the page of a long run below 1.5 MB", async () => {
    expect((await renderReport(madeUpRecord("march-2020", 60))).length).to.be.below(1_500_000);
  });

  it("draws 200,000 steps and 200,000 positions", async () => {
    const [step] = report.series;
    const [batch] = report.liquidations;
    if (step === undefined || batch === undefined) throw new Error("The made-up report is empty.");
    const many = 200_000;
    const health = Array.from({ length: many }, (_, index) => ({ healthFactor: 1.05 + index / many, debtUsd: 1 }));
    const moment = (seconds: number): MarketMoment => ({ ...report.moments.before, seconds, debtUsd: many, health });
    const long = await renderReport({
      ...report,
      moments: { before: moment(0), atLow: moment(many), after: moment(60 * many) },
      series: Array.from({ length: many }, (_, index) => ({
        ...step,
        seconds: 60 * (index + 1),
        badDebtUsd: index,
        lenderSharePrice: 1 + index / many,
      })),
      liquidations: Array.from({ length: many }, (_, index) => ({ ...batch, seconds: 60 * (index + 1), repaidUsd: 2 })),
    });
    expect(sectionOf(long, "health")).to.contain("200,000 positions with $200,000 of debt, lowest health 1.05");
    expect(sectionOf(long, "liquidations")).to.contain("repaid by liquidators so far, $400,000 at the end");
    expect(Buffer.byteLength(long)).to.be.below(1_500_000);
  });

  it("draws a run of a single step, without liquidations, positions or equity", async () => {
    const [step] = report.series;
    if (step === undefined) throw new Error("The made-up report has no steps.");
    const empty: MarketMoment = {
      ...report.moments.before,
      debtUsd: 0,
      collateralUsd: 0,
      systemLeverage: Infinity,
      health: [],
    };
    const bare = await renderReport({
      ...report,
      positions: { opened: 0, liquidated: 0 },
      moments: { before: empty, atLow: empty, after: empty },
      series: [{ ...step, systemLeverage: Infinity, utilization: 0, borrowRate: 0 }],
      liquidations: [],
    });
    expect(bare).to.contain("so none was liquidated").and.to.contain("no equity");
    expect(sectionOf(bare, "leverage")).to.contain("A line along the upper edge");
    expect(bare).not.to.match(/NaN|undefined|Infinity/);
  });

  it("labels the axes of a run without events without the prefix for a thousandth", async () => {
    const idle = await renderReport({
      ...report,
      series: report.series.map((step) => ({ ...step, bufferUsd: 0, badDebtUsd: 0, borrowRate: 0 })),
      liquidations: [],
    });
    for (const id of ["liquidations", "buffer"]) {
      const labels = [...sectionOf(idle, id).matchAll(/>(\$[^<]*)<\/text>/g)].map(([, label]) => label);
      expect(new Set(labels)).to.deep.equal(new Set(["$0", "$0.25", "$0.50", "$0.75", "$1.00"]));
    }
    expect(idle).not.to.match(/>[^<]*\d(?:\.\d+)?m<\/text>/);
  });

  it("states the fees to the buffer", () => {
    const fees = report.liquidations.reduce((sum, { feeUsd }) => sum + feeUsd, 0);
    const shown = `$${Math.round(fees).toLocaleString("en-US")}`;
    expect(page)
      .to.match(/<th scope="row">Fees to the buffer<\/th>/)
      .and.to.contain(shown);
    expect(sectionOf(page, "buffer")).to.contain(`liquidation fees, ${shown} in this run`);
  });

  it("rejects a record without steps", async () => {
    const error: unknown = await renderReport({ ...report, series: [] }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(EmptyRecordError);
  });
});
