import { MaxUint256 } from "ethers/constants";

import type { Address } from "../protocol/address.ts";
import { mulDivUp } from "../protocol/rounding.ts";
import { DAY, WAD, YEAR } from "../protocol/units.ts";
import type { AccountReading } from "./account-reading.ts";
import type { CloseQuote, LowerQuote, RaiseQuote, Trade } from "./leverage-quote.ts";
import { QuoteError } from "./errors.ts";
import { encodeSwap } from "./leverage.ts";
import { MARKET } from "./market-reading.ts";
import type { Market } from "./markets.ts";
import {
  action,
  approvalsFor,
  inWords,
  leverageInWords,
  planOf,
  type ApprovalOptions,
  type Plan,
  type Spending,
} from "./plan.ts";

/** Opens a position, or raises its leverage, as quoted. */
export function planRaise(reading: AccountReading, quote: RaiseQuote, options: ApprovalOptions = {}): Plan {
  const { leverage, collateral } = quote.after;
  const isNew = quote.before.collateral === 0n;
  const reached = leverage === undefined ? "" : ` at ${leverageInWords(leverage)}`;
  const title = isNew
    ? `Open a position of ${inWords(collateral, reading.market.market.collateralToken)}${reached}`
    : `Raise the position to ${inWords(collateral, reading.market.market.collateralToken)}${reached}`;
  return planTrade(reading, quote, title, options);
}

/** Lowers the leverage of a position, as quoted. */
export function planLower(reading: AccountReading, quote: LowerQuote, options: ApprovalOptions = {}): Plan {
  const { leverage, collateral } = quote.after;
  const reached = leverage === undefined ? "" : ` at ${leverageInWords(leverage)}`;
  const title = `Lower the position to ${inWords(collateral, reading.market.market.collateralToken)}${reached}`;
  return planTrade(reading, quote, title, options);
}

/** Closes a position, as quoted: whenever it is mined, nothing is left. */
export function planClose(reading: AccountReading, quote: CloseQuote): Plan {
  return planTrade(reading, quote, "Close the position", {});
}

/** `adjust` through the market's swapper. */
function planTrade(reading: AccountReading, trade: Trade, title: string, options: ApprovalOptions): Plan {
  const { market } = reading.market;
  if (market.swapper === undefined) {
    throw new QuoteError("No swapper is known for the market", "Take it from an address book that names one.");
  }
  const data = encodeSwap({
    fee: trade.poolFee,
    exactOutput: trade.exactOutput,
    sqrtPriceLimitX96: trade.swap.sqrtPriceLimitX96,
    deadline: trade.deadline,
  });
  const { collateralDelta, debtDelta, maxOwnCollateral, maxOwnLoan } = trade;
  const { account } = reading.position;
  const args = [account, collateralDelta, debtDelta, market.swapper, maxOwnCollateral, maxOwnLoan, data];
  return {
    title,
    transactions: [
      ...approvalsFor([ofCollateral(reading, maxOwnCollateral), ofLoan(reading, maxOwnLoan)], options),
      action(title, market.address, MARKET, "adjust", args),
    ],
  };
}

/** Adds collateral. @param amount collateral token units. */
export function planAdd(reading: AccountReading, amount: bigint, options: ApprovalOptions = {}): Plan {
  const { market } = reading.market;
  const title = `Add ${inWords(amount, market.collateralToken)} to the position`;
  const call = action(title, market.address, MARKET, "supplyCollateral", [amount, reading.position.account]);
  return { title, transactions: [...approvalsFor([ofCollateral(reading, amount)], options), call] };
}

/** Withdraws collateral to the account. @param amount collateral token units, or `all`. */
export function planWithdraw({ market: { market }, position }: AccountReading, amount: bigint | "all"): Plan {
  const { account } = position;
  const words = amount === "all" ? "all collateral" : inWords(amount, market.collateralToken);
  const units = amount === "all" ? MaxUint256 : amount;
  const args = [units, account, account];
  return planOf(action(`Withdraw ${words}`, market.address, MARKET, "withdrawCollateral", args));
}

