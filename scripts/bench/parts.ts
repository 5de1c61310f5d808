import { parseArgs } from "node:util";

import { FALLS, lossesByParts } from "../../src/lab/liquidation/parts.ts";
import { builtinScenario, scenarioNames } from "../../src/lab/scenario/builtin.ts";
import { renderTable } from "../../src/report/table.ts";

const help = `Compares liquidations in parts of any size with ones of a least share of what is wanted.

Usage: npm run bench:parts

Positions of 3x, 4x and 5x are opened every six hours of the built-in crashes and liquidated by the
market's mathematics, in blocks of twelve seconds, by a keeper without capital that sells in a pool:
as much as the pool pays for. The depth of the pool is what a sale brings that takes its price down
by 2%, as a share of the debt; a third of it is bought back in a minute. With a borrower who
liquidates itself before the keeper, and by as little as suffices, where the rows say so.`;

/** Shares of the debt: a pool that takes all at once, that of the demo, and two thin ones. */
const DEPTHS = [1, 0.1, 0.03, 0.01];
const LEAST_SHARES = [0, 0.25, 0.5, 1];

const percent = (share: number, digits = 0): string => `${(100 * share).toFixed(digits)}%`;

const { values } = parseArgs({ options: { help: { type: "boolean", default: false } } });
if (values.help) console.log(help);
else {
  const right = "right" as const;
  for (const name of scenarioNames) {
    const path = builtinScenario(name);
    const rows = DEPTHS.flatMap((depth) =>
      [false, true].flatMap((griefed) =>
        LEAST_SHARES.map((leastShare) => {
          const { onPath, afterFall } = lossesByParts(path, { depth, leastShare, griefed });
          return [
            percent(depth),
            griefed ? "borrower, keeper" : "keeper",
            leastShare === 0 ? "none" : percent(leastShare),
            percent(onPath, 3),
            ...afterFall.map((loss) => percent(loss, 3)),
          ];
        }),
      ),
    );
    console.log(`${path.title}: lenders' loss as a share of the debt\n`);
    const columns = ["on the path", ...FALLS.map((fall) => `-${percent(fall)} at once`)];
    console.log(
      renderTable(
        [
          { title: "depth", align: right },
          { title: "liquidated by" },
          { title: "least share", align: right },
          ...columns.map((title) => ({ title, align: right })),
        ],
        rows,
      ),
    );
    console.log("");
  }
}
