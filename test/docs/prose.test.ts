import { expect } from "chai";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
/** Longer lines of prose are hard to read. */
const COLUMNS = 100;

/** Lines that no wrapping makes shorter, or that tools read: tables, headings, directives. */
const EXEMPT = /^\s*(?:\||#|(?:\/\/|\*)\s*(?:SPDX|eslint-|solhint-|prettier-|@ts-)|\/\/\/ \|)/u;

/** A single word, piece of code or picture. */
const UNBREAKABLE = /^(?:\S+|`[^`]*`\S?|!\[[^\]]*\]\([^)]*\))$/u;

function isTooLong(line: string, text: string): boolean {
  return line.length > COLUMNS && !EXEMPT.test(line) && !UNBREAKABLE.test(text.trim());
}

/** Lines of a page outside of code and of tables that are too long, with their numbers. */
function longLinesOfPage(text: string): string[] {
  let isCode = false;
  return text.split("\n").flatMap((line, index) => {
    if (/^\s*(?:```|~~~)/u.test(line)) isCode = !isCode;
    return !isCode && isTooLong(line, line) ? [`line ${index + 1}`] : [];
  });
}

const COMMENT = /^\s*(?:\/\/\/?|\/?\*\*?)\s?(?<text>.*)$/u;

/** Lines that are nothing but a comment, and too long. */
function longComments(source: string): string[] {
  return source.split("\n").flatMap((line, index) => {
    const text = COMMENT.exec(line)?.groups?.text;
    return text !== undefined && isTooLong(line, text) ? [`line ${index + 1}`] : [];
  });
}

function found(patterns: readonly string[], longLines: (text: string) => string[]): { files: number; long: string[] } {
  const files = globSync([...patterns], { cwd: ROOT });
  const long = files.flatMap((file) => {
    return longLines(readFileSync(join(ROOT, file), "utf8")).map((line) => `${file}, ${line}`);
  });
  return { files: files.length, long };
}

describe("Lines of prose", () => {
  it("end at 100 columns in the pages", () => {
    const { files, long } = found(["*.md", "docs/**/*.md"], longLinesOfPage);
    expect(files).to.be.above(5);
    expect(long).to.deep.equal([]);
  });

  it("end at 100 columns in comments", () => {
    const folders = ["contracts", "deploy", "scripts", "src", "test"];
    const { files, long } = found(
      folders.flatMap((folder) => [`${folder}/**/*.sol`, `${folder}/**/*.ts`]),
      longComments,
    );
    expect(files).to.be.above(200);
    expect(long).to.deep.equal([]);
  });

  it("that are longer are found", () => {
    const prose = "word ".repeat(25);
    expect(longLinesOfPage(`${prose}\n\`\`\`\n${prose}\n\`\`\`\n| ${prose} |\n${prose}`)).to.deep.equal([
      "line 1",
      "line 6",
    ]);
    const source = `let x = 1;\n// ${prose}\n/** ${prose} */\n * ${prose}\n// eslint-disable ${prose}\n/// ${"x".repeat(120)}`;
    expect(longComments(source)).to.deep.equal(["line 2", "line 3", "line 4"]);
  });
});
