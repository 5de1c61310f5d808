import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { demo } from "../../../scripts/demo/demo.ts";
import type { RunRecord } from "../../../src/record.ts";

const MAIN = fileURLToPath(new URL("../../../scripts/demo/main.ts", import.meta.url));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the demo's command in this process. */
async function run(...args: string[]): Promise<Outcome> {
  const written = { stdout: "", stderr: "" };
  const code = await demo(args, {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
  });
  return { code, ...written };
}

/** Runs it as `npm run demo` does, in a process of its own. */
function spawned(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...environment }, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, ["--import", "tsx", MAIN, ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
}

describe("the demo's command line", () => {
  it("answers a wrong option with one line", async () => {
    expect(await run("--seed", "-1")).to.deep.equal({
      code: 1,
      stdout: "",
      stderr:
        "Option '--seed' argument is ambiguous. Give a value to those that take one; one that begins with a dash as in " +
        "--seed=-1. Try --help.\n",
    });
  });

  it("names the scenarios where an unknown one is asked for", async () => {
    const { code, stdout, stderr } = await run("--scenario", "may-2021");
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.match(/^There is no scenario "may-2021"\. .*march-2020, october-2025.*\n$/u);
  });

  describe("as a process", () => {
    it("explains itself, without loading Hardhat or ethers", async () => {
      const { code, stdout, stderr } = await spawned(["--help"], { NODE_DEBUG: "esm,module" });
      expect(code).to.equal(0);
      for (const option of ["--scenario", "--prices", "--seed", "--positions", "--out", "--json"]) {
        expect(stdout).to.contain(option);
      }
      // Node names each module that it loads.
      expect(stderr).to.contain("scripts/demo/demo.ts");
      expect(stderr).not.to.match(/node_modules\/(?:hardhat|ethers|@nomicfoundation|vega)\//u);
    });

    it("ends with exit code 1 and one line on standard error for an unknown option", async () => {
      expect(await spawned(["--sceanrio", "march-2020"])).to.deep.equal({
        code: 1,
        stdout: "",
        stderr: "Unknown option '--sceanrio'. These are not options of the demo. Try --help.\n",
      });
    });
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

    it("refuses prices that a feed can't carry, and names the range", async () => {
      const file = join(folder, "tiny.csv");
      await writeFile(file, "timestamp,open,high,low,close\n1583971200,0.001,0.002,0.001,0.002\n");
      const { code, stderr } = await run("--prices", file);
      expect(code).to.equal(1);
      expect(stderr).to.match(/tiny\.csv, line 2: open 0\.001 is out of range\. .* between 0\.01 and 10000000 .*\n$/u);
    });

    it("refuses times that the market's clock does not know", async () => {
      const file = join(folder, "old.csv");
      await writeFile(file, "timestamp,open,high,low,close\n0,1,1,1,1\n3600,1,1,1,1\n");
      expect(await run("--prices", file)).to.deep.equal({
        code: 1,
        stdout: "",
        stderr:
          "These prices can't be replayed: they begin at second 0 of Unix time. Give times between 1971 and 2100.\n",
      });
    });

    it("runs to the end: figures on standard output, a report with plots in the file, progress apart from both", async () => {
      const [file, out] = [join(folder, "short.csv"), join(folder, "new folder", "report.html")];
      await writeFile(
        file,
        "timestamp,open,high,low,close\n1700000000,2000,2000,1900,1900\n1700003600,1900,1900,1300,1400\n",
      );
      const args = ["--prices", file, "--positions", "12", "--seed", "a b", "--json", "--out", out];
      const { code, stdout, stderr } = await run(...args);
      expect(code, stderr).to.equal(0);
      const record = JSON.parse(stdout) as RunRecord;
      expect(record.positions.opened).to.equal(12);
      expect(record.moments.atLow.price).to.equal(1_300);
      expect(record.run.command).to.match(/^npm run demo -- --prices \S+short\.csv --seed 'a b' --positions 12$/u);
      expect(stderr)
        .to.match(/^Starting a chain$/mu)
        .and.to.contain(`Report: ${out}`);

      const page = await readFile(out, "utf8");
      expect(page.match(/<svg[ >]/gu)?.length).to.be.at.least(7);
      expect(page)
        .to.contain(record.run.title)
        .and.not.to.match(/<script|src=|https?:\/\/(?!www\.w3\.org)/u);
    });
  });
});