/** Borrows to the account. @param amount loan token units. */
export function planBorrow({ market: { market }, position }: AccountReading, amount: bigint): Plan {
  const { account } = position;
  const title = `Borrow ${inWords(amount, market.loanToken)}`;
  return planOf(action(title, market.address, MARKET, "borrow", [amount, account, account]));
}

/**
 * Repays. All leaves no debt, whenever it is mined: what is approved for it is the debt and a day's
 * interest.
 * @param amount loan token units, or `all`.
 */
export function planRepay(reading: AccountReading, amount: bigint | "all", options: ApprovalOptions = {}): Plan {
  const { market } = reading.market;
  const words = amount === "all" ? "all debt" : inWords(amount, market.loanToken);
  const title = `Repay ${words}`;
  const units = amount === "all" ? MaxUint256 : amount;
  const needed = amount === "all" ? debtWithin(reading, DAY) : amount;
  const call = action(title, market.address, MARKET, "repay", [units, reading.position.account]);
  return { title, transactions: [...approvalsFor([ofLoan(reading, needed)], options), call] };
}

/**
 * The debt at most after so many seconds, at five times the present rate: that of full utilization
 * is four times at most.
 */
function debtWithin({ market, position }: AccountReading, seconds: bigint): bigint {
  const perYear = 5n * market.borrowRatePerYear;
  return position.debt + mulDivUp(position.debt * perYear, seconds, WAD * YEAR) + 1n;
}

/** Lends: shares go to the account. @param assets loan token units. */
export function planLend(reading: AccountReading, assets: bigint, options: ApprovalOptions = {}): Plan {
  const { market } = reading.market;
  const title = `Lend ${inWords(assets, market.loanToken)}`;
  const call = action(title, market.address, MARKET, "deposit", [assets, reading.position.account]);
  return { title, transactions: [...approvalsFor([ofLoan(reading, assets)], options), call] };
}

/**
 * Redeems shares, and takes what they are worth. @param shares share units; `all` for those that
 * the account has.
 */
export function planRedeem({ market: { market }, position, wallet }: AccountReading, shares: bigint | "all"): Plan {
  const { account } = position;
  const units = shares === "all" ? wallet.shares.balance : shares;
  const words = shares === "all" ? "all shares" : inWords(units, sharesOf(market));
  return planOf(action(`Redeem ${words}`, market.address, MARKET, "redeem", [units, account, account]));
}

/** Takes back lent tokens. @param assets loan token units. */
export function planTakeBack({ market: { market }, position }: AccountReading, assets: bigint): Plan {
  const { account } = position;
  const title = `Take back ${inWords(assets, market.loanToken)}`;
  return planOf(action(title, market.address, MARKET, "withdraw", [assets, account, account]));
}

/** Lets another account do all that the caller can do with its position, or no longer. */
export function planOperator(market: Market, operator: Address, approved: boolean): Plan {
  const title = approved ? `Let ${operator} act for the position` : `Let ${operator} act for the position no longer`;
  return planOf(action(title, market.address, MARKET, "setOperator", [operator, approved]));
}

/** The shares of a market as a token. */
export function sharesOf(market: Market): Market["loanToken"] {
  const { address, symbol, loanToken } = market;
  return { address, symbol, decimals: loanToken.decimals + 6, faucet: false };
}

function ofLoan({ market: { market }, wallet }: AccountReading, needed: bigint): Spending {
  const { allowance } = wallet.loan;
  return { token: market.loanToken, spender: market.address, spenderName: "the market", allowance, needed };
}

function ofCollateral({ market: { market }, wallet }: AccountReading, needed: bigint): Spending {
  const { allowance } = wallet.collateral;
  return { token: market.collateralToken, spender: market.address, spenderName: "the market", allowance, needed };
}
