import type { PositionReading } from "../../client/account-reading.ts";
import { readRiskiest } from "../../client/borrowers.ts";
import type { MarketReading } from "../../client/market-reading.ts";
import { marketIn } from "../books.ts";
import { healthOf, leverageOf, marketPrice, NONE } from "../describe.ts";
import { UsageError } from "../errors.ts";
import { amountText, percentText } from "../numbers.ts";
import { show, table, withProgress } from "../output.ts";
import type { Run } from "../program.ts";
import { openSession } from "../session.ts";
import type { GlobalOptions } from "../surroundings.ts";

interface PositionsOptions extends GlobalOptions {
  readonly riskiest: string;
}

const TITLES = ["account", "leverage", "health factor", "debt", "collateral", "liquidation price", "fall to it"];

export const positions: Run<PositionsOptions> = async (surroundings, [said], options) => {
  const count = countOf(options.riskiest);
  const { node, book } = await openSession(surroundings, options);
  const found = marketIn(book, said);
  const { market, positions: shown } = await withProgress(surroundings.terminal, "Reading events", async () =>
    readRiskiest(node, found.market, count),
  );
  const rows = shown.map((one) => rowOf(one, market));
  const text = rows.length === 0 ? "Nobody owes anything in this market." : table(TITLES, rows);
  show(surroundings.terminal, options.json, shown, text);
};

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
