import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { PassThrough } from "node:stream";

import { spawn as spawnInTerminal, type IPty } from "@lydell/node-pty";

import { runCommandLine } from "../../../src/cli/run.ts";

const ROOT = join(import.meta.dirname, "../../..");
const PROGRAM = ["--import", "tsx", join(ROOT, "src/cli/main.ts")];

/** How a command ended, and what it said. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Environment of a command: nothing of the person's own, who may have keystores. */
export type Environment = Readonly<Record<string, string>>;

/**
 * Runs a command line in this process, without a terminal: what takes a second as a process takes a
 * moment here.
 * @param interruptedAfter milliseconds after which Ctrl-C is pressed.
 */
export async function run(
  words: readonly string[],
  environment: Environment,
  interruptedAfter?: number,
): Promise<Ended> {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const said = { stdout: "", stderr: "" };
  streams.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
  streams.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
  const signals = {
    on(signal: string, interrupt: () => void) {
      if (signal === "SIGINT" && interruptedAfter !== undefined) setTimeout(interrupt, interruptedAfter).unref();
    },
    off: () => undefined,
    exit: () => undefined,
  };
  const code = await runCommandLine(words, { ...streams, ...signals }, { ...environment });
  return { code, ...said };
}

/** The JSON that a command prints. */
export function jsonOf({ code, stdout, stderr }: Ended): Record<string, unknown> {
  if (code !== 0) throw new Error(`The command ended by ${code}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** The program, and its arguments, of a command line in a process of its own. */
export function commandOf(words: readonly string[]): [program: string, words: string[]] {
  return [process.execPath, [...PROGRAM, ...words]];
}

/** Runs a command line in a process of its own, as a shell does, without a terminal. */
export async function spawnCli(words: readonly string[], environment: Environment): Promise<Ended> {
  const child = spawn(process.execPath, [...PROGRAM, ...words], { cwd: ROOT, env: withPath(environment) });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
  child.stdin.end();
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? -1, ...said };
}

function withPath(environment: Environment): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: "/nonexistent", ...environment };
}

/** A command that runs in a pseudo-terminal. */
export class TerminalSession {
  readonly #pty: IPty;
  readonly #ended: Promise<number>;
  #said = "";

  constructor(words: readonly string[], environment: Environment, columns = 140) {
    this.#pty = spawnInTerminal(process.execPath, [...PROGRAM, ...words], {
      cwd: ROOT,
      cols: columns,
      rows: 60,
      env: withPath(environment),
    });
    this.#pty.onData((text) => {
      this.#said += text;
    });
    this.#ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        resolve(exitCode);
      });
    });
  }

  /** All that the terminal shows so far. */
  get said(): string {
    return this.#said;
  }

  /** Waits until the terminal shows a text for the first time, or once more since `from`. */
  async shows(text: string | RegExp, from = 0): Promise<void> {
    const fits = (said: string): boolean => (typeof text === "string" ? said.includes(text) : text.test(said));
    for (let tries = 0; tries < 600; ++tries) {
      if (fits(this.#said.slice(from))) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`The terminal never showed ${String(text)}. It shows: ${this.#said}`);
  }

  /** Types a text; `\r` is Enter, `\u0003` is Ctrl-C. */
  type(text: string): void {
    this.#pty.write(text);
  }

  /** Closes the terminal's window. */
  hangUp(): void {
    this.#pty.kill("SIGHUP");
  }

  /** The exit code, once the command has ended. */
  async ended(): Promise<number> {
    return this.#ended;
  }
}
