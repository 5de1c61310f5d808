import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

const root = join(import.meta.dirname, "../..");

describe("The gas page", () => {
  it("has the figures of the snapshot", () => {
    const snapshot = JSON.parse(readFileSync(join(root, "scripts/bench/gas-snapshot.json"), "utf8")) as object;
    const page = readFileSync(join(root, "docs/gas.md"), "utf8");
    const rows = [...page.matchAll(/^\| `(\w+)`[^|]*\| *([\d,]+) \|/gmu)];
    const figures = Object.fromEntries(rows.map(([, name = "", gas = ""]) => [name, Number(gas.replaceAll(",", ""))]));
    expect(figures).to.deep.equal(snapshot);
  });
});
