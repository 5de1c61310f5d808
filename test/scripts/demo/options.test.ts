import { execFileSync } from "node:child_process";

import { expect } from "chai";

import { UsageError } from "../../../scripts/command/words.ts";
import { commandFor, parseOptions } from "../../../scripts/demo/options.ts";

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

describe("commandFor", () => {
  /** The words that a shell makes of the command's options. */
  const wordsOf = (command: string): readonly string[] => {
    const start = "npm run demo -- ";
    expect(command.startsWith(start)).to.be.true;
    const script = String.raw`printf '%s\0' ${command.slice(start.length)}`;
    return execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
  };
  const nasty = [
    "7",
    "-1",
    "--json",
    "--seed=3",
    "-",
    "--",
    "it's",
    '"',
    "a b",
    " -1 ",
    "a\nb\n",
    "-\n'",
    "$HOME `id` $(id) !! \\ * ? ~ # ; & |",
    "~",
    "a=b",
    "\u00e4\u{1f4b6}\u200f",
    "\t\r",
  ];

  for (const text of nasty) {
    it(`is read back with ${JSON.stringify(text)} as the seed, and as the file`, () => {
      const options = { prices: { file: text }, seed: text, positions: 3 };
      expect(parseOptions(wordsOf(commandFor(options)))).to.deep.include(options);
      const named = { prices: { scenario: text }, seed: text, positions: 1_000 };
      expect(parseOptions(wordsOf(commandFor(named)))).to.deep.include(named);
    });
  }

  it("quotes only what a shell would take apart", () => {
    const command = commandFor({ prices: { file: "my prices.csv" }, seed: "7", positions: 3 });
    expect(command).to.equal("npm run demo -- --prices 'my prices.csv' --seed 7 --positions 3");
    expect(commandFor({ prices: { scenario: "march-2020" }, seed: "-1", positions: 3 })).to.equal(
      "npm run demo -- --scenario march-2020 --seed=-1 --positions 3",
    );
  });
});
