import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PriceFileError, UnknownScenarioError } from "../../../src/lab/errors.ts";
import { builtinScenario } from "../../../src/lab/scenario/builtin.ts";
import type { Bar } from "../../../src/lab/scenario/price-csv.ts";
import { barsToPath, loadPrices, readPriceFile } from "../../../src/lab/scenario/price-file.ts";

describe("readPriceFile", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "cantilever-prices-"));
  });

  after(async () => {
    await rm(folder, { recursive: true });
  });

  async function problemOf(name: string): Promise<string> {
    const error: unknown = await readPriceFile(join(folder, name)).catch((reason: unknown) => reason);
    if (!(error instanceof PriceFileError)) throw new Error(`Expected a PriceFileError, got ${String(error)}`);
    return error.message;
  }

  it("reads a file into a path that is named after it", async () => {
    await writeFile(join(folder, "eth.csv"), "timestamp,open,high,low,close\n600,1,2,1,2\n660,2,2,1,1\n");
    const path = await readPriceFile(join(folder, "eth.csv"));
    expect(path.name).to.equal("eth.csv");
    expect(path.startsAt).to.equal(600);
    expect(path.points).to.have.length(8);
  });

  it("is what prices are loaded with where a file is named, and a built-in scenario where a name is", async () => {
    await writeFile(join(folder, "eth.csv"), "timestamp,open,high,low,close\n1583971200,1,2,1,2\n1583971260,2,2,1,1\n");
    expect(await loadPrices({ file: join(folder, "eth.csv") })).to.deep.equal(
      await readPriceFile(join(folder, "eth.csv")),
    );
    expect(await loadPrices({ scenario: "march-2020" })).to.equal(builtinScenario("march-2020"));
    const error: unknown = await loadPrices({ scenario: "eth.csv" }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(UnknownScenarioError);
  });

  it("says so when there is no such file, or it is a folder", async () => {
    expect(await problemOf("none.csv")).to.contain("none.csv: the file can't be read");
    expect(await problemOf(".")).to.contain("this is a folder");
  });

  it("refuses what is not text", async () => {
    await writeFile(join(folder, "picture.csv"), Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
    expect(await problemOf("picture.csv")).to.contain("not UTF-8 text");
  });

  it("names the line of what is malformed", async () => {
    await writeFile(join(folder, "bad.csv"), "timestamp,open,high,low,close\n600,1,2,1,2\n660,2,2,oops,1\n");
    expect(await problemOf("bad.csv")).to.match(/bad\.csv, line 3: low "oops" is not a number/);
  });
});

const about = { name: "test.csv", title: "Test", source: "Made up." };
const rising: Bar = { timestamp: 1000, open: 100, high: 120, low: 90, close: 110 };
const falling: Bar = { timestamp: 1060, open: 110, high: 115, low: 70, close: 80 };

describe("barsToPath", () => {
  it("goes low first in a rising bar, high first in a falling one, and spreads them over the bar's span", () => {
    expect(barsToPath(about, [rising, falling])).to.deep.equal({
      ...about,
      startsAt: 1000,
      points: [
        { seconds: 0, price: 100 },
        { seconds: 15, price: 90 },
        { seconds: 30, price: 120 },
        { seconds: 45, price: 110 },
        { seconds: 60, price: 110 },
        { seconds: 75, price: 115 },
        { seconds: 90, price: 70 },
        { seconds: 105, price: 80 },
      ],
    });
  });

  it("does not stretch a bar over a hole in the data", () => {
    const later = [0, 60, 120, 3600].map((seconds) => ({ ...rising, timestamp: 1000 + seconds }));
    const { points } = barsToPath(about, later);
    expect(points.slice(8, 13).map(({ seconds }) => seconds)).to.deep.equal([120, 135, 150, 165, 3600]);
  });

  it("ascends strictly even where bars are as close as they may be", () => {
    const { points } = barsToPath(about, [rising, { ...falling, timestamp: 1004 }, { ...rising, timestamp: 1060 }]);
    for (const [index, { seconds }] of points.entries()) expect(seconds).to.be.above(points[index - 1]?.seconds ?? -1);
  });
});
