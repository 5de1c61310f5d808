import type { BookedToken } from "../client/address-book.ts";
import type { Market } from "../client/markets.ts";
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
