import type { Log } from "ethers";

import { FaucetToken__factory, LeverageMarket__factory } from "../../types/index.ts";
import { fromUnits } from "../client/units.ts";
import type { LiquidationBatch } from "./record.ts";
import { COLLATERAL_DECIMALS, USD_DECIMALS } from "./settings.ts";

const MARKET = LeverageMarket__factory.createInterface();
const TOKEN = FaucetToken__factory.createInterface();

/** One event `Liquidated`. Amounts in token units. */
export interface LiquidatedEvent {
  readonly account: string;
  readonly debtShares: bigint;
  readonly collateral: bigint;
  readonly payment: bigint;
  readonly fee: bigint;
  readonly loss: bigint;
}

/** What of a receipt is needed here. */
export interface ReceiptFigures {
  readonly hash: string;
  readonly gasUsed: bigint;
  readonly logs: readonly Log[];
}

/** Whose events and tokens count. */
export interface LiquidationSite {
  readonly market: string;
  readonly loanToken: string;
  readonly flashLiquidator: string;
  readonly keeper: string;
}

/** The market's events `Liquidated` in a transaction. */
export function liquidatedIn({ logs }: Pick<ReceiptFigures, "logs">, market: string): readonly LiquidatedEvent[] {
  return logs.flatMap((log) => {
    const event = log.address === market ? MARKET.parseLog(log) : null;
    return event?.name === "Liquidated" ? [event.args.toObject() as unknown as LiquidatedEvent] : [];
  });
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
  return logs.reduce((total, log) => {
    const event = log.address === site.loanToken ? TOKEN.parseLog(log) : null;
    if (event?.name !== "Transfer") return total;
    const [from, to, value] = event.args as unknown as [string, string, bigint];
    return from === site.flashLiquidator && to === site.keeper ? total + value : total;
  }, 0n);
}
