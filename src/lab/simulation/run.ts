import { reportsOf } from "../agents/feed.ts";
import { startKeeper } from "../agents/keeper.ts";
import type { SimulationConfig } from "../config.ts";
import { ETHER_GUARD } from "../../protocol/presets.ts";
import { fromUnits } from "../../client/units.ts";
import type { RunRecord, Setting } from "../../record.ts";
import { checkPath } from "../scenario/price-path.ts";
import { marketInfo } from "../market/measure.ts";
import type { Progress } from "./progress.ts";
import { replay, type Replay, type Simulation } from "./replay.ts";
import { setUp, type SetupOptions } from "./set-up.ts";

/** Enough to tell prices from their neighbours, of any size. */
const DIGITS = { maximumSignificantDigits: 6 };
/** What is simulated. */
export interface SimulationOptions extends SetupOptions {
  /** The command that makes the same run again, for the record. */
  readonly command: string;
}

/** What a simulation leaves behind: its record, and the market for a look beyond it. */
export interface FinishedSimulation {
  readonly record: RunRecord;
  readonly simulation: Simulation;
}

/**
 * Sets up a market on a chain of its own, lets a population open leveraged positions, replays the
 * prices, and measures. The chain stays open: close it with `simulation.chain.close()`.
 * @throws UnusablePricesError for prices that can't be replayed.
 * @throws InvalidPopulationError or BorrowersRefusedError for a population that can't be, or can't
 * open.
 */
export async function runSimulation(options: SimulationOptions, progress: Progress): Promise<FinishedSimulation> {
  const began = performance.now();
  const { config, path, seed } = options;
  checkPath(path);
  const reports = reportsOf(path, config.feed, config.maxReports);
  const { simulation, openings, debtUsd } = await setUp(options, progress);
  try {
    const result = await replay(simulation, path, reports, (done, { price }, batches, { systemLeverage }) => {
      const detail = `${price.toLocaleString("en-US", DIGITS)} dollars, ${systemLeverage.toFixed(2)}x, ${batches} batches liquidated`;
      progress.step("Replaying prices", done, reports.length, detail);
    });
    const record: RunRecord = {
      run: {
        scenario: path.name,
        title: path.title,
        source: path.source,
        startsAt: path.startsAt,
        seed,
        durationSeconds: (performance.now() - began) / 1000,
        command: options.command,
        market: await marketInfo(simulation.deployment),
        settings: settingsOf(config, reports.length, debtUsd, openings.heldUp, result),
      },
      positions: { opened: openings.opened, liquidated: result.liquidated.size },
      moments: result.moments,
      series: result.series,
      liquidations: result.liquidations,
    };
    return { record, simulation };
  } catch (error) {
    await simulation.chain.close();
    throw error;
  }
}

/**
 * Remembers a simulation, chain and agents, so that several courses can be tried from the same
 * state.
 * @returns a function that brings that state back, as often as it is called; what it returns is the
 * simulation then, with a keeper that has read the chain anew.
 */
export async function takeSnapshot(simulation: Simulation): Promise<() => Promise<Simulation>> {
  const restoreChain = await simulation.chain.takeSnapshot();
  const restoreAgents = [simulation.clock, simulation.feed, simulation.arbitrageur].map((agent) => agent.save());
  return async () => {
    await restoreChain();
    for (const restore of restoreAgents) restore();
    return { ...simulation, keeper: await startKeeper(simulation) };
  };
}

/** Settings worth stating next to the figures. */
function settingsOf(
  config: SimulationConfig,
  reports: number,
  debtUsd: number,
  heldUp: number,
  { pokes, heldUp: waits }: Pick<Replay, "pokes" | "heldUp">,
): readonly Setting[] {
  const { arbitrage, feed, keeper, pool } = config;
  const deviation = (100 * feed.deviation).toLocaleString("en-US");
  return [
    { name: "Debt to open", value: dollars(debtUsd) },
    { name: "Pool", value: `${dollars(pool.depthUsd)} to sell for a fall by 2%, at the first price` },
    { name: "Arbitrage", value: `${dollars(arbitrage.perMinuteUsd)} a minute against the keeper's sales` },
    { name: "Price reports", value: `${reports}: after each move of ${deviation}%, at turns, and at regular times` },
    {
      name: "Oracle",
      value: `a guard: the feeds, and the pool's mean over ${ETHER_GUARD.window} seconds; they agree within ${percent(ETHER_GUARD.maxDeviation)}`,
    },
    { name: "Pokes of the guard", value: String(pokes) },
    { name: "Reports that liquidations waited after, for the pool's mean", value: String(waits) },
    { name: "Keeper", value: `up to ${keeper.rounds} batches after each report` },
    { name: "Openings held up by the system cap", value: String(heldUp) },
  ];
}

/** A share in WAD. */
function percent(share: bigint): string {
  return `${(100 * fromUnits(share, 18)).toLocaleString("en-US")}%`;
}

/** Dollars in a narrow space: `$250.0K`, `$30.0M`. */
function dollars(value: number): string {
  return new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: "USD",
    notation: "compact",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(value);
}
