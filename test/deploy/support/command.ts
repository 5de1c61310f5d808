import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Exit code and output of a command in its own process. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both outputs, in the order in which they came. */
  readonly said: string;
}

/** Options of a run. */
export interface RunOptions {
  /** Added to the environment of the test, which contains no key. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with the output so far. Returns whether to kill the process by SIGKILL. */
  readonly killWhen?: (said: string) => boolean;
  /** Working directory. */
  readonly cwd?: string;
}

/**
 * Runs a program of this repository, such as `deploy/main.ts`, in its own process without a
 * terminal.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { environment = {}, killWhen, cwd }: RunOptions = {},
): Promise<Ended> {
  const root = new URL("../../../", import.meta.url);
  const child = spawn(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), fileURLToPath(new URL(program, root)), ...args],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, DEPLOYER_PRIVATE_KEY: "", ...environment },
      cwd: cwd ?? fileURLToPath(root),
    },
  );
  let [said, stdout, stderr] = ["", "", ""];
  child.stdout.on("data", (text: Buffer) => {
    stdout += text.toString();
    said += text.toString();
    if (killWhen?.(said) === true) child.kill("SIGKILL");
  });
  child.stderr.on("data", (text: Buffer) => {
    stderr += text.toString();
    said += text.toString();
  });
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  return { code, signal, stdout, stderr, said };
}
