import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { CantileverError } from "../../src/errors.ts";
import type { Terminal } from "./terminal-progress.ts";

const HARDHAT = join(import.meta.dirname, "../../node_modules", "hardhat/dist/src/cli.js");

/**
 * What Hardhat says of a build where another one, in another process, has taken its cache away
 * while it wrote it.
 */
const CROSSED = "compile-cache.json.tmp";
/** Builds that are made at most where they cross others. */
const MOST_BUILDS = 3;

/**
 * Compiles the contracts if they have changed, and says so where that takes a while.
 * @param signal ends the compiler.
 * @throws CompilationFailedError with what Hardhat said of it.
 */
export async function compileContracts(terminal: Terminal, signal?: AbortSignal): Promise<void> {
  const notice = setTimeout(() => terminal.write("Compiling the contracts: a minute or two.\n"), 4_000);
  try {
    let built = await build(signal);
    for (let builds = 1; builds < MOST_BUILDS && built.said.includes(CROSSED); ++builds) built = await build(signal);
    if (built.code !== 0) throw new CompilationFailedError(built.said);
  } finally {
    clearTimeout(notice);
  }
}

async function build(signal?: AbortSignal): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, [HARDHAT, "build", "--no-tests"], { stdio: ["ignore", "pipe", "pipe"] });
  const stop = (): void => void child.kill("SIGKILL");
  signal?.addEventListener("abort", stop);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (said += text.toString()));
  try {
    const [code] = (await once(child, "close")) as [number | null];
    signal?.throwIfAborted();
    return { code, said };
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** The contracts don't compile. */
class CompilationFailedError extends CantileverError {
  constructor(said: string) {
    super({
      code: "BUILD_FAILED",
      problem: `The contracts can't be compiled:\n${said.trim()}\n`,
      advice: "Correct the sources, or run `npm ci` if packages are missing.",
    });
  }
}
