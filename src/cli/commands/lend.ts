import { planLend, planRedeem, planTakeBack, sharesOf } from "../../client/actions.ts";
import type { AccountReading } from "../../client/account-reading.ts";
import { permitToSign, permitTransaction, readPermit, type Permit } from "../../client/permits.ts";
import type { Plan } from "../../client/plan.ts";
import { quoteLend, quoteRedeem, readBasis, type LendQuote } from "../../client/quote.ts";
import { happened } from "../../client/receipt-events.ts";
import { parseAmount } from "../../client/units.ts";
import { sharesForUp } from "../../protocol/shares-math.ts";
import { act, approvalsOf, signsElsewhere, type SigningOptions } from "../act.ts";
import { amountText } from "../numbers.ts";
import { pairs, table } from "../output.ts";
import { checkBalance } from "../preview.ts";
import type { Run } from "../program.ts";
import { forPeople } from "../refusal.ts";
import type { Surroundings } from "../surroundings.ts";
import { lastOf, nextBlockTime, prepare, type Acting } from "./acting.ts";

interface LendOptions extends SigningOptions {
  readonly permit: boolean;
}

/** A signed permit counts for so many seconds of the chain's time. */
const PERMIT_VALID = 1_200n;

export const lend: Run<LendOptions> = async (surroundings, [said, text = ""], options) => {
  const acting = await prepare(surroundings, said, options);
  const { session, found, signer } = acting;
  const { loanToken } = found.market;
  const basis = await readBasis(session.node, found.market, signer.address);
  const { reading } = basis;
  const { balance, allowance } = reading.wallet.loan;
  const assets = text === "all" ? balance : parseAmount(text, loanToken.decimals);
  checkBalance(loanToken, balance, assets);
  const now = await nextBlockTime(session.node, reading.block.timestamp);
  const quote = quoteLend(basis, assets, { now });
  const approvals = approvalsOf(options);
  const usesPermit = options.permit && approvals.approve === "exact" && allowance < assets && !signsElsewhere(options);
  const permit = usesPermit
    ? await readPermit(session.node, loanToken, {
        owner: signer.address,
        spender: found.market.address,
        value: assets,
        deadline: now + PERMIT_VALID,
      })
    : undefined;
  await propose(surroundings, acting, reading, options, planLend(reading, assets, approvals), quote, -assets, permit);
};

export const redeem: Run<SigningOptions> = async (surroundings, [said, text = ""], options) => {
  const acting = await prepare(surroundings, said, options);
  const { session, found, signer } = acting;
  const basis = await readBasis(session.node, found.market, signer.address);
  const { reading } = basis;
  const { shares } = reading.wallet;
  const now = await nextBlockTime(session.node, reading.block.timestamp);
  if (text === "all") {
    checkBalance(sharesOf(found.market), shares.balance, 1n);
    const quote = quoteRedeem(basis, "all", { now });
    await propose(surroundings, acting, reading, options, planRedeem(reading, "all"), quote, quote.assets);
    return;
  }
  const assets = parseAmount(text, found.market.loanToken.decimals);
  checkBalance(found.market.loanToken, shares.assets, assets);
  const quote = quoteRedeem(basis, sharesForUp(assets, reading.market.shareTotals), { now });
  await propose(surroundings, acting, reading, options, planTakeBack(reading, assets), quote, assets);
};

async function propose(
  surroundings: Surroundings,
  { session, found, signer }: Acting,
  reading: AccountReading,
  options: SigningOptions,
  plan: Plan,
  quote: LendQuote,
  moved: bigint,
  permit?: Permit,
): Promise<void> {
  const { market } = found;
  await act(surroundings, session, signer, options, {
    title: plan.title,
    calls: plan.transactions,
    preview: [
      table(
        ["", "before", "after"],
        [
          [
            "lent, with interest",
            amountText(quote.before.assets, market.loanToken),
            amountText(quote.after.assets, market.loanToken),
          ],
          [
            "wallet",
            amountText(reading.wallet.loan.balance, market.loanToken),
            amountText(reading.wallet.loan.balance + moved, market.loanToken),
          ],
        ],
      ),
      ...(permit === undefined ? [] : ["The approval is a permit: you sign it, and it counts for this amount alone."]),
    ].join("\n\n"),
    expected: quote,
    refusal: forPeople(quote.refusal, market),
    ...(permit === undefined
      ? {}
      : { finish: async () => withPermit(plan, permit, await signer.signTypedData(dataOf(permit))) }),
    happened: (receipts) => {
      const { loan, shares } = happened(market, signer.address, lastOf(receipts));
      const rows = [
        [loan < 0n ? "lent" : "taken back", amountText(loan < 0n ? -loan : loan, market.loanToken)],
        [shares < 0n ? "shares given" : "shares got", amountText(shares < 0n ? -shares : shares, sharesOf(market))],
      ] as const;
      return Promise.resolve({ text: pairs(rows), result: { loan, shares } });
    },
  });
}

function dataOf(permit: Permit) {
  const { domain, types, message } = permitToSign(permit);
  return { domain, types, value: { ...message } };
}

/** The plan with the permit in the place of its approval. */
function withPermit({ transactions }: Plan, permit: Permit, signature: string): Plan["transactions"] {
  return transactions.map((one) => (one.kind === "approval" ? permitTransaction(permit, signature) : one));
}
