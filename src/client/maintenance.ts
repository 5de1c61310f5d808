import { Interface } from "ethers/abi";

import { abi as faucetAbi } from "../../abis/FaucetToken.ts";
import { abi as liquidatorAbi } from "../../abis/FlashLiquidator.ts";
import { abi as operatorAbi } from "../../abis/PoolOperator.ts";
import { abi as feedAbi } from "../../abis/SettableFeed.ts";
import type { Address } from "../protocol/address.ts";
import { abs } from "../protocol/rounding.ts";
import { WAD } from "../protocol/units.ts";
import { priceFromSqrtPriceX96, sqrtPriceX96FromPrice } from "../protocol/uniswap-v3/price.ts";
import { simulateSwap, type PoolLiquidity } from "../protocol/uniswap-v3/swap.ts";
import type { AccountReading } from "./account-reading.ts";
import type { BookedFeed, BookedToken } from "./address-book.ts";
import { QuoteError } from "./errors.ts";
import { GUARD } from "./guard-reading.ts";
import { MARKET } from "./market-reading.ts";
import type { Market } from "./markets.ts";
import { action, approvalsFor, inWords, planOf, type ApprovalOptions, type Plan } from "./plan.ts";
import { isCollateralToken0 } from "./swap-quote.ts";

const LIQUIDATOR = new Interface(liquidatorAbi);
const OPERATOR = new Interface(operatorAbi);
const FAUCET = new Interface(faucetAbi);
const FEED = new Interface(feedAbi);

/** How a `FlashLiquidator` is to liquidate; the caller is its owner. */
export interface LiquidationOrder {
  readonly accounts: readonly Address[];
  /** Loan token units; without a limit if left out. */
  readonly maxPayment?: bigint;
  /** Collateral token units; none if left out. */
  readonly minSeized?: bigint;
  /**
   * Loan token units, after the payment; none if left out: then it must cover the payment at least.
   */
  readonly minProfit?: bigint;
  /** The worst price to sell at, as `IPriceOracle` scales it. */
  readonly worstPrice: bigint;
}

const MOST_PAYMENT = 2n ** 255n - 1n;

/**
 * Liquidates those of the accounts that can be, without capital: the seized collateral is sold in
 * the market's pool.
 * @throws QuoteError if no flash liquidator or no pool is known for the market.
 */
export function planLiquidate(market: Market, order: LiquidationOrder): Plan {
  const { flashLiquidator, pool } = market;
  if (flashLiquidator === undefined || pool === undefined) {
    throw new QuoteError("No flash liquidator, or no pool, is known for the market", "Take both from an address book.");
  }
  const collateralIsToken0 = isCollateralToken0(market);
  const sale = { fee: pool.fee, sqrtPriceLimitX96: sqrtPriceX96FromPrice(order.worstPrice, collateralIsToken0) };
  const { accounts, maxPayment = MOST_PAYMENT, minSeized = 0n, minProfit = 0n } = order;
  const args = [market.address, accounts, maxPayment, minSeized, [sale], minProfit];
  const count = accounts.length === 1 ? "one position" : `up to ${accounts.length} positions`;
  return planOf(action(`Liquidate ${count}`, flashLiquidator, LIQUIDATOR, "liquidate", args));
}

/**
 * The market's test feed, whose owner sets its answers.
 * @param which `base` for the price of the collateral token, `quote` for that of the loan token.
 * @throws QuoteError if the market's feed is unknown, or is none whose answers can be set.
 */
export function settableFeedOf({ feeds }: Market, which: "base" | "quote"): BookedFeed {
  const feed = feeds?.[which];
  if (feed?.settable === true) return feed;
  const known = feed === undefined ? "is not known" : `${feed.description} is not a test feed`;
  throw new QuoteError(`The market's feed ${known}`, "Only a test feed takes answers from its owner.");
}

/**
 * Sets the answer of a test feed. Only its owner may: the deployer of a test market.
 * @param answer price with the feed's decimals, above zero.
 */
export function planSetAnswer({ address, description }: BookedFeed, answer: bigint): Plan {
  return planOf(action(`Set the answer of the feed ${description}`, address, FEED, "setAnswer", [answer]));
}

/**
 * Liquidates with loan tokens of the account's own, which gets the seized collateral. Anyone may.
 * @param order.maxPayment loan token units: what is approved, unless one asks for more.
 * @param order.minSeized least collateral to get, collateral token units.
 */
export function planLiquidateWithOwn(
  reading: AccountReading,
  order: { readonly accounts: readonly Address[]; readonly maxPayment: bigint; readonly minSeized: bigint },
  options: ApprovalOptions = {},
): Plan {
  const { market } = reading.market;
  const { accounts, maxPayment, minSeized } = order;
  const title = `Liquidate ${accounts.length === 1 ? "one position" : `up to ${accounts.length} positions`}`;
  const spending = {
    token: market.loanToken,
    spender: market.address,
    spenderName: "the market",
    allowance: reading.wallet.loan.allowance,
    needed: maxPayment,
  };
  const args = [accounts, maxPayment, minSeized, reading.position.account, "0x"];
  const call = action(title, market.address, MARKET, "liquidate", args);
  return { title, transactions: [...approvalsFor([spending], options), call] };
}

