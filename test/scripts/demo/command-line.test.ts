import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import type { RunRecord } from "../../../src/lab/record.ts";

const MAIN = fileURLToPath(new URL("../../../scripts/demo/main.ts", import.meta.url));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the demo's command as `npm run demo` does, in a process of its own. */
function run(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["--import", "tsx", MAIN, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
}

describe("the demo's command line", () => {
  it("explains itself", async () => {
    const { code, stdout, stderr } = await run("--help");
    expect(code).to.equal(0);
    expect(stderr).to.equal("");
    for (const option of ["--scenario", "--prices", "--seed", "--positions", "--out", "--json"]) {
      expect(stdout).to.contain(option);
    }
  });

  it("answers an unknown option with one line and exit code 1", async () => {
    expect(await run("--sceanrio", "march-2020")).to.deep.equal({
      code: 1,
      stdout: "",
      stderr: "Unknown option '--sceanrio'. These are not options of the demo. Try --help.\n",
    });
  });

  it("names the scenarios where an unknown one is asked for", async () => {
    const { code, stdout, stderr } = await run("--scenario", "may-2021");
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.match(/^There is no scenario "may-2021"\. .*march-2020, october-2025.*\n$/u);
  });

  describe("with a folder for files", () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "cantilever-demo-"));
    });
    after(() => rm(folder, { recursive: true }));

    it("names the line that is wrong", async () => {
      const file = join(folder, "wrong.csv");
      await writeFile(file, "timestamp,open,high,low,close\n1583971200,194,195,196,194\n");
      const { code, stderr } = await run("--prices", file);
      expect(code).to.equal(1);
      expect(stderr).to.match(/wrong\.csv, line 2: /u);
      expect(stderr).not.to.match(/^\s+at /mu);
    });

    it("refuses prices that a feed can't carry", async () => {
      const file = join(folder, "tiny.csv");
      await writeFile(
        file,
        "timestamp,open,high,low,close\n1583971200,0.001,0.002,0.001,0.002\n1583971500,0.002,0.002,0.001,0.001\n",
      );
      const { code, stderr } = await run("--prices", file);
      expect(code).to.equal(1);
      expect(stderr).to.match(/^These prices can't be replayed: they go from 0\.001 to 0\.002\. .*\n$/u);
    });

    it("runs to the end: figures on standard output, a report with plots in the file, progress apart from both", async () => {
      const out = join(folder, "new folder", "report.html");
      const args = ["--scenario", "october-2025", "--positions", "12", "--seed", "a b", "--json", "--out", out];
      const { code, stdout, stderr } = await run(...args);
      expect(code, stderr).to.equal(0);
      const report = JSON.parse(stdout) as RunRecord;
      expect(report.positions.opened).to.equal(12);
      expect(report.moments.atLow.price).to.equal(3_435);
      expect(report.run.command).to.equal("npm run demo -- --scenario october-2025 --seed 'a b' --positions 12");
      expect(stderr)
        .to.match(/^Starting a chain$/mu)
        .and.to.contain(`Report: ${out}`);

      const page = await readFile(out, "utf8");
      expect(page.match(/<svg[ >]/gu)?.length).to.be.at.least(7);
      expect(page)
        .to.contain(report.run.title)
        .and.not.to.match(/<script|src=|https?:\/\/(?!www\.w3\.org)/u);
    });
  });
});
