import { expect } from "chai";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Journal } from "../../scripts/proof/mutation/journal.ts";
import type { Mutant } from "../../scripts/proof/mutation/mutant.ts";
import type { Result } from "../../scripts/proof/mutation/pool.ts";

const mutant = (id: string): Mutant => ({
  id,
  file: "A.sol",
  line: 1,
  start: 0,
  end: 1,
  operator: "logic",
  replacement: "",
});
const killed = (id: string): Result => ({
  mutant: mutant(id),
  outcome: { status: "killed", suite: "S", test: "t", reason: "" },
  milliseconds: 1,
});
const survived = (id: string): Result => ({ mutant: mutant(id), outcome: { status: "survived" }, milliseconds: 1 });

describe("the journal of a mutation run", () => {
  let folder: string;
  let file: string;
  const all = ["a", "b", "c"].map(mutant);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "cantilever-journal-"));
    file = join(folder, "journal.jsonl");
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("keeps what the same tests found, but for a line that was cut off", async () => {
    const journal = new Journal(file, "now");
    expect(journal.read(all)).to.deep.equal([]);
    journal.note(killed("a"));
    journal.note(survived("b"));
    await appendFile(file, '{"mutant":{"id":"c"');
    expect(new Journal(file, "now").read(all)).to.deep.equal([killed("a"), survived("b")]);
  });

  it("keeps what earlier tests killed, and forgets what survived them", () => {
    const journal = new Journal(file, "before");
    journal.note(killed("a"));
    journal.note(survived("b"));
    expect(new Journal(file, "now").read(all)).to.deep.equal([killed("a")]);
  });

  it("has what ran out of time tried again", () => {
    const journal = new Journal(file, "now");
    journal.note({ ...killed("a"), outcome: { status: "timeout" } });
    expect(journal.read(all)).to.deep.equal([]);
  });

  it("leaves out mutants that are not asked for, and all once it is cleared", () => {
    const journal = new Journal(file, "now");
    journal.note(killed("a"));
    expect(journal.read([mutant("b")])).to.deep.equal([]);
    journal.clear();
    expect(journal.read(all)).to.deep.equal([]);
  });
});
