import { PassThrough } from "node:stream";

import type { Terminal } from "../../../src/cli/terminal.ts";

/** A terminal without a person, with captured output. */
export interface Captured {
  readonly terminal: Terminal;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export function captured(): Captured {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const parts: Record<"stdout" | "stderr", string> = { stdout: "", stderr: "" };
  stdout.on("data", (text: Buffer) => (parts.stdout += text.toString()));
  stderr.on("data", (text: Buffer) => (parts.stderr += text.toString()));
  return {
    terminal: { stdin: new PassThrough(), stdout, stderr },
    stdout: () => parts.stdout,
    stderr: () => parts.stderr,
  };
}
