import { readAccount, type AccountReading } from "../../client/account-reading.ts";
import { allMarketsIn, marketIn } from "../books.ts";
import { positionRows, type Rows } from "../describe.ts";
import { amountText, etherText, timeText } from "../numbers.ts";
import { pairs, show } from "../output.ts";
import type { Run } from "../program.ts";
import { openSession } from "../session.ts";
import { chooseAccount } from "../signer.ts";
import type { GlobalOptions } from "../surroundings.ts";

export interface AccountOptions extends GlobalOptions {
  readonly from?: string;
}

export const position: Run<AccountOptions> = async (surroundings, [said, named], options) => {
  const { node, book } = await openSession(surroundings, options);
  const account = await chooseAccount(surroundings, node, named, options.from);
  const found = said === undefined ? allMarketsIn(book) : [marketIn(book, said)];
  const readings = await Promise.all(found.map(async ({ market }) => readAccount(node, market, account)));
  const shown = said === undefined ? readings.filter(isThere) : readings;
  const text = shown.length === 0 ? `${account} has no position and lends nothing.` : shown.map(textOf).join("\n\n");
  show(
    surroundings.terminal,
    options.json,
    shown.map(({ market, position: of, wallet, block }) => ({
      account,
      market: market.market,
      block,
      position: of,
      wallet,
    })),
    text,
  );
};

function isThere({ position: { collateral, debt }, wallet }: AccountReading): boolean {
  return collateral > 0n || debt > 0n || wallet.shares.balance > 0n;
}

/** An account in a market, for people. */
export function textOf({ block, market, position: of, wallet }: AccountReading): string {
  const { symbol } = market.market;
  const hasPosition = of.collateral > 0n || of.debt > 0n;
  return [
    `${symbol}: ${of.account}, block ${block.number}, ${timeText(block.timestamp)}`,
    pairs([
      ...(hasPosition ? positionRows(of, market) : [["position", "none"] as const]),
      ...walletRows(wallet, market),
    ]),
  ].join("\n");
}

function walletRows(
  { loan, collateral, shares, coin }: AccountReading["wallet"],
  { market }: AccountReading["market"],
): Rows {
  const { loanToken, collateralToken } = market;
  const lent: Rows = shares.balance === 0n ? [] : [["lent, with interest", amountText(shares.assets, loanToken)]];
  return [
    ...lent,
    ["wallet", `${amountText(collateral.balance, collateralToken)}, ${amountText(loan.balance, loanToken)}`],
    ["for gas", etherText(coin)],
  ];
}
