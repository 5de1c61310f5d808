import { planClose, planLower, planRaise } from "../../client/actions.ts";
import {
  quoteClose,
  quoteLeverage,
  quoteRaise,
  type CloseQuote,
  type LowerQuote,
  type RaiseQuote,
} from "../../client/leverage-quote.ts";
import type { Plan } from "../../client/plan.ts";
import { readBasis, type QuoteBasis, type QuoteOptions } from "../../client/quote.ts";
import { parseAmount } from "../../client/units.ts";
import { act, approvalsOf, signsElsewhere, type SigningOptions } from "../act.ts";
import type { Rows } from "../describe.ts";
import { amountText, parseDuration, parseLeverage, parsePercent, percentText } from "../numbers.ts";
import { pairs } from "../output.ts";
import { beforeAndAfter, checkBalance, happenedTo, type WalletChange } from "../preview.ts";
import type { Run } from "../program.ts";
import { forPeople, quoted } from "../refusal.ts";
import type { Surroundings } from "../surroundings.ts";
import { lastOf, nextBlockTime, prepare, type Acting } from "./acting.ts";

export interface TradingOptions extends SigningOptions {
  readonly maxSlippage: string;
  readonly validFor?: string;
}

interface OpenOptions extends TradingOptions {
  readonly equity: string;
  readonly leverage: string;
}

type Quote = RaiseQuote | LowerQuote | CloseQuote;

export const open: Run<OpenOptions> = async (surroundings, [said], options) => {
  const leverage = parseLeverage(options.leverage);
  await trade(surroundings, said, options, (basis, quoting) => {
    const { market, wallet } = basis.reading;
    const { collateralToken } = market.market;
    const { balance } = wallet.collateral;
    const own = options.equity === "all" ? balance : parseAmount(options.equity, collateralToken.decimals);
    checkBalance(collateralToken, balance, own);
    const quote = quoteRaise(basis, { leverage, ownCollateral: own }, quoting);
    // Who has just the equity, and nothing to make up for a worse price with, is promised a little
    // less collateral.
    return quote.maxOwnCollateral <= balance
      ? quote
      : quoteRaise(basis, { leverage, ownCollateral: own, maxOwnCollateral: balance }, quoting);
  });
};

export const leverage: Run<TradingOptions> = async (surroundings, [said, wanted = ""], options) => {
  const leverage = parseLeverage(wanted);
  await trade(surroundings, said, options, (basis, quoting) => quoteLeverage(basis, leverage, quoting));
};

export const close: Run<TradingOptions> = async (surroundings, [said], options) => {
  await trade(surroundings, said, options, quoteClose);
};

/**
 * Seconds for which a trade may be made: others need time to sign. Its worst price bounds it as
 * well.
 */
function validityOf(options: TradingOptions): bigint {
  return signsElsewhere(options) ? 3n * 86_400n : 600n;
}

async function trade(
  surroundings: Surroundings,
  said: string | undefined,
  options: TradingOptions,
  quoteIt: (basis: QuoteBasis, quoting: QuoteOptions) => Quote,
): Promise<void> {
  const slippage = parsePercent(options.maxSlippage, "--max-slippage");
  const validFor = options.validFor === undefined ? validityOf(options) : parseDuration(options.validFor);
  const { session, found, signer } = await prepare(surroundings, said, options);
  const basis = await readBasis(session.node, found.market, signer.address);
  const now = await nextBlockTime(session.node, basis.reading.block.timestamp);
  const quote = quoted(basis, () => quoteIt(basis, { now, slippage, deadline: now + validFor }));
  const plan = planOfQuote(basis, quote, options);
  await act(surroundings, session, signer, options, {
    title: plan.title,
    calls: plan.transactions,
    preview: `${beforeAndAfter(basis.reading, quote, walletChange(quote))}\n\n${pairs(tradeRows(quote, basis))}`,
    expected: quote,
    usualGas: quote.gas,
    priceImpact: quote.swap.priceImpact,
    refusal: forPeople(quote.refusal, basis.reading.market.market),
    happened: async (receipts) => happenedTo(session.node, basis.reading, lastOf(receipts)),
  });
}

function planOfQuote({ reading }: QuoteBasis, quote: Quote, options: SigningOptions): Plan {
  const approvals = approvalsOf(options);
  switch (quote.kind) {
    case "raise":
      return planRaise(reading, quote, approvals);
    case "lower":
      return planLower(reading, quote, approvals);
    case "close":
      return planClose(reading, quote);
  }
}

function walletChange(quote: Quote): WalletChange {
  return {
    collateral: quote.returnedCollateral - (quote.kind === "raise" ? quote.ownCollateral : 0n),
    loan: quote.returnedLoan - (quote.kind === "lower" ? quote.ownLoan : 0n),
  };
}

/** The trade in the pool, and the worst that can come of it. */
function tradeRows(quote: Quote, { reading }: QuoteBasis): Rows {
  const { loanToken, collateralToken } = reading.market.market;
  const { swap } = quote;
  const [sold, bought] = swap.selling === "loan" ? [loanToken, collateralToken] : [collateralToken, loanToken];
  return [
    ["sells", amountText(swap.sold, sold)],
    ["for", amountText(swap.bought, bought)],
    ["pool's fee", amountText(swap.fee, sold)],
    ["price impact", percentText(swap.priceImpact, 3)],
    ...(swap.loss === undefined ? [] : [["cost against the market's price", percentText(swap.loss, 3)] as const]),
    ["at the worst", worstOf(quote, reading.market.market)],
    ["borrowers pay after it", `${percentText(quote.borrowRatePerYear)} a year`],
  ];
}

function worstOf(quote: Quote, { loanToken, collateralToken }: Acting["found"]["market"]): string {
  switch (quote.kind) {
    case "raise":
      return quote.maxOwnCollateral === 0n
        ? "the same position, with nothing of what is bought beyond it"
        : `the same position, for ${amountText(quote.maxOwnCollateral, collateralToken)} of one's own`;
    case "lower":
      return quote.maxOwnLoan === 0n
        ? "the same position, with nothing of what is bought beyond it"
        : `the same position, for ${amountText(quote.maxOwnLoan, loanToken)} of one's own`;
    case "close":
      return `${amountText(quote.worstReturnedCollateral, collateralToken)} come back`;
  }
}
