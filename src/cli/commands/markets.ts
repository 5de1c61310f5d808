import { readMarket, type MarketReading } from "../../client/market-reading.ts";
import { allMarketsIn } from "../books.ts";
import { marketPrice, NONE } from "../describe.ts";
import { amountText, leverageText, percentText } from "../numbers.ts";
import { show, table } from "../output.ts";
import type { Run } from "../program.ts";
import { openSession } from "../session.ts";
import type { GlobalOptions } from "../surroundings.ts";

const TITLES = [
  "market",
  "price",
  "opens at",
  "in all",
  "debt",
  "to borrow",
  "utilization",
  "borrowers pay",
  "lenders earn",
];

export const markets: Run<GlobalOptions> = async (surroundings, _, options) => {
  const { node, book } = await openSession(surroundings, options);
  const found = allMarketsIn(book);
  const readings = await Promise.all(found.map(async ({ market }) => readMarket(node, market)));
  const result = found.map(({ deployment }, index) => ({ deployment: deployment.name, ...readings[index] }));
  const addresses = readings.map(({ market }) => `${market.symbol}: ${market.name}, ${market.address}`);
  const text =
    readings.length === 0
      ? "There is no market yet."
      : `${table(TITLES, readings.map(rowOf))}\n\n${addresses.join("\n")}`;
  show(surroundings.terminal, options.json, result, text);
};

function rowOf(reading: MarketReading): readonly string[] {
  const { market, limits, systemLeverage } = reading;
  return [
    market.symbol,
    marketPrice(reading.openPrice ?? reading.liquidationPrice, market),
    reading.openPrice === undefined ? "closed" : `${leverageText(limits.maxLeverage)} at most`,
    `${systemLeverage === undefined ? NONE : leverageText(systemLeverage)} of ${leverageText(limits.systemLeverageCap)}`,
    amountText(reading.debt, market.loanToken),
    amountText(reading.cash, market.loanToken),
    percentText(reading.utilization),
    percentText(reading.borrowRatePerYear),
    percentText(reading.supplyRatePerYear),
  ];
}
