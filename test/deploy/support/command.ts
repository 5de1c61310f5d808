import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** How a command in a process of its own has ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as they came. */
  readonly said: string;
}

/** How a command is run. */
export interface RunOptions {
  /** Beside the environment of the test, in which there is no key. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Told of all that was said so far; whether to kill the process by SIGKILL. */
  readonly killWhen?: (said: string) => boolean;
  /** Folder to run in. */
  readonly cwd?: string;
}

/** Runs a program of this repository, such as `deploy/main.ts`, in a process of its own and without a terminal. */
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
