import { readAccount } from "../../client/account-reading.ts";
import type { MarketReading } from "../../client/market-reading.ts";
import { marketIn } from "../books.ts";
import { marketPrice, NONE } from "../describe.ts";
import { profitAndLoss, readHistory, type HistoryEntry, type ProfitAndLoss } from "../history.ts";
import { amountText, changeText, timeText } from "../numbers.ts";
import { pairs, show, table, withProgress } from "../output.ts";
import type { Run } from "../program.ts";
import { openSession } from "../session.ts";
import { chooseAccount } from "../signer.ts";
import type { AccountOptions } from "./position.ts";

const TITLES = ["time", "what", "collateral", "debt", "own collateral", "own loan tokens", "price"];

export const history: Run<AccountOptions> = async (surroundings, [said, named], options) => {
  const { node, book } = await openSession(surroundings, options);
  const { market } = marketIn(book, said);
  const account = await chooseAccount(surroundings, node, named, options.from);
  const entries = await withProgress(surroundings.terminal, "Reading events", async (tell) =>
    readHistory(node, market, account, tell),
  );
  const reading = await readAccount(node, market, account);
  const { position, wallet } = reading;
  const result = profitAndLoss(entries, { ...position, shares: wallet.shares.assets });
  const text =
    entries.length === 0
      ? `${account} has done nothing in ${market.symbol}.`
      : [
          `${market.symbol}: ${account}`,
          table(
            TITLES,
            entries.map((entry) => rowOf(entry, reading.market)),
          ),
          pairs(profitRows(result, entries, reading.market)),
        ].join("\n\n");
  show(surroundings.terminal, options.json, { account, entries, profitAndLoss: result }, text);
};

function rowOf({ time, kind, own, price, ...moved }: HistoryEntry, { market }: MarketReading): readonly string[] {
  const { loanToken, collateralToken } = market;
  const change = (amount: bigint, token: typeof loanToken): string => (amount === 0n ? "" : changeText(amount, token));
  return [
    timeText(time),
    kind,
    change(moved.collateralDelta, collateralToken),
    change(moved.debtDelta, loanToken),
    change(-own.collateral, collateralToken),
    change(-own.loan, loanToken),
    marketPrice(price, market),
  ];
}

function profitRows(
  { invested, equity, profit, interest, lent }: ProfitAndLoss,
  entries: readonly HistoryEntry[],
  { market: { loanToken } }: MarketReading,
): readonly (readonly [string, string])[] {
  const loan = (amount: bigint | undefined): string => (amount === undefined ? NONE : amountText(amount, loanToken));
  const change = (amount: bigint | undefined): string =>
    amount === undefined ? "not known: the node keeps no state of those blocks" : changeText(amount, loanToken);
  const kinds = new Set(entries.map(({ kind }) => kind));
  const ofPosition = [
    ["own money in, less out", loan(invested)],
    ["worth now", loan(equity)],
    ["profit or loss", change(profit)],
    ["of that, interest on the debt", change(-interest)],
  ] as const;
  const ofLending = [
    ["lent, less taken out", loan(lent.invested)],
    ["worth now", loan(lent.worth)],
    ["earned by lending", change(lent.profit)],
  ] as const;
  const hasPosition = kinds.has("position") || kinds.has("liquidation");
  return [...(hasPosition ? ofPosition : []), ...(kinds.has("lending") ? ofLending : [])];
}
