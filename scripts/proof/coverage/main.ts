import { readFileSync } from "node:fs";
import { join } from "node:path";

import { baseBuild, readBase } from "../engine/base.ts";
import { Progress } from "../engine/progress.ts";
import { Project } from "../engine/project.ts";
import { readOptions, runCommand } from "../engine/usage.ts";
import { coreSources } from "../mutation/targets.ts";
import { measure } from "./measure.ts";
import { renderCoverage, uncovered, type Excused } from "./report.ts";

const USAGE = `Runs the Solidity tests, except those of the oracles, and reports the coverage of the core: which
statements run (lines), and which outcomes each condition has (branches).

npm run proof:coverage -- [options]

  --json    print every place as JSON
  --help    print this text

Fails if a statement or a branch is not covered and excused.json gives no reason for it.
`;

await runCommand(async () => {
  const options = readOptions(process.argv.slice(2), {
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  if (options.help) {
    process.stdout.write(USAGE);
    return true;
  }
  const project = new Project();
  const progress = new Progress(process.stderr);
  const say = (what: string): void => {
    progress.say(what);
  };
  const excused = JSON.parse(readFileSync(join(import.meta.dirname, "excused.json"), "utf8")) as Excused[];
  const places = await measure(project, readBase(baseBuild(project, say)), coreSources(project), say);
  progress.end();
  process.stdout.write(options.json ? `${JSON.stringify(places)}\n` : `${renderCoverage(places, excused)}\n`);
  return uncovered(places, excused).length === 0;
});
