import { readMarket, type MarketReading } from "../../client/market-reading.ts";
import type { GuardReading } from "../../client/guard-reading.ts";
import { marketIn } from "../books.ts";
import { marketPrice, NONE, type Rows } from "../describe.ts";
import { amountText, leverageText, percentText, spanText, timeText } from "../numbers.ts";
import { pairs, show } from "../output.ts";
import type { Run } from "../program.ts";
import { openSession } from "../session.ts";
import type { GlobalOptions } from "../surroundings.ts";

export const market: Run<GlobalOptions> = async (surroundings, [said], options) => {
  const { node, book } = await openSession(surroundings, options);
  const found = marketIn(book, said);
  const reading = await readMarket(node, found.market);
  show(surroundings.terminal, options.json, { deployment: found.deployment.name, ...reading }, textOf(reading));
};

function textOf(reading: MarketReading): string {
  const { market: of, block, guard } = reading;
  const parts = [
    `${of.name} (${of.symbol}), ${of.address}\nblock ${block.number}, ${timeText(block.timestamp)}`,
    pairs(priceRows(reading)),
    pairs(bookRows(reading)),
    pairs(limitRows(reading)),
    ...(guard === undefined ? [] : [pairs(guardRows(guard, reading))]),
  ];
  return parts.join("\n\n");
}

function priceRows({ market: of, openPrice, liquidationPrice }: MarketReading): Rows {
  return [
    ["price to open at", openPrice === undefined ? "none: nobody can open now" : marketPrice(openPrice, of)],
    [
      "price to liquidate at",
      liquidationPrice === undefined ? "none: nobody can be liquidated now" : marketPrice(liquidationPrice, of),
    ],
  ];
}

function bookRows(reading: MarketReading): Rows {
  const { loanToken, collateralToken } = reading.market;
  const loan = (amount: bigint): string => amountText(amount, loanToken);
  return [
    ["lenders own", loan(reading.totalAssets)],
    ["of that the buffer", loan(reading.bufferAssets)],
    ["to borrow or withdraw", loan(reading.cash)],
    ["debt", loan(reading.debt)],
    ["collateral", amountText(reading.collateral, collateralToken)],
    ["utilization", percentText(reading.utilization)],
    ["borrowers pay", `${percentText(reading.borrowRatePerYear)} a year`],
    ["lenders earn", `${percentText(reading.supplyRatePerYear)} a year`],
    ["share price", amountText(reading.sharePrice, { symbol: loanToken.symbol, decimals: 18 })],
  ];
}

function limitRows({
  market: of,
  limits,
  config,
  systemLeverage,
  debtAllowance,
  debt,
  collateral,
}: MarketReading): Rows {
  const loan = (amount: bigint): string => amountText(amount, of.loanToken);
  return [
    ["positions open at", `${leverageText(limits.maxLeverage)} at most`],
    ["are liquidated above", leverageText(limits.liquidationLeverage)],
    [
      "all positions together",
      `${systemLeverage === undefined ? NONE : leverageText(systemLeverage)} of ${leverageText(limits.systemLeverageCap)}`,
    ],
    ["debt cap", `${loan(debt)} of ${loan(limits.debtCap)}`],
    ["new debt now", `${loan(debtAllowance)} at most`],
    [
      "collateral cap",
      `${amountText(collateral, of.collateralToken)} of ${amountText(limits.collateralCap, of.collateralToken)}`,
    ],
    ["supply cap", loan(limits.supplyCap)],
    ["least debt", loan(config.minDebt)],
  ];
}

function guardRows(guard: GuardReading, { market: of, block }: MarketReading): Rows {
  return [
    ["the two sources", guard.status === "agree" ? "agree" : `${guard.status}: nobody can open now`],
    ["feeds say", marketPrice(guard.primary.price, of)],
    ["the pool's mean says", marketPrice(guard.secondary.price, of)],
    ["they may differ by", percentText(guard.maxDeviation)],
    ["ceiling", marketPrice(guard.ceiling, of)],
    ["last poke", `${spanText(block.timestamp - guard.lastPoke)} ago`],
  ];
}
