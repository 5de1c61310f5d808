import { parseArgs } from "node:util";

import { network } from "hardhat";

import { renderTable } from "../report/table.ts";
import { builtinScenario, scenarioNames } from "../scenario/builtin.ts";
import { priceAt } from "../scenario/price-at.ts";
import type { PricePath } from "../scenario/types.ts";
import { countLosses, type Losses, type MarketLimits } from "./guard-losses.ts";
import { type Moment, replayGuard, STEP, toOraclePrice } from "./guard-replay.ts";

const help = `Replays the built-in crashes through an OracleGuard on an in-process chain.

Usage: npm run bench:oracles -- [options]

  --bound N  percent that two prices may be apart and still agree; 1.5 unless told
  --help     this text`;

const SLEW = 0.1;
const GRACE = 3_600;

/** The market of the deployment, and a tighter one, whose margin for a late liquidation is 4% instead of 13.7%. */
const markets: readonly MarketLimits[] = [
  { maxLeverage: 5, liquidationLeverage: 6.5, bonus: 0.02 },
  { maxLeverage: 10, liquidationLeverage: 20, bonus: 0.01 },
];

const wad = (share: number): bigint => BigInt(Math.round(share * 1e6)) * 10n ** 12n;
const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

async function replay(path: PricePath, bound: number): Promise<Moment[]> {
  const { ethers, networkHelpers } = await network.create();
  const startsAt = (await networkHelpers.time.latest()) + 1_000_000;
  const start = toOraclePrice(priceAt(path, 0));
  const primary = await ethers.deployContract("MockOracle", [start]);
  const secondary = await ethers.deployContract("MockOracle", [start]);
  const [admin] = await ethers.getSigners();
  const guard = await ethers.deployContract("OracleGuard", [
    {
      primary,
      secondary,
      authority: await admin?.getAddress(),
      bound: wad(bound),
      slew: wad(SLEW),
      grace: GRACE,
      sourceGas: 200_000,
      replacementDelay: 2 * 86_400,
    },
  ]);
  // A poke's block has the time of its moment; those that set the prices lie just before.
  const setNextTime = async (time: number) => networkHelpers.time.setNextBlockTimestamp(time);
  return replayGuard({ guard, primary, secondary, setNextTime }, path, startsAt);
}

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

function describe(path: PricePath, moments: readonly Moment[]): string {
  const minutes = (test: (moment: Moment) => boolean): string =>
    ((moments.filter(test).length * STEP) / 60).toLocaleString("en");
  const distance = (price: (moment: Moment) => number): string => {
    const all = moments.map((moment) => Math.abs(price(moment) / moment.truth - 1));
    return `${percent(all.reduce((sum, one) => sum + one, 0) / all.length)}, at most ${percent(Math.max(...all))}`;
  };
  return [
    `${path.title}: ${minutes(() => true)} minutes`,
    `Minutes without an open price (disagreement): ${minutes(({ open }) => open === 0)}`,
    `Distance of the liquidation price from the truth: guard ${distance(({ liquidation }) => liquidation)}`,
    `                                            feed alone ${distance(({ primary }) => primary)}`,
    ...markets.map((market) => lossTable(market, moments)),
  ].join("\n");
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { bound: { type: "string", default: "1.5" }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const bound = Number(values.bound) / 100;
  if (!(bound > 0 && bound <= 0.2)) throw new RangeError(`--bound is above 0 and at most 20, not ${values.bound}.`);
  console.log(
    `Guard: bound ${percent(bound)}, grace ${String(GRACE)} s. Primary: a feed with a deviation of 0.5% and a minute's lag. ` +
      `Secondary: the mean of three minutes.\n`,
  );
  for (const name of scenarioNames) {
    const path = builtinScenario(name);
    console.log(`${describe(path, await replay(path, bound))}\n`);
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
