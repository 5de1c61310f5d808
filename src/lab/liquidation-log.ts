import { id, type Log } from "ethers";

import { fromUnits } from "../client/units.ts";
import { marketEventsIn } from "../events/decode.ts";
import type { EventOf } from "../events/events.ts";
import { toAddress, type Address } from "../protocol/address.ts";
import type { LiquidationBatch } from "./record.ts";
import { COLLATERAL_DECIMALS, USD_DECIMALS } from "./settings.ts";

const TRANSFER = id("Transfer(address,address,uint256)");

/** One event `Liquidated`. Amounts in token units. */
export type LiquidatedEvent = EventOf<"Liquidated">;

/** What of a receipt is needed here. */
export interface ReceiptFigures {
  readonly hash: string;
  readonly gasUsed: bigint;
  readonly logs: readonly Log[];
}

/** Whose events and tokens count. */
export interface LiquidationSite {
  readonly market: Address;
  readonly loanToken: Address;
  readonly flashLiquidator: Address;
  readonly keeper: Address;
}

/** The market's events `Liquidated` in a transaction. */
export function liquidatedIn({ logs }: Pick<ReceiptFigures, "logs">, market: Address): readonly LiquidatedEvent[] {
  return marketEventsIn(market, "Liquidated", logs);
}

/** A liquidating transaction as the report shows it: all figures from its events. */
export function batchOf(
  receipt: ReceiptFigures,
  site: LiquidationSite,
  at: { readonly seconds: number; readonly price: number },
): LiquidationBatch {
  const events = liquidatedIn(receipt, site.market);
  const sum = (value: (event: LiquidatedEvent) => bigint): bigint =>
    events.reduce((total, event) => total + value(event), 0n);
  return {
    seconds: at.seconds,
    transactionHash: receipt.hash,
    positions: events.length,
    price: at.price,
    repaidUsd: fromUnits(
      sum(({ payment, fee }) => payment - fee),
      USD_DECIMALS,
    ),
    feeUsd: fromUnits(
      sum(({ fee }) => fee),
      USD_DECIMALS,
    ),
    seizedCollateral: fromUnits(
      sum(({ collateral }) => collateral),
      COLLATERAL_DECIMALS,
    ),
    badDebtUsd: fromUnits(
      sum(({ loss }) => loss),
      USD_DECIMALS,
    ),
    profitUsd: fromUnits(profitIn(receipt, site), USD_DECIMALS),
    gasUsed: Number(receipt.gasUsed),
  };
}

/** What the liquidator sent on to its owner, in loan tokens. */
function profitIn({ logs }: ReceiptFigures, site: LiquidationSite): bigint {
  return logs.reduce((total, { address, topics: [topic, from, to], data }) => {
    if (toAddress(address) !== site.loanToken || topic !== TRANSFER) return total;
    const isProfit = accountIn(from) === site.flashLiquidator && accountIn(to) === site.keeper;
    return isProfit ? total + BigInt(data) : total;
  }, 0n);
}

/** The account in an indexed argument. */
function accountIn(topic = ""): string {
  return `0x${topic.slice(-40)}`;
}
