import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { expect } from "chai";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "../docs/security.md"), "utf8");

interface Named {
  readonly file: string;
  readonly test: string | undefined;
}

/** All code spans that name a file of tests, or one test of it; a bare name of a test belongs to the file before it in its line. */
function namedTests(): Named[] {
  const named: Named[] = [];
  for (const line of page.split("\n")) {
    let file: string | undefined;
    for (const [, span = ""] of line.matchAll(/`([^`]+)`/g)) {
      const match = /^(?:test\/)?([\w/]+(?:\.t)?\.(?:sol|test\.ts))(?:::(\w+))?$/.exec(span);
      if (match?.[1] !== undefined) {
        file = match[1];
        named.push({ file, test: match[2] });
      } else if (/^(?:test|testFuzz|invariant)_\w+$/.test(span) && file !== undefined) {
        named.push({ file, test: span });
      }
    }
  }
  return named;
}

describe("The security page", () => {
  const named = namedTests();

  it("names tests for every attack suite there is", () => {
    const files = new Set(named.map(({ file }) => file));
    const suites = globSync("attacks/*.t.sol", { cwd: root });
    expect(suites).to.not.be.empty;
    for (const suite of suites) expect(files, suite).to.include(suite);
  });

  it("names only tests that exist", () => {
    expect(named.length).to.be.greaterThan(60);
    for (const { file, test } of named) {
      const path = join(root, file);
      expect(existsSync(path), `${file} is not in ${dirname(path)}`).to.equal(true);
      if (test === undefined) continue;
      expect(readFileSync(path, "utf8"), `${file} has no ${test}`).to.match(new RegExp(`function ${test}\\(`));
    }
  });
});
