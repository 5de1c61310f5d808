import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { GAS_LIMITS } from "../../scripts/bench/gas-limits.ts";

const root = join(import.meta.dirname, "../..");

describe("The gas page", () => {
  const page = readFileSync(join(root, "docs/gas.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)`[^|]*\| *([\d,]+) \| *([\d,]+) \|/gmu)];
  const numberOf = (text = ""): number => Number(text.replaceAll(",", ""));

  it("has the figures of the snapshot", () => {
    const snapshot = JSON.parse(readFileSync(join(root, "scripts/bench/gas-snapshot.json"), "utf8")) as object;
    expect(Object.fromEntries(rows.map(([, name = "", gas]) => [name, numberOf(gas)]))).to.deep.equal(snapshot);
  });

  it("has the limits that the check holds", () => {
    expect(Object.fromEntries(rows.map(([, name = "", , limit]) => [name, numberOf(limit)]))).to.deep.equal(GAS_LIMITS);
  });
});
