import { Contract, formatUnits } from "ethers";
import { Interface } from "ethers/abi";

import { abi as tokenAbi } from "../../../abis/FaucetToken.ts";
import { readAccount } from "../../client/account-reading.ts";
import { QuoteError } from "../../client/errors.ts";
import type { GuardReading } from "../../client/guard-reading.ts";
import {
  planAlign,
  planPoke,
  planSetAnswer,
  quoteAlign,
  settableFeedOf,
  type Alignment,
} from "../../client/maintenance.ts";
import { readMarket } from "../../client/market-reading.ts";
import { settableFeedAt } from "../../client/contracts.ts";
import type { Market } from "../../client/markets.ts";
import { parseAmount } from "../../client/units.ts";
import { act, approvalsOf, type SigningOptions } from "../act.ts";
import { marketPrice, type Rows } from "../describe.ts";
import { UsageError } from "../errors.ts";
import type { NodeProvider } from "../node.ts";
import { amountText, spanText } from "../numbers.ts";
import { pairs } from "../output.ts";
import { ensurePoolOperator } from "../pool-operator.ts";
import { checkBalance } from "../preview.ts";
import type { Run } from "../program.ts";
import { prepare } from "./acting.ts";

export const poke: Run<SigningOptions> = async (surroundings, [said], options) => {
  const { session, found, signer } = await prepare(surroundings, said, options);
  const { market } = found;
  const plan = planPoke(market);
  const { guard, block } = await readMarket(session.node, market);
  await act(surroundings, session, signer, options, {
    title: plan.title,
    calls: plan.transactions,
    preview: pairs(guard === undefined ? [] : guardRows(guard, market, block.timestamp)),
    expected: { guard },
    happened: async () => guardNow(session.node, market),
  });
};

export interface FeedOptions extends SigningOptions {
  readonly quote?: boolean;
}

export const feed: Run<FeedOptions> = async (surroundings, [said, text = ""], options) => {
  const { session, found, signer } = await prepare(surroundings, said, options);
  const { node } = session;
  const { market } = found;
  const asked = settableFeedOf(market, options.quote === true ? "quote" : "base");
  const contract = settableFeedAt(asked.address, node);
  const decimals = Number(await contract.decimals());
  const answer = parseAmount(text, decimals);
  if (answer === 0n) throw new UsageError("A price is above zero", "Write one like 1950 or 0.9998.");
  const before = await contract.latestRoundData().then(
    (round) => formatUnits(round[1], decimals),
    () => "none",
  );
  const plan = planSetAnswer(asked, answer);
  const pokes = market.guard === undefined ? [] : planPoke(market).transactions;
  await act(surroundings, session, signer, options, {
    title: `${plan.title}, and poke the guard`,
    calls: [...plan.transactions, ...pokes],
    preview: pairs([
      ["the feed", asked.description],
      ["its answer now", before],
      ["afterwards", formatUnits(answer, decimals)],
    ]),
    expected: { feed: asked.description, answer },
    happened: async () => guardNow(node, market),
  });
};

export const align: Run<SigningOptions> = async (surroundings, [said], options) => {
  const { session, found, signer } = await prepare(surroundings, said, options);
  const { node } = session;
  const { market } = found;
  const reading = await readAccount(node, market, signer.address);
  const price = reading.market.guard?.primary.price ?? reading.market.liquidationPrice;
  if (price === undefined || reading.pool === undefined) {
    throw reading.pool === undefined
      ? new QuoteError("The market has no pool to align", "Its oracle needs none: there is nothing to do.")
      : new QuoteError("The market has no price to align the pool with", "Wait until the feed answers again.", true);
  }
  const alignment = quoteAlign(market, reading.pool, price);
  const pokes = market.guard === undefined ? [] : planPoke(market).transactions;
  const { address: operator, calls: creation } = await ensurePoolOperator(node);
  if (alignment !== undefined) {
    const side = alignment.sells.token.address === market.loanToken.address ? "loan" : "collateral";
    checkBalance(alignment.sells.token, reading.wallet[side].balance, alignment.sells.amount);
  }
  const trade =
    alignment === undefined
      ? []
      : planAlign(
          market,
          alignment,
          { operator, allowance: await allowanceOf(node, alignment, signer.address, operator) },
          approvalsOf(options),
        ).transactions;
  await act(surroundings, session, signer, options, {
    title: "Bring the pool to the feed's price, and poke the guard",
    calls: [...(trade.length === 0 ? [] : creation), ...trade, ...pokes],
    preview: pairs(alignRows(alignment, market)),
    expected: { price, alignment },
    happened: async () => guardNow(node, market),
  });
};

function alignRows(alignment: Alignment | undefined, market: Market): Rows {
  if (alignment === undefined) return [["the pool", "is at the feed's price already"]];
  const { sells, buys, priceBefore, priceAfter } = alignment;
  return [
    ["the pool's price", `${marketPrice(priceBefore, market)}, after it ${marketPrice(priceAfter, market)}`],
    ["sells", amountText(sells.amount, sells.token)],
    ["for", amountText(buys.amount, buys.token)],
    ["note", "the guard's second source is the pool's mean: it follows within its window"],
  ];
}

async function guardNow(node: NodeProvider, market: Market): Promise<{ text: string; result: object }> {
  const { guard, block } = await readMarket(node, market);
  const rows = guard === undefined ? [] : guardRows(guard, market, block.timestamp);
  return { text: pairs(rows), result: { guard } };
}

function guardRows(guard: GuardReading, market: Market, now: bigint): Rows {
  return [
    ["the two sources", guard.status],
    ["feeds say", marketPrice(guard.primary.price, market)],
    ["the pool's mean says", marketPrice(guard.secondary.price, market)],
    ["ceiling", marketPrice(guard.ceiling, market)],
    ["floor", marketPrice(guard.floor, market)],
    ["last poke", `${spanText(now - guard.lastPoke)} ago`],
  ];
}

async function allowanceOf(node: NodeProvider, { sells }: Alignment, owner: string, spender: string): Promise<bigint> {
  const token = new Contract(sells.token.address, new Interface(tokenAbi), node);
  return (await token.getFunction("allowance").staticCall(owner, spender)) as bigint;
}
