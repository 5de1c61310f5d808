import { parseArgs } from "node:util";

import { FALLS, lossesByParts } from "../../src/lab/liquidation/parts.ts";
import { builtinScenario, scenarioNames } from "../../src/lab/scenario/builtin.ts";
import { renderTable } from "../../src/report/table.ts";

const help = `Compares liquidations in parts of any size with parts of a minimum share of the wanted repayment.

Usage: npm run bench:parts

Positions with 3x, 4x and 5x are opened every six hours of the built-in crashes and liquidated with
the market's mathematics, in blocks of twelve seconds, by a keeper without capital that sells as
much as a pool can pay for. The depth of the pool is the revenue of a sale that lowers its price by
2%, as a share of the debt. A third of the price impact recovers in a minute. In rows with a
borrower, the borrower liquidates itself before the keeper does, with the smallest sufficient
amount.`;

/**
 * Depths as shares of the debt: a pool that can buy everything at once, the pool of the demo, and
 * two shallow ones.
 */
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
