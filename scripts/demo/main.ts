import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { renderReport } from "../../src/report/render.ts";
import { renderTerminalSummary } from "../../src/report/terminal.ts";
import { failureMessage } from "./failure.ts";
import { parseOptions } from "./options.ts";
import { loadPrices } from "../../src/lab/price-path.ts";
import { terminalProgress } from "../../src/lab/progress.ts";
import { commandFor } from "../../src/lab/run-info.ts";
import { USAGE } from "./usage.ts";

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  const path = await loadPrices(options.prices);
  // Loaded only now: hardhat takes seconds, which neither the help nor a wrong option should cost.
  const { runDemo } = await import("../../src/lab/run.ts");
  const { report, chain } = await runDemo(
    { path, seed: options.seed, positions: options.positions, command: commandFor(options) },
    terminalProgress(process.stderr),
  );
  await chain.close();
  await mkdir(dirname(options.out), { recursive: true });
  await writeFile(options.out, await renderReport(report));
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `\n${renderTerminalSummary(report)}\n`);
  process.stderr.write(`\nReport: ${options.out} (${report.run.durationSeconds.toFixed(1)} s)\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${failureMessage(error)}\n`);
  process.exitCode = 1;
}
