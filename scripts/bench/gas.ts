import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";

import { renderTable } from "../../src/report/table.ts";
import { GAS_LIMITS, gasProblems, type GasFigures } from "./gas-limits.ts";
import { measureGas } from "./measure.ts";

const help = `Measures the gas of whole transactions of ordinary accounts.

Usage: npm run bench:gas -- [options]

  --json     print a JSON object of names and gas instead of the table
  --check    fail if an action is not measured, differs from the committed snapshot or is above
             its limit
  --update   write the snapshot
  --help     print this text

Setup: OpenZeppelin tokens with 18 decimals, infinite allowances, non-zero balances, a mock oracle
of one storage read behind the real interface, a day before each measured transaction, all fees on.
Rows with a guard use real sources instead.`;

const snapshotFile = new URL("./gas-snapshot.json", import.meta.url);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      update: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }

  const figures = await measureGas((name) => process.stderr.write(`measuring ${name}\n`));
  const snapshot = await readSnapshot();
  if (values.update) await writeFile(snapshotFile, `${JSON.stringify(figures, null, 2)}\n`);

  if (values.json) console.log(JSON.stringify(figures));
  else console.log(tableOf(figures, snapshot));

  const problems = gasProblems(figures, values.update ? figures : snapshot, GAS_LIMITS);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0 && !values.update) {
    console.error(
      "If the change is intended, run `npm run bench:gas -- --update`, commit the snapshot and state the reason.",
    );
  }
  if (values.check && problems.length > 0) process.exitCode = 1;
}

function tableOf(figures: GasFigures, snapshot: GasFigures): string {
  const rows = Object.entries(figures).map(([name, gas]) => [
    name,
    gas.toLocaleString("en"),
    (GAS_LIMITS[name] ?? 0).toLocaleString("en"),
    (snapshot[name] ?? 0).toLocaleString("en"),
  ]);
  const right = "right" as const;
  return renderTable(
    [
      { title: "action" },
      { title: "gas", align: right },
      { title: "limit", align: right },
      { title: "snapshot", align: right },
    ],
    rows,
  );
}

async function readSnapshot(): Promise<GasFigures> {
  try {
    return JSON.parse(await readFile(snapshotFile, "utf8")) as GasFigures;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
