import { readAccount, readPositions, type PositionReading } from "../../client/account-reading.ts";
import { readRiskiest } from "../../client/borrowers.ts";
import { QuoteError } from "../../client/errors.ts";
import { planLiquidateWithOwn } from "../../client/maintenance.ts";
import type { MarketReading } from "../../client/market-reading.ts";
import { happened } from "../../client/receipt-events.ts";
import { parseAmount } from "../../client/units.ts";
import { parseAddress } from "../../client/typed-address.ts";
import { liquidationAmounts } from "../../protocol/market/liquidation-amounts.ts";
import { ceilDiv, min } from "../../protocol/rounding.ts";
import { WAD } from "../../protocol/units.ts";
import { act, type SigningOptions } from "../act.ts";
import { healthOf, leverageOf } from "../describe.ts";
import { NotEnoughError } from "../errors.ts";
import { amountText, MAX_UINT256 } from "../numbers.ts";
import { pairs, table, withProgress } from "../output.ts";
import type { Run } from "../program.ts";
import { prepare } from "./acting.ts";
import { lastOf } from "./trade.ts";

interface LiquidateOptions extends SigningOptions {
  readonly maxPayment?: string;
}

/** So many positions at once fit a block's gas with room to spare. */
const MOST_ACCOUNTS = 20;
/** The payment may grow by this share until the transaction is in a block, by interest. */
const TOLERANCE = WAD / 1_000n;

export const liquidate: Run<LiquidateOptions> = async (surroundings, words, options) => {
  const [said, named] = words as readonly [string | undefined, readonly string[] | undefined];
  const { session, found, signer } = await prepare(surroundings, said, options);
  const { node } = session;
  const { market } = found;
  const accounts = (named ?? []).map((account) => parseAddress(account));
  const { positions } =
    accounts.length > 0
      ? await readPositions(node, market, accounts)
      : await withProgress(surroundings.terminal, "Reading events", async () =>
          readRiskiest(node, market, MOST_ACCOUNTS),
        );
  const ripe = positions.filter(({ liquidatable }) => liquidatable);
  if (ripe.length === 0) {
    const advice = `\`cantilever positions ${market.symbol}\` lists them by risk.`;
    throw new QuoteError("Nobody of these can be liquidated now", advice);
  }
  const reading = await readAccount(node, market, signer.address);
  const { loanToken, collateralToken } = market;
  const { balance } = reading.wallet.loan;
  const bound = options.maxPayment === undefined ? MAX_UINT256 : parseAmount(options.maxPayment, loanToken.decimals);
  const ofWhom = ripe.map(({ account }) => account);
  const { payment, seized } = amountsOf(ripe, reading.market, bound);
  const maxPayment = min(bound, payment + ceilDiv(payment * TOLERANCE, WAD));
  if (balance < maxPayment) {
    throw new NotEnoughError(
      `The account has ${amountText(balance, loanToken)}, and liquidating takes ${amountText(maxPayment, loanToken)}`,
      "Give --max-payment to liquidate less, or name some of the accounts.",
    );
  }
  const minSeized = seized - ceilDiv(seized * TOLERANCE, WAD);
  const approve = options.approveUnlimited === true ? "unlimited" : "exact";
  const plan = planLiquidateWithOwn(reading, { accounts: ofWhom, maxPayment, minSeized }, { approve });
  await act(surroundings, session, signer, options, {
    title: plan.title,
    calls: plan.transactions,
    preview: [
      table(
        ["account", "leverage", "health factor", "debt", "collateral"],
        ripe.map((one) => [
          one.account,
          leverageOf(one),
          healthOf(one),
          amountText(one.debt, loanToken),
          amountText(one.collateral, collateralToken),
        ]),
      ),
      pairs([
        ["pays", `${amountText(payment, loanToken)}, at most ${amountText(maxPayment, loanToken)}`],
        ["seizes", `${amountText(seized, collateralToken)}, at least ${amountText(minSeized, collateralToken)}`],
      ]),
    ].join("\n\n"),
    expected: { accounts: ofWhom, payment, seized },
    happened: (receipts) => {
      const { events, loan, collateral } = happened(market, signer.address, lastOf(receipts));
      const liquidated = events.filter(({ name }) => name === "Liquidated");
      const rows = [
        ["liquidated", `${liquidated.length} of ${ofWhom.length}`],
        ["paid", amountText(-loan, loanToken)],
        ["seized", amountText(collateral, collateralToken)],
      ] as const;
      return Promise.resolve({ text: pairs(rows), result: { liquidated, paid: -loan, seized: collateral } });
    },
  });
};

/**
 * The payment and the seized collateral of liquidating these positions in their order, in token
 * units.
 */
function amountsOf(
  positions: readonly PositionReading[],
  { borrowIndex, liquidationPrice, limits, config }: MarketReading,
  most: bigint,
): { readonly payment: bigint; readonly seized: bigint } {
  const terms = {
    params: { ...limits, ...config },
    index: borrowIndex,
    price: liquidationPrice ?? 0n,
    liquidationLeverage: limits.liquidationLeverage,
  };
  const sum = { payment: 0n, seized: 0n };
  for (const { debtShares, collateral } of positions) {
    const one = liquidationAmounts(terms, { debtShares, collateral }, most - sum.payment);
    sum.payment += one?.payment ?? 0n;
    sum.seized += one?.collateral ?? 0n;
  }
  return sum;
}
