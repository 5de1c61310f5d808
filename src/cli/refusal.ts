import type { BookedToken } from "../client/address-book.ts";
import { QuoteError } from "../client/errors.ts";
import type { GuardStatus } from "../client/guard-reading.ts";
import type { Market } from "../client/markets.ts";
import type { QuoteBasis } from "../client/quote.ts";
import { RefusedError, type RefusalReason } from "../protocol/errors.ts";
import { amountText } from "./numbers.ts";

/** The token that the amounts of a refusal are of; none where it has no amounts of a token. */
const TOKENS: Readonly<Partial<Record<RefusalReason, "loanToken" | "collateralToken">>> = {
  CollateralCapExceeded: "collateralToken",
  DebtAllowanceExceeded: "loanToken",
  DebtBelowMinimum: "loanToken",
  DebtCapExceeded: "loanToken",
  InsufficientCash: "loanToken",
  InsufficientCollateral: "collateralToken",
  LeverageAboveMaximum: "loanToken",
  SupplyCapExceeded: "loanToken",
  SystemLeverageAboveCap: "loanToken",
  ZeroShares: "loanToken",
};

/**
 * A refusal that the market model predicts, its amounts as people read them instead of token units.
 */
export function forPeople(refusal: RefusedError | undefined, market: Market): RefusedError | undefined {
  if (refusal === undefined) return undefined;
  const name = TOKENS[refusal.reason];
  if (name === undefined) return refusal;
  const token: BookedToken = market[name];
  const details = refusal.details.replaceAll(/\d+/gu, (units) => amountText(BigInt(units), token));
  return new RefusedError(refusal.reason, details);
}

/**
 * A quote, or why there is none: with the command that helps, where the guard's sources are why.
 */
export function quoted<T>({ reading }: QuoteBasis, quoteIt: () => T): T {
  try {
    return quoteIt();
  } catch (error) {
    const { guard, openPrice, market } = reading.market;
    if (!(error instanceof QuoteError) || openPrice !== undefined || guard === undefined) throw error;
    throw new QuoteError(error.problem, openingAdvice(guard.status, market), true);
  }
}

/** The command that brings a guard's open price back. */
function openingAdvice(status: GuardStatus, { symbol, feeds }: Market): string {
  switch (status) {
    case "primary unavailable":
    case "both unavailable":
      return feeds?.base.settable === true
        ? "An answer of its feeds is too old. Their owner, who deployed this test market, sets a new one by " +
            `\`cantilever feed ${symbol} PRICE\`; the same with --quote sets that of the loan token.`
        : `A feed has not answered in time: \`cantilever poke ${symbol}\` once it does.`;
    case "secondary unavailable":
      return (
        "The pool's mean needs a pool that is old enough and has its least liquidity: wait for its window. " +
        `\`cantilever poke ${symbol}\` takes note of it.`
      );
    default:
      return (
        `\`cantilever align ${symbol}\` brings the pool to the feed's price and pokes the guard. ` +
        "Its mean follows within its window: then try again."
      );
  }
}
