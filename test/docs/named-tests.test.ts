import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

const root = join(import.meta.dirname, "..");
const docs = join(root, "../docs");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const solidity = globSync("**/*.sol", { cwd: root }).map(read).join("\n");

interface Named {
  /** Not given for a test that is named by itself. */
  readonly file: string | undefined;
  /** A function of a Solidity file, or the title of a test in a TypeScript file. */
  readonly test?: string;
}

/**
 * What a page names: `folder/File.t.sol`, `folder/File.t.sol::test_Name`, further names of tests of
 * the same file in the same paragraph, and `folder/file.test.ts`, "title", or ("title").
 */
function namedTests(page: string): Named[] {
  const named: Named[] = [];
  for (const paragraph of page.split(/\n\s*\n|\n(?=[|-])/u)) {
    let file: string | undefined;
    for (const [, span = "", , title] of paragraph.matchAll(/`([^`]+)`((?:,\s+|\s+\()"([^"]+)")?/gu)) {
      const match = /^(?:test\/)?([\w/-]+(?:\.t)?\.(?:sol|test\.ts))(?:::(\w+))?$/u.exec(span);
      const path = match?.[1];
      if (path !== undefined && !path.startsWith("contracts/")) {
        file = path;
        const test = match?.[2] ?? title?.replaceAll(/\s+/gu, " ");
        named.push(test === undefined ? { file } : { file, test });
      } else if (/^(?:test|testFuzz|invariant)_\w+$/u.test(span)) {
        named.push({ file, test: span });
      }
    }
  }
  return named;
}

function missing({ file, test }: Named): string | undefined {
  if (file !== undefined && !existsSync(join(root, file))) return `test/${file} does not exist`;
  if (test === undefined) return undefined;
  const text = file === undefined ? solidity : read(file);
  const has = file?.endsWith(".ts") ? text.includes(`it("${test}"`) : new RegExp(`function ${test}\\(`, "u").test(text);
  return has ? undefined : `${file ?? "no test file"} has no ${test}`;
}

describe("The documentation", () => {
  const pages = new Map(globSync("*.md", { cwd: docs }).map((page) => [page, readFileSync(join(docs, page), "utf8")]));
  const security = namedTests(pages.get("security.md") ?? "");

  for (const [name, page] of pages) {
    const named = namedTests(page);
    if (named.length === 0) continue;
    it(`names only tests that exist: ${named.length} in ${name}`, () => {
      expect(
        named
          .map(missing)
          .filter((problem) => problem !== undefined)
          .join("; "),
      ).to.equal("");
    });
  }

  it("names tests for every attack suite there is", () => {
    expect(security.length).to.be.greaterThan(60);
    const files = new Set(security.map(({ file }) => file));
    const suites = globSync("attacks/*.t.sol", { cwd: root });
    expect(suites).to.not.be.empty;
    for (const suite of suites) expect(files, suite).to.include(suite);
  });

  it("names a test for each finding of the audits", () => {
    const section = /^## What audits have found\n(.*?)^## /msu.exec(pages.get("security.md") ?? "")?.[1] ?? "";
    const rows = section.split("\n").filter((line) => /^\| [a-z]/u.test(line) && !line.startsWith("| finding "));
    expect(rows.length).to.be.at.least(38);
    for (const row of rows) expect(namedTests(row), row).to.not.be.empty;
  });

  it("of the counterexamples names only tests that exist", () => {
    const text = read("invariants/Counterexamples.t.sol");
    const kept = [...text.matchAll(/^\/\/\/ +([\w/]+): (test\w+)$/gmu)].map(([, place = "", test = ""]) => {
      return { file: place === "here" ? "invariants/Counterexamples.t.sol" : `${place}.t.sol`, test };
    });
    expect(kept.length).to.be.at.least(13);
    expect(kept.map(missing).filter((problem) => problem !== undefined)).to.deep.equal([]);
  });

  it("would be found to name what there is not", () => {
    const wrong =
      'see `attacks/Feeds.t.sol::test_None`, `attacks/None.t.sol` and `events/rebuild.test.ts`, "does nothing"';
    expect(namedTests(wrong).map(missing)).to.deep.equal([
      "attacks/Feeds.t.sol has no test_None",
      "test/attacks/None.t.sol does not exist",
      "events/rebuild.test.ts has no does nothing",
    ]);
  });
});
