import type { Address } from "../address.ts";
import { assetsForDown, assetsForUp, isClosed, sharesForDown, sharesForUp, type ShareTotals } from "../shares-math.ts";
import { accrued } from "./interest.ts";
import { RefusedError } from "../errors.ts";
import { saturatingSub } from "../rounding.ts";
import { bufferShares, sharesOf, type Interest, type MarketState } from "./state.ts";
import { dueShares, storedTotal, totalAssets } from "./vault.ts";

/** Amounts of a deposit or withdrawal: loan token units and share units. */
export interface Lent {
  readonly assets: bigint;
  readonly shares: bigint;
}

/**
 * State at the start of a deposit or withdrawal: accrued interest and due fees, not written to the
 * market yet.
 */
interface Prepared {
  readonly interest: Interest;
  /** Share units due to the buffer. */
  readonly fee: bigint;
  readonly feeFraction: bigint;
  readonly totals: ShareTotals;
}

/**
 * `deposit` of `assets` loan token units at `now` (Unix seconds); shares are rounded down.
 * @throws RefusedError if the contract would revert; `reason` names its error.
 */
export function deposit(market: MarketState, assets: bigint, receiver: Address, now: bigint): Lent {
  const prepared = prepare(market, now);
  const shares = sharesForDown(assets, prepared.totals);
  if (shares === 0n && assets !== 0n) throw new RefusedError("ZeroShares", `a deposit of ${assets}`);
  return enter(market, prepared, { assets, shares }, receiver);
}

/**
 * `mint` of `shares` share units at `now` (Unix seconds); assets are rounded up.
 * @throws RefusedError if the contract would revert; `reason` names its error.
 */
export function mint(market: MarketState, shares: bigint, receiver: Address, now: bigint): Lent {
  const prepared = prepare(market, now);
  return enter(market, prepared, { assets: assetsForUp(shares, prepared.totals), shares }, receiver);
}

/**
 * `withdraw` of `assets` loan token units by the owner at `now` (Unix seconds); shares are rounded
 * up.
 * @throws RefusedError if the contract would revert; `reason` names its error.
 */
export function withdraw(market: MarketState, assets: bigint, owner: Address, now: bigint): Lent {
  const prepared = prepare(market, now);
  return exit(market, prepared, { assets, shares: sharesForUp(assets, prepared.totals) }, owner);
}

/**
 * `redeem` of `shares` share units by the owner at `now` (Unix seconds); assets are rounded down.
 * @throws RefusedError if the contract would revert; `reason` names its error.
 */
export function redeem(market: MarketState, shares: bigint, owner: Address, now: bigint): Lent {
  const prepared = prepare(market, now);
  return exit(market, prepared, { assets: assetsForDown(shares, prepared.totals), shares }, owner);
}

/**
 * `transfer` of `shares` share units.
 * @throws RefusedError if the contract would revert; `reason` names its error.
 */
export function transferShares(market: MarketState, from: Address, to: Address, shares: bigint): void {
  const held = sharesOf(market, from);
  if (held < shares) throw new RefusedError("ERC20InsufficientBalance", `${shares} shares requested, ${held} held`);
  checkReceiver(market, to);
  market.shares.set(from, held - shares);
  market.shares.set(to, sharesOf(market, to) + shares);
}

/** Only fees add shares to the buffer, which the market itself holds. */
function checkReceiver(market: MarketState, receiver: Address): void {
  if (receiver === market.address)
    throw new RefusedError("ERC20InvalidReceiver", "the market receives shares only from fees");
}

function prepare(market: MarketState, now: bigint): Prepared {
  const interest = accrued(market, now);
  const total = totalAssets(market.books, interest.borrowIndex);
  const { shares: fee, feeFraction } = dueShares(market.lenders, bufferShares(market), market.params, total);
  const totals = { totalShares: market.lenders.totalShares + fee, totalAssets: total };
  return { interest, fee, feeFraction, totals };
}

function enter(market: MarketState, prepared: Prepared, lent: Lent, receiver: Address): Lent {
  const { totals } = prepared;
  if (isClosed(totals)) throw new RefusedError("DepositsClosed", "all assets are lost, or all but a millionth");
  const room = saturatingSub(market.supplyCap, totals.totalAssets);
  if (lent.assets > room)
    throw new RefusedError("SupplyCapExceeded", `the deposit is ${lent.assets}, the cap leaves ${room}`);
  checkReceiver(market, receiver);
  book(market, prepared, lent.assets, lent.shares);
  market.shares.set(receiver, sharesOf(market, receiver) + lent.shares);
  return lent;
}

function exit(market: MarketState, prepared: Prepared, lent: Lent, owner: Address): Lent {
  const { cash } = market.books;
  if (lent.assets > cash) throw new RefusedError("InsufficientCash", `${lent.assets} requested, ${cash} available`);
  const held = sharesOf(market, owner);
  if (held < lent.shares)
    throw new RefusedError("ERC20InsufficientBalance", `${lent.shares} shares requested, ${held} held`);
  book(market, prepared, -lent.assets, -lent.shares);
  market.shares.set(owner, sharesOf(market, owner) - lent.shares);
  return lent;
}

/**
 * Writes interest, the buffer's fee and the lender's amounts to the market; negative amounts leave
 * it.
 */
function book(market: MarketState, prepared: Prepared, assets: bigint, shares: bigint): void {
  const { interest, fee, feeFraction, totals } = prepared;
  market.interest = interest;
  market.shares.set(market.address, bufferShares(market) + fee);
  market.books = { ...market.books, cash: market.books.cash + assets };
  market.lenders = {
    totalShares: totals.totalShares + shares,
    lastTotalAssets: storedTotal(totals.totalAssets + assets),
    pendingFees: 0n,
    feeFraction,
  };
}
