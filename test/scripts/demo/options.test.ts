import { expect } from "chai";

import { UsageError } from "../../../src/lab/errors.ts";
import { parseOptions } from "../../../scripts/demo/options.ts";

describe("parseOptions", () => {
  it("has defaults for everything", () => {
    expect(parseOptions([])).to.deep.equal({
      prices: { scenario: "march-2020" },
      seed: "1",
      positions: 120,
      out: "out/demo.html",
      json: false,
      help: false,
    });
  });

  it("reads every option", () => {
    const args = ["--scenario", "october-2025", "--seed=a b", "--positions", "12", "--out", "x.html", "--json"];
    expect(parseOptions(args)).to.deep.equal({
      prices: { scenario: "october-2025" },
      seed: "a b",
      positions: 12,
      out: "x.html",
      json: true,
      help: false,
    });
    expect(parseOptions(["--prices", "mine.csv"]).prices).to.deep.equal({ file: "mine.csv" });
    expect(parseOptions(["-h"]).help).to.be.true;
  });

  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["an unknown option", ["--scenarios", "x"], /Unknown option '--scenarios'/u],
    ["an argument without option", ["october-2025"], /Unexpected argument 'october-2025'/u],
    ["an option without its value", ["--seed"], /--seed/u],
    ["a value for a switch", ["--json=yes"], /--json/u],
    ["an empty value", ["--out="], /--out is empty/u],
    ["two sources of prices", ["--scenario", "march-2020", "--prices", "x.csv"], /exclude each other/u],
    ["no positions", ["--positions", "0"], /--positions is "0"/u],
    ["a part of a position", ["--positions", "1.5"], /--positions is "1\.5"/u],
    ["positions in another notation", ["--positions", "1e2"], /--positions is "1e2"/u],
    ["too many positions", ["--positions", "1001"], /from 1 to 1000/u],
  ];
  for (const [what, args, message] of wrong) {
    it(`refuses ${what}, in a sentence`, () => {
      expect(() => parseOptions(args)).to.throw(UsageError, message);
      expect(() => parseOptions(args)).to.throw(UsageError, /Try --help\.$/u);
    });
  }
});
