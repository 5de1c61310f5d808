import { expect } from "chai";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hashOfCode, Journal } from "../../../scripts/proof/mutation/journal.ts";
import type { Mutant } from "../../../scripts/proof/mutation/mutant.ts";
import type { Result } from "../../../scripts/proof/mutation/pool.ts";

const mutant = (id: string): Mutant => ({
  id: `A.sol | ${id}`,
  file: "A.sol",
  line: 1,
  start: 0,
  end: 1,
  operator: "logic",
  replacement: "",
});
const killed = (id: string): Result => ({
  mutant: mutant(id),
  outcome: { status: "killed", suite: "S", test: "t" },
});
const survived = (id: string): Result => ({ mutant: mutant(id), outcome: { status: "survived" } });

describe("the journal of a mutation run", () => {
  let folder: string;
  let file: string;
  let code = "1";
  const journalOf = (build: string): Journal => new Journal(file, build, () => code);
  const all = ["a", "b", "c"].map(mutant);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "cantilever-journal-"));
    file = join(folder, "journal.jsonl");
    code = "1";
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("keeps the results of the same tests, except a truncated line", async () => {
    const journal = journalOf("now");
    expect(journal.read(all)).to.deep.equal([]);
    journal.note(killed("a"));
    journal.note(survived("b"));
    await appendFile(file, '{"id":"A.sol | c"');
    expect(journalOf("now").read(all)).to.deep.equal([killed("a"), survived("b")]);
    journalOf("now").note(killed("c"));
    expect(journalOf("now").read(all)).to.deep.equal([killed("a"), survived("b"), killed("c")]);
  });

  it("keeps mutants killed by earlier tests, and forgets their survivors", () => {
    const journal = journalOf("before");
    journal.note(killed("a"));
    journal.note(survived("b"));
    expect(journalOf("now").read(all)).to.deep.equal([killed("a")]);
  });

  it("forgets timeouts, so that they are tried again", () => {
    const journal = journalOf("now");
    journal.note({ ...killed("a"), outcome: { status: "timeout" } });
    expect(journal.read(all)).to.deep.equal([]);
  });

  it("returns only the requested mutants, and none after a change of their source's code", () => {
    const journal = journalOf("now");
    journal.note(killed("a"));
    expect(journal.read([mutant("b")])).to.deep.equal([]);
    code = "2";
    expect(journal.read(all)).to.deep.equal([]);
    journal.note(survived("a"));
    expect(journal.read(all)).to.deep.equal([survived("a")]);
  });

  it("tidies up: one line per mutant, sorted, without mutants that no longer exist", async () => {
    const journal = journalOf("now");
    for (const id of ["c", "gone", "a", "c"]) journal.note(killed(id));
    journal.note({ ...killed("other"), mutant: { ...mutant("other"), id: "B.sol | other", file: "B.sol" } });
    journal.tidy(all);
    const ids = (await readFile(file, "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(ids).to.deep.equal(["A.sol | a", "A.sol | c", "B.sol | other"]);
  });

  it("hashOfCode: ignores comments and formatting", () => {
    const text = "// One\ncontract A {\n    /* two */ uint256 a;\n}\n";
    expect(hashOfCode(text)).to.equal(hashOfCode("contract A { uint256 a; }\n"));
    expect(hashOfCode(text)).to.not.equal(hashOfCode(text.replace("uint256", "uint128")));
  });
});
