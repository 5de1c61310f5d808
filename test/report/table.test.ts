import { expect } from "chai";

import { displayWidth } from "../../src/report/display-width.ts";
import { renderTable } from "../../src/report/table.ts";
import { renderTerminalSummary } from "../../src/report/terminal.ts";
import { madeUpReport } from "../support/made-up-report.ts";

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

  it("measures what a terminal shows, not what a string holds", () => {
    expect(displayWidth("abc")).to.equal(3);
    expect(displayWidth("cafe\u0301")).to.equal(4);
    expect(displayWidth("\u65e5\u672c")).to.equal(4);
    expect(displayWidth("\u{1F468}\u200D\u{1F469}\u200D\u{1F467}")).to.equal(2);
    expect(displayWidth("a\u200Bb")).to.equal(2);
  });
});

describe("renderTerminalSummary", () => {
  it("shows the market before, at the low and after, and what happened", () => {
    const text = renderTerminalSummary(madeUpReport());
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

  it("shows a dash for the gas of liquidations that there were not", () => {
    expect(renderTerminalSummary({ ...madeUpReport(), liquidations: [] })).to.match(/Gas per liquidation +-\n/);
  });
});
