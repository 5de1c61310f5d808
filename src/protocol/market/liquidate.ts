import { accrued } from "./interest.ts";
import { liquidationLeverageAt, liquidationPrice, type OraclePrices } from "./limits.ts";
import { settleLenders, type BookedLoss } from "./loss.ts";
import { RefusedError } from "./refused.ts";
import { settle, type Settlement, type Terms } from "./liquidation-amounts.ts";
import { positionOf, type Address, type Interest, type MarketState, type Position } from "./state.ts";

/** A batch of liquidations. Collateral token units and loan token units. */
export interface Batch {
  readonly settlements: readonly (Settlement & { readonly account: Address })[];
  readonly seized: bigint;
  readonly payment: bigint;
  readonly booked: BookedLoss;
}

/**
 * `liquidate` in a transaction of its own.
 * @throws RefusedError as the contract would.
 */
export function liquidate(
  market: MarketState,
  accounts: readonly Address[],
  maxPayment: bigint,
  minSeized: bigint,
  prices: () => OraclePrices,
  now: bigint,
): Batch {
  const interest = accrued(market.interest, market.books, now);
  const terms = termsOf(market, interest, prices, now);
  const changed = new Map<Address, Position>();
  const settlements: (Settlement & { account: Address })[] = [];
  const sum = { debtShares: 0n, collateral: 0n, payment: 0n, fee: 0n };
  for (const account of accounts) {
    const held = changed.get(account) ?? positionOf(market, account);
    const one = settle(terms, held, maxPayment - sum.payment);
    if (one === undefined) continue;
    changed.set(account, {
      debtShares: held.debtShares - one.debtShares,
      collateral: held.collateral - one.collateral,
    });
    settlements.push({ account, ...one });
    sum.debtShares += one.debtShares;
    sum.collateral += one.collateral;
    sum.payment += one.payment;
    sum.fee += one.fee;
  }
  if (sum.debtShares === 0n) throw new RefusedError("NothingToLiquidate", `none of ${accounts.length} accounts`);
  if (sum.collateral < minSeized) {
    throw new RefusedError("SeizedLessThanMinimum", `${sum.collateral}, at least ${minSeized} was asked for`);
  }

  market.interest = interest;
  market.totalCollateral -= sum.collateral;
  for (const [account, position] of changed) market.positions.set(account, position);
  const settled = {
    cash: market.books.cash + sum.payment,
    debtShares: market.books.debtShares - sum.debtShares,
  };
  const booked = settleLenders(market, interest.borrowIndex, settled, sum.fee);
  return { settlements, seized: sum.collateral, payment: sum.payment, booked };
}

function termsOf(market: MarketState, interest: Interest, prices: () => OraclePrices, now: bigint): Terms {
  const { params } = market;
  return {
    params,
    index: interest.borrowIndex,
    price: liquidationPrice(prices()),
    liquidationLeverage: liquidationLeverageAt(market.liquidationLimit, now),
    feeShare: params.liquidationFee,
  };
}
