import { DEFAULT_POSITIONS } from "../../src/lab/population/generate.ts";
import { defaultScenario, scenarioNames } from "../../src/lab/scenario/builtin.ts";

export const DEFAULT_SEED = "1";
export const DEFAULT_OUT = "out/demo.html";
export const MOST_POSITIONS = 1_000;

export const USAGE = `Usage: npm run demo -- [options]

Sets up a lending market, a Uniswap v3 pool and a keeper on a local chain, lets borrowers open
leveraged positions, replays a course of prices, and reports what became of borrowers and lenders.

Options:
  --scenario NAME   ${scenarioNames.join(" | ")} (default: ${defaultScenario})
  --prices FILE     prices of your own instead: a CSV file of the form in docs/price-files.md
  --seed TEXT       another population of borrowers; the same seed gives the same figures (default: ${DEFAULT_SEED})
  --positions N     borrowers, 1 to ${MOST_POSITIONS} (default: ${DEFAULT_POSITIONS})
  --out FILE        where to write the report, an HTML page (default: ${DEFAULT_OUT})
  --json            print all figures as JSON instead of the tables; what is unbounded is null
  --help            print this
`;
