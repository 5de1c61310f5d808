import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { BookedDeployment } from "../../../../src/client/address-book.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const MAIN = "scripts/devnet/main.ts";

/** The line that a devnet prints when it is ready. */
export interface Ready {
  readonly event: "ready";
  readonly url: string;
  readonly chainId: number;
  readonly seconds: number;
  readonly book: string;
  readonly deployment: BookedDeployment;
  readonly accounts: readonly { readonly address: string; readonly role?: string }[];
}

/** A devnet in a process of its own, or another program. */
export interface DevnetProcess {
  readonly child: ChildProcess;
  /** Its lines on standard output so far. */
  readonly lines: readonly string[];
  /** All that it has written to standard error so far. */
  readonly errors: () => string;
  /** Resolves when it ends. @returns its exit code, or the signal that ended it. */
  readonly exit: Promise<number | string>;
}

/** Starts the command. */
export function startDevnet(...args: readonly string[]): DevnetProcess {
  return startDevnetWith({}, ...args);
}

/** The same with other variables in its environment. */
export function startDevnetWith(environment: NodeJS.ProcessEnv, ...args: readonly string[]): DevnetProcess {
  return started(process.execPath, ["--import", "tsx", MAIN, ...args], environment);
}

/** Runs another program of this repository. */
export function runScript(script: string, ...args: readonly string[]): DevnetProcess {
  return started(process.execPath, ["--import", "tsx", script, ...args], {});
}

/** The same by npm, as people start it: the process is npm's. */
export function startDevnetByNpm(...args: readonly string[]): DevnetProcess {
  return started("npm", ["run", "--silent", "devnet", "--", ...args], {});
}

function started(program: string, args: readonly string[], environment: NodeJS.ProcessEnv): DevnetProcess {
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const exit = once(child, "exit").then(([code, signal]) => (code ?? signal) as number | string);
  return { child, lines, errors: () => errors, exit };
}

/** Its first line as an object. @throws if it ends before. */
export async function readyOf(devnet: DevnetProcess): Promise<Ready> {
  await until(() => devnet.lines.length > 0, devnet);
  return JSON.parse(devnet.lines[0] ?? "") as Ready;
}

/** Waits for a condition, as long as the process lives. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { child, errors }: DevnetProcess,
): Promise<void> {
  while (!(await condition())) {
    if (child.exitCode !== null) throw new Error(`The devnet has ended with ${child.exitCode}. It said: ${errors()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
