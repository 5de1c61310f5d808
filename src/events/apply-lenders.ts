import { ZeroAddress } from "ethers";

import { sharesOf, type Address, type MarketState } from "../protocol/market/state.ts";
import { storedTotal, totalAssets } from "../protocol/market/vault.ts";
import { InconsistentEventsError } from "./errors.ts";
import type { MarketEvent } from "./events.ts";

/** Cash came in with a lender (below zero: went out). Its shares, and the buffer's fee, have events of their own. */
export function applyLenderAction(market: MarketState, assets: bigint): void {
  const cash = market.books.cash + assets;
  if (cash < 0n) throw new InconsistentEventsError("A lender took more cash than the market had");
  market.books = { ...market.books, cash };
  storeTotalAssets(market);
}

/** Shares moved; from and to the zero address they come into being and go. */
export function applyTransfer(market: MarketState, event: Extract<MarketEvent, { name: "Transfer" }>): void {
  const { from, to, value } = event;
  let { totalShares } = market.lenders;
  if (from === ZeroAddress) totalShares += value;
  else setShares(market, from, sharesOf(market, from) - value);
  if (to === ZeroAddress) totalShares -= value;
  else setShares(market, to, sharesOf(market, to) + value);
  market.lenders = { ...market.lenders, totalShares };
}

/** All fees have been turned into shares, and the total assets stored, of whose growth the next interest fee is taken. */
export function storeTotalAssets(market: MarketState): void {
  const total = totalAssets(market.books, market.interest.borrowIndex);
  market.lenders = { ...market.lenders, lastTotalAssets: storedTotal(total), pendingFees: 0n };
}

function setShares(market: MarketState, account: Address, shares: bigint): void {
  if (shares < 0n) throw new InconsistentEventsError(`${account} transferred more shares than it had`);
  if (shares === 0n) market.shares.delete(account);
  else market.shares.set(account, shares);
}
