import { expect } from "chai";

import { terminalProgress } from "../../../scripts/command/terminal-progress.ts";

describe("terminalProgress", () => {
  const written = (isTTY: boolean) => {
    const texts: string[] = [];
    const progress = terminalProgress({ isTTY, columns: 30, write: (text) => texts.push(text) });
    return { texts, progress };
  };

  it("overwrites one line on a terminal, within its width", () => {
    const { texts, progress } = written(true);
    progress.begin("Begin");
    progress.step("Counting", 1, 2, "a detail that does not fit into the line");
    progress.step("Counting", 2, 2);
    expect(texts.join("")).to.equal("Begin\n\r\u001B[2KCounting: 1 of 2 (a detail th\r\u001B[2KCounting: 2 of 2\n");
  });

  it("writes a few lines into a log", () => {
    const { texts, progress } = written(false);
    for (let done = 1; done <= 100; ++done) progress.step("Counting", done, 100);
    expect(texts).to.deep.equal([25, 50, 75, 100].map((done) => `Counting: ${done} of 100\n`));
  });
});
