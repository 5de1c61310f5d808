import type { TransactionReceipt } from "ethers";

import { readAccount, type AccountReading } from "../client/account-reading.ts";
import type { BookedToken } from "../client/address-book.ts";
import type { PositionChange } from "../client/quote.ts";
import { happened } from "../client/receipt-events.ts";
import type { PositionFigures } from "../protocol/position-figures.ts";
import { healthOf, leverageOf, marketPrice, NONE, positionRows, type Rows } from "./describe.ts";
import { NotEnoughError } from "./errors.ts";
import type { NodeProvider } from "./node.ts";
import { amountText, percentText } from "./numbers.ts";
import { pairs, table } from "./output.ts";

/** Tokens that come to the account (above zero) or leave it, token units. */
export interface WalletChange {
  readonly collateral: bigint;
  readonly loan: bigint;
}

/** A position and a wallet before and after, side by side. */
export function beforeAndAfter(
  { market, wallet }: AccountReading,
  change: PositionChange,
  moved: WalletChange,
): string {
  const { loanToken, collateralToken } = market.market;
  const row = (name: string, of: (figures: PositionFigures) => string): readonly string[] => [
    name,
    of(change.before),
    of(change.after),
  ];
  const loan = (amount: bigint | undefined): string => (amount === undefined ? NONE : amountText(amount, loanToken));
  const held = (name: string, token: BookedToken, balance: bigint, delta: bigint): readonly (readonly string[])[] =>
    delta === 0n ? [] : [[name, amountText(balance, token), amountText(balance + delta, token)]];
  const limit = (figures: PositionFigures): string =>
    figures.debt === 0n ? NONE : marketPrice(figures.liquidationPriceLimit, market.market);
  return table(
    ["", "before", "after"],
    [
      row("collateral", ({ collateral }) => amountText(collateral, collateralToken)),
      row("debt", ({ debt }) => loan(debt)),
      row("equity", ({ equity }) => loan(equity)),
      row("leverage", leverageOf),
      row("health factor", healthOf),
      row("liquidation price", limit),
      row("fall to liquidation", ({ fallToLiquidation, debt }) =>
        debt === 0n || fallToLiquidation === undefined ? NONE : percentText(fallToLiquidation),
      ),
      ...held(`wallet, ${collateralToken.symbol}`, collateralToken, wallet.collateral.balance, moved.collateral),
      ...held(`wallet, ${loanToken.symbol}`, loanToken, wallet.loan.balance, moved.loan),
    ],
  );
}

/** @throws NotEnoughError if an account has less of a token than it needs */
export function checkBalance(token: BookedToken, balance: bigint, needed: bigint): void {
  if (balance >= needed) return;
  const advice = token.faucet
    ? "It is a test token: mint some by `cantilever faucet`."
    : `Get ${amountText(needed - balance, token)} more first, or use less.`;
  throw new NotEnoughError(
    `The account has ${amountText(balance, token)}, and needs ${amountText(needed, token)}`,
    advice,
  );
}

/**
 * The real effect of a transaction on a position and on its owner's wallet: the tokens from the
 * events of the receipt, the position as of the block.
 */
export async function happenedTo(
  node: NodeProvider,
  { market: { market }, position: { account } }: AccountReading,
  receipt: TransactionReceipt,
): Promise<{ text: string; result: object }> {
  const own = happened(market, account, receipt);
  const after = await readAccount(node, market, account, receipt.blockNumber);
  const { position } = after;
  const isEmpty = position.collateral === 0n && position.debt === 0n;
  const rows: Rows = [
    ...ownRows(market.collateralToken, own.collateral),
    ...ownRows(market.loanToken, own.loan),
    ...(isEmpty ? [["position", "nothing is left"] as const] : positionRows(position, after.market)),
  ];
  return {
    text: `Done in block ${receipt.blockNumber}.\n${pairs(rows)}`,
    result: { collateralReceived: own.collateral, loanReceived: own.loan, position },
  };
}

function ownRows(token: BookedToken, moved: bigint): Rows {
  if (moved === 0n) return [];
  return moved < 0n ? [["paid", amountText(-moved, token)]] : [["received", amountText(moved, token)]];
}
