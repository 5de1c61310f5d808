import { quoteRaise, type RaiseQuote } from "../../client/leverage-quote.ts";
import { readBasis, type QuoteBasis } from "../../client/quote.ts";
import { parseAmount } from "../../client/units.ts";
import { toAddress } from "../../protocol/address.ts";
import { WAD } from "../../protocol/units.ts";
import { marketIn } from "../books.ts";
import { marketPrice, NONE, positionRows, type Rows } from "../describe.ts";
import { presentFees } from "../fees.ts";
import { amountText, etherText, leverageText, parseLeverage, parsePercent, percentText } from "../numbers.ts";
import { pairs, show, table } from "../output.ts";
import type { Run } from "../program.ts";
import { forPeople, quoted } from "../refusal.ts";
import { openSession } from "../session.ts";
import type { GlobalOptions } from "../surroundings.ts";
import { nextBlockTime } from "./acting.ts";

interface QuoteCommandOptions extends GlobalOptions {
  readonly equity: string;
  readonly leverage: string;
  readonly maxSlippage: string;
}

/** An account without a position: the quote is for a new one. */
const NOBODY = toAddress("0x000000000000000000000000000000000000dead");

export const quote: Run<QuoteCommandOptions> = async (surroundings, [said], options) => {
  const leverage = parseLeverage(options.leverage);
  const slippage = parsePercent(options.maxSlippage, "--max-slippage");
  const { node, book } = await openSession(surroundings, options);
  const { market } = marketIn(book, said);
  const ownCollateral = parseAmount(options.equity, market.collateralToken.decimals);
  const basis = await readBasis(node, market, NOBODY);
  const now = await nextBlockTime(node, basis.reading.block.timestamp);
  const offer = quoted(basis, () => quoteRaise(basis, { leverage, ownCollateral }, { now, slippage }));
  const refused = forPeople(offer.refusal, market);
  const { expected } = await presentFees(node, undefined);
  const gasCost = offer.gas * expected;
  const text = [
    `${amountText(ownCollateral, market.collateralToken)} at ${leverageText(leverage)} in ${market.symbol}`,
    pairs(quoteRows(offer, basis, gasCost)),
    table(
      ["what bounds the leverage", "more debt at most", "leverage then"],
      offer.bounds.map(({ name, maxDebt, maxLeverage }) => [
        name,
        amountText(maxDebt, market.loanToken),
        maxLeverage === undefined ? NONE : leverageText(maxLeverage),
      ]),
    ),
    ...(refused === undefined ? [] : [`It would be refused now. ${refused.message}`]),
  ].join("\n\n");
  const refusal = refused === undefined ? undefined : { reason: refused.reason, message: refused.message };
  show(surroundings.terminal, options.json, { market, ...offer, refusal, gasCost }, text);
};

function quoteRows(offer: RaiseQuote, { reading }: QuoteBasis, gasCost: bigint): Rows {
  const { market } = reading.market;
  const { swap, ownCollateral, maxOwnCollateral } = offer;
  return [
    ["own collateral", amountText(ownCollateral, market.collateralToken)],
    ["at the worst", amountText(maxOwnCollateral, market.collateralToken)],
    ...positionRows(offer.after, reading.market),
    ["borrowers pay after it", `${percentText(offer.borrowRatePerYear)} a year`],
    ["buys", `${amountText(swap.bought, market.collateralToken)} for ${amountText(swap.sold, market.loanToken)}`],
    ["pool's price", `${marketPrice(swap.priceBefore, market)}, after it ${marketPrice(swap.priceAfter, market)}`],
    ["price impact", percentText(swap.priceImpact, 3)],
    [
      "pool's fee",
      `${amountText(swap.fee, market.loanToken)} (${percentText((BigInt(market.pool?.fee ?? 0) * WAD) / 1_000_000n, 3)})`,
    ],
    ...(swap.loss === undefined ? [] : [["cost against the market's price", percentText(swap.loss, 3)] as const]),
    ["gas", `about ${offer.gas}, ${etherText(gasCost)}`],
  ];
}
