import { formatAmount, formatCount, formatGas, formatHash, formatPrice, formatUsd } from "../format.ts";
import { formatMoment } from "../format-time.ts";
import type { TextTable } from "../summary.ts";
import type { RunRecord } from "../../lab/record.ts";

const SHOWN = 12;

/** The transactions that repaid most. */
export function largestLiquidations({ run, liquidations }: RunRecord): TextTable {
  const { collateralSymbol } = run.market;
  const largest = liquidations.toSorted((a, b) => b.repaidUsd - a.repaidUsd).slice(0, SHOWN);
  return {
    title: "The largest liquidations",
    columns: [
      { title: "Time (UTC)" },
      { title: "Transaction" },
      { title: "Positions", align: "right" },
      { title: "Price", align: "right" },
      { title: "Debt repaid", align: "right" },
      { title: `${collateralSymbol} seized`, align: "right" },
      { title: "Keeper's profit", align: "right" },
      { title: "Gas", align: "right" },
    ],
    rows: largest.map((batch) => [
      formatMoment(run.startsAt, batch.seconds),
      formatHash(batch.transactionHash),
      formatCount(batch.positions),
      formatPrice(batch.price),
      formatUsd(batch.repaidUsd),
      formatAmount(batch.seizedCollateral),
      formatUsd(batch.profitUsd),
      formatGas(batch.gasUsed),
    ]),
  };
}
