import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PriceFileError } from "../../../src/lab/scenario/errors.ts";
import { readPriceFile } from "../../../src/lab/scenario/price-file.ts";

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
