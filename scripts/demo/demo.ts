import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { CantileverError } from "../../src/errors.ts";
import { DEMO_CONFIG } from "../../src/lab/config.ts";
import { loadPrices } from "../../src/lab/scenario/price-file.ts";
import { failureMessage } from "./failure.ts";
import { commandFor, parseOptions, UsageError } from "./options.ts";
import { terminalProgress, type Terminal } from "./terminal-progress.ts";
import { USAGE } from "./usage.ts";

const HARDHAT = join(import.meta.dirname, "../../node_modules", "hardhat/dist/src/cli.js");

/** Where the demo writes to. */
export interface Streams {
  /** Results. */
  readonly stdout: Pick<Terminal, "write">;
  /** Progress and failures. */
  readonly stderr: Terminal;
}

/**
 * The demo's command.
 * @param args words of the command line after the program.
 * @returns the exit code: 0, or 1 for a failure, which has been reported then.
 */
export async function demo(args: readonly string[], streams: Streams): Promise<number> {
  try {
    await run(args, streams);
    return 0;
  } catch (error) {
    streams.stderr.write(`${failureMessage(error)}\n`);
    return 1;
  }
}

async function run(args: readonly string[], { stdout, stderr }: Streams): Promise<void> {
  const options = parseOptions(args);
  if (options.help) {
    stdout.write(USAGE);
    return;
  }
  const { seed, positions, out } = options;
  const path = await loadPrices(options.prices);
  await prepareOutput(out);
  // Built and loaded only now: it takes seconds or minutes, which neither the help nor a wrong option should cost.
  await buildContracts(stderr);
  const { runSimulation } = await import("../../src/lab/simulation/run.ts");
  const { deployLocally } = await import("./local-deployment.ts");
  const { renderReport } = await import("../../src/report/render.ts");
  const { renderTerminalSummary } = await import("../../src/report/terminal.ts");

  const { record, simulation } = await runSimulation(
    { config: DEMO_CONFIG, deploy: deployLocally, path, seed, positions, command: commandFor(options) },
    terminalProgress(stderr),
  );
  await simulation.chain.close();
  stdout.write(options.json ? `${JSON.stringify(record)}\n` : `\n${renderTerminalSummary(record)}\n`);
  await writeFile(out, await renderReport(record));
  stderr.write(`\nReport: ${out} (${record.run.durationSeconds.toFixed(1)} s)\n`);
}

/** Makes sure of the report's file before the simulation that fills it. */
async function prepareOutput(out: string): Promise<void> {
  try {
    await mkdir(dirname(out), { recursive: true });
    await (await open(out, "a")).close();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `--out is ${JSON.stringify(out)}, which can't be written (${reason})`,
      "Give the name of a file in a folder that you may write to.",
    );
  }
}

/** Compiles the contracts if they have changed. What Hardhat says of it goes to where progress goes. */
async function buildContracts(stderr: Terminal): Promise<void> {
  const build = spawn(process.execPath, [HARDHAT, "build", "--no-tests"], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [build.stdout, build.stderr]) stream.on("data", (text: Buffer) => (said += text.toString()));
  const notice = setTimeout(() => stderr.write("Compiling the contracts: a minute or two.\n"), 4_000);
  const [code] = (await once(build, "close")) as [number | null];
  clearTimeout(notice);
  if (code !== 0) throw new BuildFailedError(said);
}

/** The contracts don't compile. */
class BuildFailedError extends CantileverError {
  constructor(said: string) {
    super({
      code: "BUILD_FAILED",
      problem: `The contracts can't be compiled:\n${said.trim()}\n`,
      advice: "Correct the sources, or run `npm ci` if packages are missing.",
    });
  }
}
