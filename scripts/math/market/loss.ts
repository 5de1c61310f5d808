import { min } from "../rounding.ts";
import { bufferShares, type Books, type MarketState } from "./state.ts";
import { feeShares, sharesForUp, storedTotal, totalAssets } from "./vault.ts";

/** What a batch of liquidations did to the lenders: loan token units and share units. */
export interface Settlement {
  readonly feeShares: bigint;
  readonly loss: bigint;
  readonly bufferSharesBurned: bigint;
}

/**
 * Books a batch's payments and burned debt. Fees are credited to the buffer first; what is missing then is taken from it, and
 * only then from all lenders alike.
 * @param index borrow index of the batch.
 * @param settled the books after it.
 * @param fee part of the payments that belongs to the buffer.
 */
export function settleLenders(market: MarketState, index: bigint, settled: Books, fee: bigint): Settlement {
  const before = market.books;
  const total = totalAssets(settled, index);
  const expected = totalAssets(before, index) + fee;
  market.books = settled;
  if (fee === 0n && total >= expected) return { feeShares: 0n, loss: 0n, bufferSharesBurned: 0n };

  const minted = feeShares(market, before, expected - fee, fee);
  const buffer = bufferShares(market) + minted;
  const totalShares = market.lenders.totalShares + minted;
  const loss = total < expected ? expected - total : 0n;
  const burned = min(buffer, sharesForUp(loss, { totalShares, totalAssets: expected }));
  market.shares.set(market.address, buffer - burned);
  market.lenders = { totalShares: totalShares - burned, lastTotalAssets: storedTotal(total) };
  return { feeShares: minted, loss, bufferSharesBurned: burned };
}
