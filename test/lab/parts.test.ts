import { expect } from "chai";

import { UsageError } from "../../src/lab/errors.ts";
import { failureMessage } from "../../scripts/demo/failure.ts";
import { terminalProgress } from "../../src/lab/progress.ts";
import { feedAnswer, oraclePrice } from "../../src/lab/prices.ts";
import { commandFor } from "../../src/lab/run-info.ts";

describe("commandFor", () => {
  it("quotes what a shell would take apart", () => {
    const command = (seed: string): string => commandFor({ prices: { file: "my prices.csv" }, seed, positions: 3 });
    expect(command("it's")).to.equal(
      String.raw`npm run demo -- --prices 'my prices.csv' --seed 'it'\''s' --positions 3`,
    );
    expect(command("7")).to.contain("--seed 7 ");
  });
});

describe("failureMessage", () => {
  it("is the message alone where the user can help, and the stack where not", () => {
    expect(failureMessage(new UsageError("Wrong", "Do right."))).to.equal("Wrong. Do right. Try --help.");
    expect(failureMessage(new Error("a defect"))).to.match(/a defect\n\s+at /u);
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
      syscall: "write",
    });
    expect(failureMessage(full)).to.equal("ENOSPC: no space left on device, write");
  });
});

describe("feedAnswer and oraclePrice", () => {
  it("scale dollars as the feed and the oracle do", () => {
    expect(feedAnswer(194.6)).to.equal(19_460_000_000n);
    expect(oraclePrice(feedAnswer(2_000))).to.equal(2_000n * 10n ** 24n);
  });
});

describe("terminalProgress", () => {
  const written = (isTTY: boolean) => {
    const texts: string[] = [];
    const progress = terminalProgress({ isTTY, columns: 30, write: (text) => texts.push(text) });
    return { texts, progress };
  };

  it("overwrites one line on a terminal, within its width", () => {
    const { texts, progress } = written(true);
    progress.stage("Begin");
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
