import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

const ROOT = join(import.meta.dirname, "../..");

/** Test files that take too long, or start too much, for the tier that runs while one works. */
const LEFT_OUT = [
  "test/attacks/*.t.sol",
  "test/invariants/*.t.sol",
  "test/cli/asking.test.ts",
  "test/cli/docs.test.ts",
  "test/cli/govern.test.ts",
  "test/cli/journey.test.ts",
  "test/cli/lost-answers.test.ts",
  "test/cli/permit.test.ts",
  "test/cli/refusals.test.ts",
  "test/deploy/*.test.ts",
  "test/keeper/round.test.ts",
  "test/lab/guard/*.test.ts",
  "test/lab/live/*.test.ts",
  "test/lab/simulation/*.test.ts",
  "test/oracles/*.test.ts",
  "test/package/*.test.ts",
  "test/periphery/*.test.ts",
  "test/scripts/demo/demo.test.ts",
  "test/scripts/devnet/devnet.test.ts",
  "test/scripts/devnet/strangers.test.ts",
];

/** The files that a list of patterns means. */
function filesOf(patterns: readonly string[]): readonly string[] {
  return patterns.flatMap((pattern) => {
    const files = globSync(pattern, { cwd: ROOT });
    expect(files, pattern).not.to.be.empty;
    return files;
  });
}

describe("npm run test:unit", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Readonly<Record<string, string>>;
  };
  const included = (scripts["test:unit"] ?? "").split(" ").filter((word) => word.startsWith("test/"));

  it("runs each test file, or leaves it out on purpose", () => {
    const all = globSync("test/**/*.{test.ts,t.sol}", { cwd: ROOT });
    expect([...filesOf(included), ...filesOf(LEFT_OUT)].sort()).to.deep.equal(all.sort());
  });
});
