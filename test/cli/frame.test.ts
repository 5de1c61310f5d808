import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { PassThrough } from "node:stream";
import { promisify } from "node:util";

import { expect } from "chai";
import type { Command } from "commander";

import { completions, completionScript, SHELL_NAMES } from "../../src/cli/completion.ts";
import { EXIT_CODES, EXIT_MEANINGS } from "../../src/cli/exit-codes.ts";
import { failureOf } from "../../src/cli/failure.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { run } from "./support/cli.ts";

const ROOT = join(import.meta.dirname, "../..");

const terminal = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
const program = buildProgram({ terminal, environment: {}, takeInterrupts: () => new AbortController().signal });

/** Commands that one can run, with the words that name them. */
function commandsOf(
  command: Command,
  words: readonly string[] = [],
): readonly (readonly [readonly string[], Command])[] {
  if (command.commands.length === 0) return [[words, command]];
  return command.commands.flatMap((one) => commandsOf(one, [...words, one.name()]));
}

describe("cantilever --help", () => {
  it("names each command, and each exit code with its meaning", async () => {
    const { code, stdout } = await run(["--help"], {});
    expect(code).to.equal(0);
    for (const command of program.commands) expect(stdout).to.contain(`  ${command.name()}`);
    for (const [name, number] of Object.entries(EXIT_CODES)) {
      expect(stdout).to.contain(`${number}  ${EXIT_MEANINGS[name as keyof typeof EXIT_CODES]}`);
    }
  });

  it("devnet: says what to install, since it is not part of the package", async () => {
    const { code, stderr } = await run(["devnet"], {});
    expect(code).to.equal(2);
    expect(stderr).to.contain("it needs Hardhat").and.to.contain("`npm run devnet`");
  });

  for (const [words, command] of commandsOf(program)) {
    it(`shows how to use ${words.join(" ")}, with an example`, async () => {
      const { code, stdout } = await run([...words, "--help"], {});
      expect(code).to.equal(0);
      expect(stdout).to.contain(command.description().split(" ")[0]);
      const group = words.length > 1 ? await run([...words.slice(0, -1), "--help"], {}) : undefined;
      expect(`${stdout}${group?.stdout ?? ""}`).to.match(/Examples:\n {2}\$ cantilever /u);
    });
  }

  it("has no option that takes a secret: the shell's history would keep it", () => {
    const flags = commandsOf(program).flatMap(([, { options }]) => options.map(({ flags: text }) => text));
    expect(flags.length).to.be.greaterThan(100);
    expect(flags.filter((text) => /password|secret|private|mnemonic|--key/iu.test(text))).to.deep.equal([]);
  });

  it("loads nothing heavy: what a command needs comes when it runs", () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = readFileSync(join(ROOT, file), "utf8");
      for (const [, isType, path = ""] of text.matchAll(/^import (type )?[^;]*?from "([^"]+)";/gmu)) {
        if (isType !== undefined) continue;
        if (path.startsWith(".")) visit(normalize(join(dirname(file), path)));
        else if (!path.startsWith("node:")) packages.add(path);
      }
    };
    visit("src/cli/main.ts");
    visit("src/cli/run.ts");
    expect([...packages]).to.deep.equal(["commander"]);
    expect(seen.size).to.be.within(8, 20);
  });
});

describe("Shell completion", () => {
  const sources = { bookFolders: [join(ROOT, "test/cli/support/books")], keystoreFolder: "/nonexistent" };

  it("has a script for each shell, which asks the program", () => {
    for (const shell of SHELL_NAMES) expect(completionScript(shell)).to.contain("cantilever __complete");
    expect(completionScript("tcsh")).to.equal(undefined);
  });

  const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
    [["po"], ["position", "positions", "poke"]],
    [["open", "--max-s"], ["--max-slippage"]],
    [
      ["govern", "sched"],
      ["schedule", "schedule-source", "schedule-call"],
    ],
    [["govern", "lower", "M", "debt"], ["debtCap"]],
    [["--rpc-url", "http://x", "close", "--ye"], ["--yes"]],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [["repay", "M", "a"], ["all"]],
    [
      ["govern", "cancel-source", "M", ""],
      ["primary", "secondary"],
    ],
  ];
  for (const [words, expected] of cases) {
    it(`of ${JSON.stringify(words.join(" "))}`, () => {
      expect(completions(program, words, sources)).to.have.members([...expected]);
    });
  }

  it("works in bash", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cantilever-bash-"));
    const main = join(ROOT, "src/cli/main.ts");
    writeFileSync(join(folder, "cantilever"), `#!/bin/sh\nexec "${process.execPath}" --import tsx "${main}" "$@"\n`, {
      mode: 0o755,
    });
    const script = `${completionScript("bash") ?? ""}
COMP_WORDS=(cantilever govern sched); COMP_CWORD=2; _cantilever; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { PATH = "" } = process.env;
    const env = { ...process.env, PATH: `${folder}:${PATH}` };
    const { stdout } = await promisify(execFile)("bash", ["-c", script], { env, cwd: ROOT });
    rmSync(folder, { recursive: true });
    expect(stdout.trim().split("\n")).to.have.members(["schedule", "schedule-source", "schedule-call"]);
  });

  it("is what the hidden command prints", async () => {
    const { code, stdout } = await run(["__complete", "hist"], {});
    expect(code).to.equal(0);
    expect(stdout).to.equal("history\n");
  });
});

describe("A failure", () => {
  it("of the program itself is called a defect, and shows its stack only where one asks for it", () => {
    const told = failureOf(new TypeError("x is not a function"));
    expect(told.exitCode).to.equal(EXIT_CODES.defect);
    expect(told.message).to.contain("This is a defect of the program: x is not a function");
    expect(told.message).not.to.match(/\n\s+at /u);
    expect(failureOf(new TypeError("x"), true).message).to.match(/\n\s+at /u);
  });
});
