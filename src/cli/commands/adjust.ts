import { planAdd, planBorrow, planRepay, planWithdraw } from "../../client/actions.ts";
import type { Plan } from "../../client/plan.ts";
import {
  quoteAdd,
  quoteBorrow,
  quoteRepay,
  quoteWithdraw,
  readBasis,
  type ChangeQuote,
  type QuoteBasis,
  type QuoteOptions,
} from "../../client/quote.ts";
import { parseAmount } from "../../client/units.ts";
import { act, approvalsOf, type SigningOptions } from "../act.ts";
import { UsageError } from "../errors.ts";
import { beforeAndAfter, checkBalance, happenedTo, type WalletChange } from "../preview.ts";
import type { Run } from "../program.ts";
import { forPeople } from "../refusal.ts";
import type { Surroundings } from "../surroundings.ts";
import { lastOf, nextBlockTime, prepare } from "./acting.ts";

type Amount = bigint | "all";
type Side = "loan" | "collateral";

/** A change of a position by an amount of one token. */
interface Change {
  readonly side: Side;
  /** Whether the token leaves the wallet. */
  readonly pays: boolean;
  readonly quote: (basis: QuoteBasis, amount: Amount, options: QuoteOptions) => ChangeQuote;
  readonly plan: (basis: QuoteBasis, amount: Amount) => Plan;
}

export const add: Run<SigningOptions> = async (surroundings, [said, text = ""], options) => {
  await change(surroundings, said, text, options, {
    side: "collateral",
    pays: true,
    quote: ({ reading, ...basis }, amount, quoting) =>
      quoteAdd({ reading, ...basis }, amount === "all" ? reading.wallet.collateral.balance : amount, quoting),
    plan: ({ reading }, amount) =>
      planAdd(reading, amount === "all" ? reading.wallet.collateral.balance : amount, approvalsOf(options)),
  });
};

export const withdraw: Run<SigningOptions> = async (surroundings, [said, text = ""], options) => {
  await change(surroundings, said, text, options, {
    side: "collateral",
    pays: false,
    quote: quoteWithdraw,
    plan: ({ reading }, amount) => planWithdraw(reading, amount),
  });
};

export const borrow: Run<SigningOptions> = async (surroundings, [said, text = ""], options) => {
  if (text === "all") throw new UsageError("`all` can't be borrowed", "Name an amount.");
  await change(surroundings, said, text, options, {
    side: "loan",
    pays: false,
    quote: (basis, amount, quoting) => quoteBorrow(basis, amount as bigint, quoting),
    plan: ({ reading }, amount) => planBorrow(reading, amount as bigint),
  });
};

export const repay: Run<SigningOptions> = async (surroundings, [said, text = ""], options) => {
  await change(surroundings, said, text, options, {
    side: "loan",
    pays: true,
    quote: quoteRepay,
    plan: ({ reading }, amount) => planRepay(reading, amount, approvalsOf(options)),
  });
};

async function change(
  surroundings: Surroundings,
  said: string | undefined,
  text: string,
  options: SigningOptions,
  { side, pays, quote: quoteIt, plan: planIt }: Change,
): Promise<void> {
  const { session, found, signer } = await prepare(surroundings, said, options);
  const token = side === "loan" ? found.market.loanToken : found.market.collateralToken;
  const amount: Amount = text === "all" ? "all" : parseAmount(text, token.decimals);
  const basis = await readBasis(session.node, found.market, signer.address);
  const now = await nextBlockTime(session.node, basis.reading.block.timestamp);
  const quote = quoteIt(basis, amount, { now });
  if (pays) checkBalance(token, basis.reading.wallet[side].balance, quote.amount);
  const plan = planIt(basis, amount);
  const moved: WalletChange = { collateral: 0n, loan: 0n, [side]: pays ? -quote.amount : quote.amount };
  await act(surroundings, session, signer, options, {
    title: plan.title,
    calls: plan.transactions,
    preview: beforeAndAfter(basis.reading, quote, moved),
    expected: quote,
    refusal: forPeople(quote.refusal, found.market),
    happened: async (receipts) => happenedTo(session.node, basis.reading, lastOf(receipts)),
  });
}