/**
 * Lets the market's guard take note of what its sources say now. Anyone may.
 * @throws QuoteError for a market on a bare oracle.
 */
export function planPoke(market: Market): Plan {
  if (market.guard === undefined) {
    throw new QuoteError("The market has no guard", "Nothing of it needs a poke: its oracle answers by itself.");
  }
  return planOf(action("Poke the guard", market.guard, GUARD, "poke", []));
}

/** Charges the market's interest up to now. Anyone may; every call that needs it does it. */
export function planAccrue(market: Market): Plan {
  return planOf(action("Charge interest", market.address, MARKET, "accrue", []));
}

/**
 * Mints test money. @param amount token units, within the faucet's cap for the recipient and day.
 */
export function planFaucet(token: BookedToken, recipient: Address, amount: bigint): Plan {
  if (!token.faucet) {
    throw new QuoteError(`${token.symbol} is no faucet's token`, "Get some of it elsewhere: nobody can mint it.");
  }
  const title = `Get ${inWords(amount, token)} from the faucet`;
  return planOf(action(title, token.address, FAUCET, "mint", [recipient, amount]));
}

/** The trade that brings a pool to a price. */
export interface Alignment {
  /** What it takes of the account, and gives to it, token units. */
  readonly sells: { readonly token: BookedToken; readonly amount: bigint };
  readonly buys: { readonly token: BookedToken; readonly amount: bigint };
  /** Prices of the pool as `IPriceOracle` scales them. */
  readonly priceBefore: bigint;
  readonly priceAfter: bigint;
  readonly zeroForOne: boolean;
  readonly sqrtPriceX96: bigint;
}

/** More than any pool can take: such a swap ends at its price limit. */
const ENDLESS = 2n ** 255n - 1n;
/** Prices this near to each other are equal: a part in ten thousand, less than a tick. */
const NEAR = WAD / 10_000n;

/**
 * The trade that brings the market's pool to a price; undefined if it is there already.
 * @param price as `IPriceOracle` scales it: that of the feed.
 * @throws QuoteError if what is known of the pool ends before that price.
 */
export function quoteAlign(market: Market, pool: PoolLiquidity, price: bigint): Alignment | undefined {
  const collateralIsToken0 = isCollateralToken0(market);
  const priceBefore = priceFromSqrtPriceX96(pool.sqrtPriceX96, collateralIsToken0);
  if (abs(priceBefore - price) * WAD <= price * NEAR) return undefined;
  const sqrtPriceX96 = sqrtPriceX96FromPrice(price, collateralIsToken0);
  const zeroForOne = sqrtPriceX96 < pool.sqrtPriceX96;
  const swap = simulateSwap(pool, { zeroForOne, amount: ENDLESS, sqrtPriceLimitX96: sqrtPriceX96 });
  if (swap.end === "unknown") {
    throw new QuoteError(
      "The pool is further from the price than a factor of two",
      "Bring it there in several trades, each to a price that is nearer.",
    );
  }
  const amounts = [abs(swap.amount0), abs(swap.amount1)];
  const tokens = collateralIsToken0
    ? [market.collateralToken, market.loanToken]
    : [market.loanToken, market.collateralToken];
  const [zero, one] = tokens.map((token, index) => ({ token, amount: amounts[index] ?? 0n })) as [
    Alignment["sells"],
    Alignment["sells"],
  ];
  return {
    ...(zeroForOne ? { sells: zero, buys: one } : { sells: one, buys: zero }),
    priceBefore,
    priceAfter: priceFromSqrtPriceX96(swap.sqrtPriceX96, collateralIsToken0),
    zeroForOne,
    sqrtPriceX96,
  };
}

/**
 * Carries an alignment out through a `PoolOperator`, on testnets and local chains.
 * @param operator the `PoolOperator`.
 * @param allowance what it may take of the token that is sold now, token units.
 */
export function planAlign(
  market: Market,
  alignment: Alignment,
  { operator, allowance }: { readonly operator: Address; readonly allowance: bigint },
  options: ApprovalOptions = {},
): Plan {
  if (market.pool === undefined) throw new QuoteError("The market has no pool", "There is nothing to align.");
  const { sells, zeroForOne, sqrtPriceX96 } = alignment;
  const title = `Bring the pool to the price: sell ${inWords(sells.amount, sells.token)}`;
  const spending = {
    token: sells.token,
    spender: operator,
    spenderName: "the pool operator",
    allowance,
    needed: sells.amount,
  };
  const args = [market.pool.address, zeroForOne, ENDLESS, sqrtPriceX96];
  return {
    title,
    transactions: [...approvalsFor([spending], options), action(title, operator, OPERATOR, "swap", args)],
  };
}
