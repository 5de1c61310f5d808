import type { Address } from "../address.ts";
import { min } from "../rounding.ts";
import { sharesForUp } from "../shares-math.ts";
import { accrued } from "./interest.ts";
import { liquidationLeverageAt, liquidationPrice, type OraclePrices } from "./limits.ts";
import { RefusedError } from "../errors.ts";
import { liquidationAmounts, type LiquidationAmounts, type LiquidationTerms } from "./liquidation-amounts.ts";
import { bufferShares, positionOf, type Books, type Interest, type MarketState, type Position } from "./state.ts";
import { dueShares, storedTotal, totalAssets } from "./vault.ts";

/** Effect of a loss on the lenders: loan token units and share units. All zero without a loss. */
export interface BookedLoss {
  readonly loss: bigint;
  /** Shares minted to the buffer for due fees, before it covered the loss. */
  readonly dueShares: bigint;
  readonly bufferSharesBurned: bigint;
}

/** One liquidated position of a batch. */
export type LiquidatedPosition = LiquidationAmounts & { readonly account: Address };

/** Result of a batch of liquidations. Collateral token units and loan token units. */
export interface LiquidatedBatch {
  readonly positions: readonly LiquidatedPosition[];
  readonly seized: bigint;
  readonly payment: bigint;
  readonly booked: BookedLoss;
}

/**
 * `liquidate` of the contract, as the only call of a transaction. The roundings are those of
 * `liquidationAmounts`.
 * @param maxPayment loan token units.
 * @param minSeized collateral token units.
 * @param prices may throw where the oracle would revert.
 * @param now block time, Unix seconds.
 * @throws RefusedError if the contract would revert; `reason` names its error. The market then is
 * unchanged.
 */
export function liquidate(
  market: MarketState,
  accounts: readonly Address[],
  maxPayment: bigint,
  minSeized: bigint,
  prices: () => OraclePrices,
  now: bigint,
): LiquidatedBatch {
  const interest = accrued(market, now);
  const terms = termsOf(market, interest, prices, now);
  const changed = new Map<Address, Position>();
  const positions: LiquidatedPosition[] = [];
  const sum = { debtShares: 0n, collateral: 0n, payment: 0n, fee: 0n };
  for (const account of accounts) {
    const held = changed.get(account) ?? positionOf(market, account);
    const one = liquidationAmounts(terms, held, maxPayment - sum.payment);
    if (one === undefined) continue;
    changed.set(account, {
      ...held,
      debtShares: held.debtShares - one.debtShares,
      collateral: held.collateral - one.collateral,
    });
    positions.push({ account, ...one });
    sum.debtShares += one.debtShares;
    sum.collateral += one.collateral;
    sum.payment += one.payment;
    sum.fee += one.fee;
  }
  if (sum.debtShares === 0n) throw new RefusedError("NothingToLiquidate", `none of ${accounts.length} accounts`);
  if (sum.collateral < minSeized) {
    throw new RefusedError("SeizedLessThanMinimum", `${sum.collateral} seized, the minimum is ${minSeized}`);
  }

  market.interest = interest;
  market.totalCollateral -= sum.collateral;
  for (const [account, position] of changed) market.positions.set(account, position);
  const booksAfter = {
    cash: market.books.cash + sum.payment,
    debtShares: market.books.debtShares - sum.debtShares,
  };
  const booked = bookBatch(market, interest.borrowIndex, booksAfter, sum.fee);
  return { positions, seized: sum.collateral, payment: sum.payment, booked };
}

function termsOf(market: MarketState, interest: Interest, prices: () => OraclePrices, now: bigint): LiquidationTerms {
  const { params } = market;
  return {
    params,
    index: interest.borrowIndex,
    price: liquidationPrice(prices()),
    liquidationLeverage: liquidationLeverageAt(market.liquidationLimit, now),
  };
}

/**
 * Writes the payments and the burned debt of a batch to the market. Its fees stay pending until
 * they become shares of the buffer. If debt remains unpaid, all due fees are credited to the buffer
 * first; then the loss is taken from the buffer, and the rest from all lenders in proportion.
 * @param index borrow index of the batch.
 * @param booksAfter the books with the payments added and the debt removed.
 * @param fee part of the payments that belongs to the buffer.
 */
function bookBatch(market: MarketState, index: bigint, booksAfter: Books, fee: bigint): BookedLoss {
  const before = totalAssets(market.books, index);
  const expected = before + fee;
  const total = totalAssets(booksAfter, index);
  market.books = booksAfter;
  market.lenders = { ...market.lenders, pendingFees: market.lenders.pendingFees + fee };
  if (total >= expected) {
    return { loss: 0n, dueShares: 0n, bufferSharesBurned: 0n };
  }

  const loss = expected - total;
  const held = bufferShares(market);
  const { shares: minted, feeFraction } = dueShares(market.lenders, held, market.params, expected);
  const buffer = held + minted;
  const totalShares = market.lenders.totalShares + minted;
  const burned = min(buffer, sharesForUp(loss, { totalShares, totalAssets: expected }));
  market.shares.set(market.address, buffer - burned);
  const lastTotalAssets = storedTotal(total);
  market.lenders = { totalShares: totalShares - burned, lastTotalAssets, pendingFees: 0n, feeFraction };
  return { loss, dueShares: minted, bufferSharesBurned: burned };
}
