import { expect } from "chai";

import { renderTable } from "../../src/report/table.ts";
import { renderTerminalSummary } from "../../src/report/terminal.ts";
import { madeUpRecord } from "../support/made-up-record.ts";

describe("renderTable", () => {
  it("aligns columns", () => {
    const table = renderTable(
      [{ title: "Name" }, { title: "Debt", align: "right" }],
      [["a", "$1"], ["long name", "$1,000"], ["none"]],
    );
    expect(table).to.equal(
      ["Name         Debt", "---------  ------", "a              $1", "long name  $1,000", "none"].join("\n"),
    );
  });

  it("measures texts in terminal cells, not in string length", () => {
    const widthOf = (text: string): number => renderTable([{ title: "" }], [[text]]).split("\n")[1]?.length ?? 0;
    expect(widthOf("abc")).to.equal(3);
    expect(widthOf("cafe\u0301")).to.equal(4);
    expect(widthOf("\u65e5\u672c")).to.equal(4);
    expect(widthOf("\u{1F468}\u200D\u{1F469}\u200D\u{1F467}")).to.equal(2);
    expect(widthOf("a\u200Bb")).to.equal(2);
  });

  it("measures 200,000 rows", () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => [`${index}`]);
    expect(renderTable([{ title: "" }], rows).split("\n")[1]).to.equal("------");
  });
});

describe("renderTerminalSummary", () => {
  it("shows the market before, at the low and after, and the totals", () => {
    const text = renderTerminalSummary(madeUpRecord());
    for (const part of [
      "Before",
      "At the low",
      "After",
      "$194.60",
      "$86.00",
      "System leverage",
      "Positions opened",
      "Bad debt",
      "Gas per liquidation",
    ]) {
      expect(text).to.contain(part);
    }
  });

  it("shows a dash as gas per liquidation without liquidations", () => {
    expect(renderTerminalSummary({ ...madeUpRecord(), liquidations: [] })).to.match(/Gas per liquidation +-\n/);
  });

  it("shows the fees to the buffer separately from the debt repaid", () => {
    const report = madeUpRecord();
    const [first] = report.liquidations;
    if (first === undefined) throw new Error("The made-up report has no liquidations.");
    const batches = [30, 12].map((feeUsd) => ({ ...first, feeUsd, repaidUsd: 1000 }));
    const text = renderTerminalSummary({ ...report, liquidations: batches });
    expect(text).to.match(/Debt repaid +\$2,000\n/);
    expect(text).to.match(/Fees to the buffer +\$42\n/);
  });
});
