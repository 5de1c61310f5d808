import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { DEMO_CONFIG } from "../../src/lab/config.ts";
import { loadPrices } from "../../src/lab/scenario/price-file.ts";
import { failureMessage } from "./failure.ts";
import { commandFor, parseOptions } from "./options.ts";
import { terminalProgress, type Terminal } from "./terminal-progress.ts";
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
  const { seed, positions, out } = options;
  const path = await loadPrices(options.prices);
  // Loaded only now: hardhat and the charts take seconds, which neither the help nor a wrong option
  // should cost.
  const { runSimulation } = await import("../../src/lab/simulation/run.ts");
  const { deployLocally } = await import("./local-deployment.ts");
  const { renderReport } = await import("../../src/report/render.ts");
  const { renderTerminalSummary } = await import("../../src/report/terminal.ts");

  const { record, simulation } = await runSimulation(
    { config: DEMO_CONFIG, deploy: deployLocally, path, seed, positions, command: commandFor(options) },
    terminalProgress(stderr),
  );
  await simulation.chain.close();
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, await renderReport(record));
  stdout.write(options.json ? `${JSON.stringify(record)}\n` : `\n${renderTerminalSummary(record)}\n`);
  stderr.write(`\nReport: ${out} (${record.run.durationSeconds.toFixed(1)} s)\n`);
}
