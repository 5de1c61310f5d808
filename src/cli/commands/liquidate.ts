import { readAccount, readPositions, type AccountReading, type PositionReading } from "../../client/account-reading.ts";
import { readRiskiest } from "../../client/borrowers.ts";
import { QuoteError } from "../../client/errors.ts";
import { planLiquidate, planLiquidateWithOwn } from "../../client/maintenance.ts";
import type { MarketReading } from "../../client/market-reading.ts";
import { isCollateralToken0 } from "../../client/swap-quote.ts";
import { happened } from "../../client/receipt-events.ts";
import { parseAmount } from "../../client/units.ts";
import { parseAddress } from "../../client/typed-address.ts";
import { liquidationAmounts } from "../../protocol/market/liquidation-amounts.ts";
import { ceilDiv, min } from "../../protocol/rounding.ts";
import { priceFromSqrtPriceX96 } from "../../protocol/uniswap-v3/price.ts";
import { WAD } from "../../protocol/units.ts";
import { act, approvalsOf, type SigningOptions } from "../act.ts";
import { healthOf, leverageOf, marketPrice, type Rows } from "../describe.ts";
import { NotEnoughError } from "../errors.ts";
import { amountText, MAX_UINT256, parsePercent } from "../numbers.ts";
import { pairs, table, withProgress } from "../output.ts";
import type { Run } from "../program.ts";
import { lastOf, prepare } from "./acting.ts";

interface LiquidateOptions extends SigningOptions {
  readonly maxPayment?: string;
  readonly flash?: boolean;
  readonly maxSlippage: string;
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
    throw new QuoteError("None of these positions can be liquidated now", advice, true);
  }
  const reading = await readAccount(node, market, signer.address);
  const { loanToken, collateralToken } = market;
  const { balance } = reading.wallet.loan;
  const bound = options.maxPayment === undefined ? MAX_UINT256 : parseAmount(options.maxPayment, loanToken.decimals);
  const ofWhom = ripe.map(({ account }) => account);
  const { payment, seized } = amountsOf(ripe, reading.market, bound);
  const maxPayment = min(bound, payment + ceilDiv(payment * TOLERANCE, WAD));
  const minSeized = seized - ceilDiv(seized * TOLERANCE, WAD);
  const order = { accounts: ofWhom, maxPayment, minSeized };
  const isFlash = options.flash === true;
  if (!isFlash && balance < maxPayment) {
    throw new NotEnoughError(
      `The account has ${amountText(balance, loanToken)}, and liquidating takes ${amountText(maxPayment, loanToken)}`,
      "Give --max-payment to liquidate less, name some of the accounts, or give --flash.",
    );
  }
  const worstPrice = isFlash ? worstPriceOf(reading, parsePercent(options.maxSlippage, "--max-slippage")) : 0n;
  const plan = isFlash
    ? planLiquidate(market, { ...order, worstPrice })
    : planLiquidateWithOwn(reading, order, approvalsOf(options));
  const paying: Rows = isFlash
    ? [
        ["sells it in the pool at", `${marketPrice(worstPrice, market)} at the worst`],
        ["and pays from that", `${amountText(payment, loanToken)}; the profit is above zero, or nothing happens`],
      ]
    : [["pays", `${amountText(payment, loanToken)}, at most ${amountText(maxPayment, loanToken)}`]];
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
        ["seizes", `${amountText(seized, collateralToken)}, at least ${amountText(minSeized, collateralToken)}`],
        ...paying,
      ]),
    ].join("\n\n"),
    expected: { accounts: ofWhom, payment, seized },
    happened: (receipts) => {
      const { events, loan, collateral } = happened(market, signer.address, lastOf(receipts));
      const liquidated = events.filter(({ name }) => name === "Liquidated");
      const rows = [
        ["liquidated", `${liquidated.length} of ${ofWhom.length}`],
        [loan < 0n ? "paid" : "profit", amountText(loan < 0n ? -loan : loan, loanToken)],
        ["collateral received", amountText(collateral, collateralToken)],
      ] as const;
      const result = { liquidated, loanReceived: loan, collateralReceived: collateral };
      return Promise.resolve({ text: pairs(rows), result });
    },
  });
};

/** The pool's price, less the slippage, as `IPriceOracle` scales it. */
function worstPriceOf({ pool, market: { market } }: AccountReading, slippage: bigint): bigint {
  if (pool === undefined) throw new QuoteError("The market has no pool to sell in", "Liquidate without --flash.");
  const price = priceFromSqrtPriceX96(pool.sqrtPriceX96, isCollateralToken0(market));
  return (price * (WAD - slippage)) / WAD;
}

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
