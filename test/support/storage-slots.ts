import { expect } from "chai";
import type { Provider } from "ethers";

import type { Lenders } from "../../src/protocol/market/state.ts";
import type { LeverageMarket } from "../../types/index.ts";

/**
 * Storage slots of a market that hold a number which no view tells, in their upper half. The lower
 * half holds one that a view does tell, by which each slot is checked whenever it is read: a layout
 * that has changed is noticed.
 */
export const MARKET_SLOTS = { lenders: 25, buffer: 26 } as const;

/** Numbers that the market stores and no view tells. */
export async function hiddenBooks(
  provider: Pick<Provider, "getStorage">,
  market: LeverageMarket,
): Promise<Omit<Lenders, "totalShares">> {
  const upperHalf = async (slot: number, lowerHalf: bigint, name: string): Promise<bigint> => {
    const word = BigInt(await provider.getStorage(market, slot));
    expect(word & (2n ** 128n - 1n), `MARKET_SLOTS.${name} is another slot now`).to.equal(lowerHalf);
    return word >> 128n;
  };
  const fees = await upperHalf(MARKET_SLOTS.buffer, await market.balanceOf(market), "buffer");
  return {
    lastTotalAssets: await upperHalf(MARKET_SLOTS.lenders, await market.totalSupply(), "lenders"),
    pendingFees: fees & (2n ** 112n - 1n),
    feeFraction: fees >> 112n,
  };
}
