import { readPositions, type PositionReading } from "../../client/account-reading.ts";
import { inRanges } from "../../client/log-ranges.ts";
import type { MarketReading } from "../../client/market-reading.ts";
import { MarketFollower } from "../../keeper/follower.ts";
import type { FoundMarket } from "../books.ts";
import { marketIn } from "../books.ts";
import { healthOf, leverageOf, marketPrice, NONE } from "../describe.ts";
import { UsageError } from "../errors.ts";
import type { NodeProvider } from "../node.ts";
import { amountText, percentText } from "../numbers.ts";
import { show, table, withProgress } from "../output.ts";
import type { Run } from "../program.ts";
import { openSession } from "../session.ts";
import type { GlobalOptions, Surroundings } from "../surroundings.ts";

interface PositionsOptions extends GlobalOptions {
  readonly riskiest: string;
}

const TITLES = ["account", "leverage", "health factor", "debt", "collateral", "liquidation price", "fall to it"];

export const positions: Run<PositionsOptions> = async (surroundings, [said], options) => {
  const count = countOf(options.riskiest);
  const { node, book } = await openSession(surroundings, options);
  const found = marketIn(book, said);
  const { market, all, shown } = await riskiest(surroundings, node, found, count);
  const rows = shown.map((one) => rowOf(one, market));
  const text =
    rows.length === 0
      ? "Nobody owes anything in this market."
      : `${table(TITLES, rows)}\n\n${rows.length} of ${all} positions with debt, the riskiest first.`;
  show(surroundings.terminal, options.json, shown, text);
};

/** The riskiest positions of a market, found by its events, with their figures of now. */
export async function riskiest(
  { terminal }: Surroundings,
  node: NodeProvider,
  { market, deployment }: FoundMarket,
  count: number,
): Promise<{ readonly market: MarketReading; readonly all: number; readonly shown: readonly PositionReading[] }> {
  const follower = await withProgress(terminal, "Reading the market's events", async () => {
    const source = { ...inRanges(node), getBlockNumber: async () => node.getBlockNumber() };
    const where = { factory: deployment.contracts.factory.address, market: market.address, fromBlock: market.block };
    const started = await MarketFollower.start(source, where);
    await started.update();
    return started;
  });
  const accounts = follower.index.positions.slice(0, count).map(({ account }) => account);
  const read = await readPositions(node, market, accounts);
  return { market: read.market, all: follower.index.size, shown: read.positions };
}

function rowOf(position: PositionReading, { market }: MarketReading): readonly string[] {
  return [
    position.account,
    leverageOf(position),
    healthOf(position),
    amountText(position.debt, market.loanToken),
    amountText(position.collateral, market.collateralToken),
    marketPrice(position.liquidationPriceLimit, market),
    position.fallToLiquidation === undefined ? NONE : percentText(position.fallToLiquidation),
  ];
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,3}$/u.test(text)) return Number(text);
  throw new UsageError(`--riskiest is ${JSON.stringify(text)}`, "Write a number from 1 to 9999.");
}
