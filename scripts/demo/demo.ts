import { mkdir, open, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { DEMO_CONFIG } from "../../src/lab/config.ts";
import { loadPrices } from "../../src/lab/scenario/price-file.ts";
import { compileContracts } from "../command/compile.ts";
import { failureMessage } from "../command/failure.ts";
import { checkNode } from "../command/node-version.ts";
import { terminalProgress, type Terminal } from "../command/terminal-progress.ts";
import { UsageError } from "../command/words.ts";
import { commandFor, parseOptions } from "./options.ts";
import { USAGE } from "./usage.ts";

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
  checkNode("demo");
  const { seed, positions, out } = options;
  const path = await loadPrices(options.prices);
  await prepareOutput(out);
  // Compiled and loaded only now: it takes seconds or minutes, which neither the help nor a wrong
  // option should cost.
  await compileContracts(stderr);
  const { runSimulation } = await import("../../src/lab/simulation/run.ts");
  const { deployLocally } = await import("../command/local-deployment.ts");
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
