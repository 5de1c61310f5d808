import { expect } from "chai";
import type { Result } from "ethers";

import type { LeverageMarket } from "../../../types/index.ts";
import { debtAllowanceAt } from "../../../src/protocol/market/debt-ceilings.ts";
import { borrowRateAt, debtOfAt, indexAt, totalDebtAt } from "../../../src/protocol/market/interest.ts";
import { liquidationLeverageAt } from "../../../src/protocol/market/limits.ts";
import { toAddress } from "../../../src/protocol/address.ts";
import { bufferShares, positionOf, sharesOf, type MarketState } from "../../../src/protocol/market/state.ts";
import { convertToAssets, convertToShares, totalAssets } from "../../../src/protocol/market/vault.ts";
import { latestTimestamp } from "./deploy.ts";

/**
 * The fields of a call's answer by their names, of which TypeChain's types know only the values.
 */
export function fieldsOf(answer: readonly unknown[]): Record<string, unknown> {
  return (answer as unknown as Result).toObject();
}

/** Large enough for the last digit of a share price to count. */
const MANY = 10n ** 40n;

/** Every view of the market against its model, to the wei, as of the latest block. */
export async function expectSameMarket(market: LeverageMarket, model: MarketState): Promise<void> {
  const now = await latestTimestamp();
  const [books, interest, limits, totalDebt, allowance, supply, buffer, assets, worth, shares] = await Promise.all([
    market.totals(),
    market.interest(),
    market.limits(),
    market.totalDebt(),
    market.debtAllowance(),
    market.totalSupply(),
    market.balanceOf(market),
    market.totalAssets(),
    market.convertToAssets(MANY),
    market.convertToShares(MANY),
  ]);
  const index = indexAt(model, now);
  expect(fieldsOf(books), "totals").to.deep.equal({ ...model.books, collateral: model.totalCollateral });
  expect(interest.borrowIndex, "borrowIndex").to.equal(index);
  expect(interest.borrowRate, "borrowRate").to.equal(borrowRateAt(model, now));
  expect(interest.lastAccrual, "lastAccrual").to.equal(model.interest.lastAccrual);
  expect(fieldsOf(limits), "limits").to.deep.equal({
    maxLeverage: model.maxLeverage,
    liquidationLeverage: liquidationLeverageAt(model.liquidationLimit, now),
    systemLeverageCap: model.systemLeverageCap,
    debtCap: model.ceiling.cap,
    collateralCap: model.collateralCap,
    supplyCap: model.supplyCap,
  });
  expect(totalDebt, "totalDebt").to.equal(totalDebtAt(model, now));
  expect(allowance, "debtAllowance").to.equal(debtAllowanceAt(model, now));
  expect(supply, "totalSupply").to.equal(model.lenders.totalShares);
  expect(buffer, "buffer").to.equal(bufferShares(model));
  expect(assets, "totalAssets").to.equal(totalAssets(model.books, index));
  // With the pending fee, and so with the total assets at the last one.
  expect(worth, "convertToAssets").to.equal(convertToAssets(model, MANY, now));
  expect(shares, "convertToShares").to.equal(convertToShares(model, MANY, now));
}

/**
 * Positions, debts and shares of these accounts against the model, to the wei, as of the latest
 * block.
 */
export async function expectSameAccounts(
  market: LeverageMarket,
  model: MarketState,
  accounts: Iterable<string>,
): Promise<void> {
  const now = await latestTimestamp();
  for (const account of accounts) {
    const [position, shares, debt] = await Promise.all([
      market.position(account),
      market.balanceOf(account),
      market.debtOf(account),
    ]);
    const modelled = positionOf(model, toAddress(account));
    // Without debt the time of its draws means nothing.
    const drawnAt = modelled.debtShares === 0n ? position.drawnAt : modelled.drawnAt;
    expect(fieldsOf(position), account).to.deep.equal({ ...modelled, drawnAt });
    expect(shares, account).to.equal(sharesOf(model, toAddress(account)));
    expect(debt, account).to.equal(debtOfAt(model, toAddress(account), now));
  }
}
