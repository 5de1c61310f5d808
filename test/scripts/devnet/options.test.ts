import { expect } from "chai";

import { UsageError } from "../../../scripts/command/words.ts";
import { parseOptions } from "../../../scripts/devnet/options.ts";

describe("parseOptions of the devnet", () => {
  it("has defaults for everything", () => {
    expect(parseOptions([])).to.deep.equal({
      port: 8545,
      prices: { scenario: "october-2025" },
      speed: 60,
      seed: "1",
      borrowers: 50,
      keeper: true,
      book: "deployments/31337.json",
      quiet: false,
      json: false,
      help: false,
    });
  });

  it("reads every option", () => {
    const words = ["--port", "0", "--scenario", "march-2020", "--speed", "1.5", "--seed=a b", "--borrowers", "7"];
    const flags = ["--no-keeper", "--quiet", "--json", "--book", "x/y.json"];
    expect(parseOptions([...words, ...flags])).to.deep.equal({
      port: 0,
      prices: { scenario: "march-2020" },
      speed: 1.5,
      seed: "a b",
      borrowers: 7,
      keeper: false,
      book: "x/y.json",
      quiet: true,
      json: true,
      help: false,
    });
    expect(parseOptions(["--prices", "mine.csv"]).prices).to.deep.equal({ file: "mine.csv" });
    expect(parseOptions(["-h"]).help).to.be.true;
  });

  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["an unknown option", ["--fork", "x"], /Unknown option '--fork'\. These are not options of the devnet/u],
    ["a port that there isn't", ["--port", "65536"], /--port is "65536"\. .* from 0 to 65535/u],
    ["a name for a port", ["--port", "http"], /--port is "http"/u],
    ["a speed of zero", ["--speed", "0"], /--speed is "0"\. .* from 1 to 1000/u],
    ["a speed beyond what a machine does", ["--speed", "1001"], /--speed is "1001"/u],
    ["a speed in another notation", ["--speed", "1e2"], /--speed is "1e2"/u],
    ["no borrowers", ["--borrowers", "0"], /--borrowers is "0"\. .* from 1 to 500/u],
    ["two sources of prices", ["--scenario", "march-2020", "--prices", "x.csv"], /exclude each other/u],
    ["an empty name of a file", ["--book="], /--book is empty/u],
  ];
  for (const [what, args, message] of wrong) {
    it(`refuses ${what}, in a sentence`, () => {
      expect(() => parseOptions(args)).to.throw(UsageError, message);
    });
  }
});
