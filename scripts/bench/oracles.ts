import { parseArgs } from "node:util";

import { renderTable } from "../../src/report/table.ts";
import { builtinScenario, scenarioNames } from "../../src/lab/scenario/builtin.ts";
import { readPriceFile } from "../../src/lab/scenario/price-file.ts";
import type { PricePath } from "../../src/lab/scenario/price-path.ts";
import { countLosses, type Losses, MARKETS, type MarketLimits } from "../../src/lab/guard/losses.ts";
import { compareOutages, outagesOf, outageWithFall } from "../../src/lab/guard/outage.ts";
import { GRACE_PERIOD, type Moment, PRIMARY, replayGuard, STEP } from "../../src/lab/guard/replay.ts";

const help = `Replays the built-in crashes through an OracleGuard on an in-process chain.

Usage: npm run bench:oracles -- [options]

  --deviation N  percent by which two agreeing prices may differ (default: 1.5)
  --window N     seconds of the pool's window, a multiple of 10 (default: 90)
  --fall N       percent by which the guard's floor may fall per hour (default: 100)
  --dead-pool    make the pool unavailable ten minutes after the start
  --prices FILE  replay the bars of a CSV file instead: see docs/price-files.md
  --outage       instead of the guard, simulate a sequencer outage of an hour: the cost of liquidations
                 afterwards at the true price, and at a price that declines to it over an hour
  --help         print this text`;

/** Time of the pool's failure, seconds from the start. The guard's sources have agreed before. */
const POOL_DIES_AT = 600;

const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

function lossTable(market: MarketLimits, moments: readonly Moment[]): string {
  const losses: readonly [string, Losses][] = [
    ["the truth itself", countLosses(moments, market, ({ truth }) => truth)],
    ["feed alone", countLosses(moments, market, ({ primary }) => primary)],
    ["guard", countLosses(moments, market, ({ liquidation }) => liquidation)],
  ];
  const right = "right" as const;
  const columns = ["positions", "wrongly", "late by, mean", "late by, most", "bad debt"];
  return renderTable(
    [
      { title: `${String(market.maxLeverage)}x, liquidated above ${String(market.liquidationLeverage)}x by` },
      ...columns.map((title) => ({ title, align: right })),
    ],
    losses.map(([name, { liquidated, wrongly, meanDelay, maxDelay, badDebt }]) => [
      name,
      liquidated.toLocaleString("en"),
      wrongly.toLocaleString("en"),
      percent(meanDelay),
      percent(maxDelay),
      `${(100 * badDebt).toFixed(4)}%`,
    ]),
  );
}

/** Price falls within the outage, and their occurrences in a price path. */
const OUTAGE_FALLS: readonly (readonly [fall: number, least: number, below: number])[] = [
  [0.05, 0.025, 0.075],
  [0.1, 0.075, 0.15],
  [0.2, 0.15, 1],
];
/** Fractions of the borrowers who act within ten minutes after the outage. */
const ACTING = [0, 0.5];

function outageTable(paths: readonly PricePath[]): string {
  const right = "right" as const;
  const courses = OUTAGE_FALLS.flatMap(([fall, least, below]) => [
    { fall, course: "stays", outages: [outageWithFall(fall, 0)] },
    { fall, course: "falls as much again", outages: [outageWithFall(fall, -fall)] },
    { fall, course: "comes back", outages: [outageWithFall(fall, fall)] },
    ...paths.map((path) => {
      const outages = outagesOf(path, least, below);
      return { fall, course: `${path.title}, ${outages.length.toLocaleString("en")} outages`, outages };
    }),
  ]);
  const rows = MARKETS.flatMap((market) =>
    courses
      .filter(({ outages }) => outages.length > 0)
      .flatMap(({ fall, course, outages }) =>
        ACTING.map((acting) => {
          const { atOnce, declining } = compareOutages(outages, market, acting);
          const costs = [atOnce.harm, declining.harm, atOnce.badDebt, declining.badDebt];
          return [
            `${String(market.maxLeverage)}x`,
            `${String(100 * fall)}%`,
            course,
            `${String(100 * acting)}%`,
            ...costs.map((cost) => `${(100 * cost).toFixed(3)}%`),
          ];
        }),
      ),
  );
  const columns = ["act", "bonuses: at once", "declining", "bad debt: at once", "declining"];
  return renderTable(
    [{ title: "market" }, { title: "fall" }, { title: "then" }, ...columns.map((title) => ({ title, align: right }))],
    rows,
  );
}

function describe(path: PricePath, moments: readonly Moment[]): string {
  const minutes = (test: (moment: Moment) => boolean): string =>
    ((moments.filter(test).length * STEP) / 60).toLocaleString("en");
  const distance = (price: (moment: Moment) => number): string => {
    const all = moments.map((moment) => Math.abs(price(moment) / moment.truth - 1));
    // Not as arguments: a path of years has more moments than a call may have arguments.
    const most = all.reduce((greater, one) => Math.max(greater, one), 0);
    return `${percent(all.reduce((sum, one) => sum + one, 0) / all.length)}, at most ${percent(most)}`;
  };
  return [
    `${path.title}: ${minutes(() => true)} minutes`,
    `Minutes without an open price (disagreement, or no pool): ${minutes(({ open }) => open === 0)}`,
    `Distance of the liquidation price from the truth: guard ${distance(({ liquidation }) => liquidation)}`,
    `                                            feed alone ${distance(({ primary }) => primary)}`,
    ...MARKETS.map((market) => lossTable(market, moments)),
  ].join("\n");
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      deviation: { type: "string", default: "1.5" },
      window: { type: "string", default: "90" },
      fall: { type: "string", default: "100" },
      "dead-pool": { type: "boolean", default: false },
      prices: { type: "string" },
      outage: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const maxDeviation = Number(values.deviation) / 100;
  if (!(maxDeviation > 0 && maxDeviation <= 0.2)) {
    throw new RangeError(`--deviation must be above 0 and at most 20, but is ${values.deviation}.`);
  }
  const window = Number(values.window);
  if (!(window >= 10 && window <= 3_600 && window % 10 === 0)) {
    throw new RangeError(`--window must be a multiple of 10 from 10 to 3600, but is ${values.window}.`);
  }
  const maxFallPerHour = Number(values.fall) / 100;
  if (!(maxFallPerHour >= 0.1 && maxFallPerHour <= 1)) {
    throw new RangeError(`--fall must be from 10 to 100, but is ${values.fall}.`);
  }
  const { prices } = values;
  const paths = prices === undefined ? scenarioNames.map(builtinScenario) : [await readPriceFile(prices)];
  if (values.outage) {
    console.log(`Cost of liquidations after an outage, as shares of the debt\n\n${outageTable(paths)}`);
    return;
  }
  const poolDiesAt = values["dead-pool"] ? POOL_DIES_AT : Infinity;
  console.log(
    `Guard: maximum deviation ${percent(maxDeviation)}, fall of the floor ${percent(maxFallPerHour)} an hour, grace period ${String(GRACE_PERIOD)} s. Primary: a feed with a deviation of ` +
      `${String(100 * PRIMARY.deviation)}% and a lag of ${String(PRIMARY.lagSeconds)} s. ` +
      `Secondary: a pool's mean of ${String(window)} s${values["dead-pool"] ? ", unavailable after ten minutes" : ""}.\n`,
  );
  for (const path of paths) {
    console.log(`${describe(path, await replayGuard(path, { maxDeviation, window, maxFallPerHour, poolDiesAt }))}\n`);
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
