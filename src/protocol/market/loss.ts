import { min } from "../rounding.ts";
import { sharesForUp } from "../shares-math.ts";
import { bufferShares, type Books, type MarketState } from "./state.ts";
import { dueShares, storedTotal, totalAssets } from "./vault.ts";

/** What a loss did to the lenders: loan token units and share units; zeros if there was none. */
export interface BookedLoss {
  readonly loss: bigint;
  /** Shares that the buffer got for the fees that were due, before it paid. */
  readonly dueShares: bigint;
  readonly bufferSharesBurned: bigint;
}

/**
 * Books a batch's payments and burned debt. Its fees wait to be turned into shares of the buffer; if debt remained unpaid, all
 * fees are credited to the buffer first, what is missing is taken from it, and only then from all lenders alike.
 * @param index borrow index of the batch.
 * @param settled the books after it.
 * @param fee part of the payments that belongs to the buffer.
 */
export function settleLenders(market: MarketState, index: bigint, settled: Books, fee: bigint): BookedLoss {
  const before = totalAssets(market.books, index);
  const expected = before + fee;
  const total = totalAssets(settled, index);
  const pendingFees = market.lenders.pendingFees + fee;
  market.books = settled;
  if (total >= expected) {
    market.lenders = { ...market.lenders, pendingFees };
    return { loss: 0n, dueShares: 0n, bufferSharesBurned: 0n };
  }

  const loss = expected - total;
  const minted = dueShares(market, pendingFees, expected);
  const buffer = bufferShares(market) + minted;
  const totalShares = market.lenders.totalShares + minted;
  const burned = min(buffer, sharesForUp(loss, { totalShares, totalAssets: expected }));
  market.shares.set(market.address, buffer - burned);
  market.lenders = { totalShares: totalShares - burned, lastTotalAssets: storedTotal(total), pendingFees: 0n };
  return { loss, dueShares: minted, bufferSharesBurned: burned };
}
