import type { PositionBook } from "./risk-index.ts";
import { BookOutOfStepError } from "./errors.ts";

/** What an event of a market did to a position. */
export interface PositionChange {
  readonly account: string;
  readonly debtSharesDelta: bigint;
  readonly collateralDelta: bigint;
}

/**
 * Enters a change into the book. `holdings` remembers accounts without debt too: they hold collateral, and may borrow
 * against it later.
 * @throws BookOutOfStepError if the account would hold less than nothing.
 */
export function applyChange(book: PositionBook, holdings: Map<string, bigint>, change: PositionChange): void {
  const { account } = change;
  const debtShares = (book.get(account)?.debtShares ?? 0n) + change.debtSharesDelta;
  const collateral = (holdings.get(account) ?? 0n) + change.collateralDelta;
  if (debtShares < 0n) throw new BookOutOfStepError(account, `it would have ${debtShares} debt shares`);
  if (collateral < 0n) throw new BookOutOfStepError(account, `it would have ${collateral} units of collateral`);
  book.set(account, debtShares, collateral);
  if (collateral === 0n) holdings.delete(account);
  else holdings.set(account, collateral);
}
