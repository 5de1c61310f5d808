import {
  lendingProfit,
  profitAndLoss,
  readHistory,
  type HistoryEntry,
  type LendingProfit,
  type ProfitAndLoss,
} from "../../client/account-history.ts";
import { readAccount } from "../../client/account-reading.ts";
import type { Market } from "../../client/markets.ts";
import { marketIn } from "../books.ts";
import { NONE, type Rows } from "../describe.ts";
import { amountText, changeText, timeText } from "../numbers.ts";
import { pairs, show, table, withProgress } from "../output.ts";
import type { Run } from "../program.ts";
import { openSession } from "../session.ts";
import { chooseAccount } from "../signer.ts";
import type { AccountOptions } from "./position.ts";

const TITLES = ["time", "what", "collateral", "debt", "wallet's collateral", "wallet's loan tokens"];

export const history: Run<AccountOptions> = async (surroundings, [said, named], options) => {
  const { node, book } = await openSession(surroundings, options);
  const { market } = marketIn(book, said);
  const account = await chooseAccount(surroundings, node, named, options.from);
  // Both up to the same block.
  const reading = await readAccount(node, market, account);
  const entries = await withProgress(surroundings.terminal, "Reading events", async () =>
    readHistory(node, market, account, { to: reading.block.number }),
  );
  const [ofPosition, ofLending] = [profitAndLoss(entries, reading), lendingProfit(entries, reading)];
  const rows = [...positionProfit(ofPosition, entries, market), ...lendingRows(ofLending, entries, market)];
  const text =
    entries.length === 0
      ? `${account} has done nothing in ${market.symbol}.`
      : [
          `${market.symbol}: ${account}`,
          table(
            TITLES,
            entries.map((entry) => rowOf(entry, market)),
          ),
          pairs(rows),
        ].join("\n\n");
  const result = { account, entries, profitAndLoss: ofPosition, lending: ofLending };
  show(surroundings.terminal, options.json, result, text);
};

function rowOf({ timestamp, event, loan, collateral }: HistoryEntry, market: Market): readonly string[] {
  const { loanToken, collateralToken } = market;
  const change = (amount: bigint, token: typeof loanToken): string => (amount === 0n ? "" : changeText(amount, token));
  const moved = movedBy(event);
  return [
    timeText(timestamp),
    moved.what,
    change(moved.collateral, collateralToken),
    change(moved.debt, loanToken),
    change(collateral, collateralToken),
    change(loan, loanToken),
  ];
}

/** The name of an event for people, and the change of the position. */
function movedBy(event: HistoryEntry["event"]): {
  readonly what: string;
  readonly collateral: bigint;
  readonly debt: bigint;
} {
  switch (event.name) {
    case "CollateralSupplied":
      return { what: "added", collateral: event.amount, debt: 0n };
    case "PositionAdjusted":
      return { what: "adjusted", collateral: event.collateralDelta, debt: event.debtDelta };
    case "Liquidated":
      return { what: "liquidated", collateral: -event.collateral, debt: -(event.payment - event.fee + event.loss) };
    case "Deposit":
      return { what: "lent", collateral: 0n, debt: 0n };
    case "Withdraw":
      return { what: "taken back", collateral: 0n, debt: 0n };
  }
}

function positionProfit(result: ProfitAndLoss, entries: readonly HistoryEntry[], market: Market): Rows {
  if (!entries.some(({ event: { name } }) => name !== "Deposit" && name !== "Withdraw")) return [];
  const { loanToken, collateralToken } = market;
  const { equity, profit, liquidated } = result;
  const taken: Rows =
    liquidated.collateral === 0n
      ? []
      : [
          [
            "liquidators took",
            `${amountText(liquidated.collateral, collateralToken)}, and ${amountText(liquidated.debt, loanToken)} of debt went`,
          ],
        ];
  return [
    [
      "out of the position, less in",
      `${changeText(result.collateral, collateralToken)}, ${changeText(result.loan, loanToken)}`,
    ],
    ["what is left of it", equity === undefined ? NONE : amountText(equity, loanToken)],
    ["interest on the debt", amountText(result.interest, loanToken)],
    ...taken,
    [
      "profit against keeping the tokens",
      profit === undefined ? "not known: the market has no price now" : changeText(profit, loanToken),
    ],
  ];
}

function lendingRows(
  { deposited, withdrawn, assets, profit }: LendingProfit,
  entries: readonly HistoryEntry[],
  { loanToken }: Market,
): Rows {
  if (!entries.some(({ event: { name } }) => name === "Deposit" || name === "Withdraw")) return [];
  return [
    ["lent", amountText(deposited, loanToken)],
    ["taken back", amountText(withdrawn, loanToken)],
    ["worth now", amountText(assets, loanToken)],
    ["earned by lending", changeText(profit, loanToken)],
  ];
}
