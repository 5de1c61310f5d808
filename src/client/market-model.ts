import type { Provider } from "ethers";

import { debtAllowanceAt } from "../protocol/market/debt-ceilings.ts";
import { indexAt } from "../protocol/market/interest.ts";
import type { DebtCeiling, Interest, Lenders, MarketState } from "../protocol/market/state.ts";
import type { AccountReading } from "./account-reading.ts";
import { ReadingError } from "./errors.ts";

/**
 * Slots of a market's storage with numbers that no view tells: with them the model computes any
 * later block's interest, allowance and fees to the wei. Each holds numbers as well that a view
 * does tell, by which it is checked.
 */
const SLOTS = { interest: 21, ceiling: 24, lenders: 25, buffer: 26 } as const;

/**
 * The market model with the market's books of the reading's block, and of positions and shares
 * those of the account and the buffer alone. From it follows to the wei what a call of any later
 * time does to them, while nobody else acts.
 * @throws ReadingError if the contract keeps its books otherwise: then it is no market of this
 * version.
 */
export async function readModel(source: Pick<Provider, "getStorage">, reading: AccountReading): Promise<MarketState> {
  const { market, position, wallet, block } = reading;
  const { address } = market.market;
  const slot = async (number: number): Promise<bigint> =>
    BigInt(await source.getStorage(address, number, block.number));
  const [interest, ceiling, lenders, buffer] = await Promise.all([
    slot(SLOTS.interest),
    slot(SLOTS.ceiling),
    slot(SLOTS.lenders),
    slot(SLOTS.buffer),
  ]);
  const { account, debtShares, collateral, drawnAt } = position;
  const model: MarketState = {
    address,
    params: { ...market.limits, ...market.config },
    interest: interestIn(interest, block.timestamp),
    books: { cash: market.cash, debtShares: market.debtShares },
    totalCollateral: market.collateral,
    collateralCap: market.limits.collateralCap,
    supplyCap: market.limits.supplyCap,
    maxLeverage: market.limits.maxLeverage,
    systemLeverageCap: market.limits.systemLeverageCap,
    liquidationLimit: market.ramp ?? market.limits.liquidationLeverage,
    ceiling: ceilingIn(ceiling),
    lenders: lendersIn(lenders, buffer),
    positions: new Map([[account, { debtShares, collateral, drawnAt }]]),
    shares: new Map([
      [account, wallet.shares.balance],
      [address, market.bufferShares],
    ]),
  };
  checkModel(model, reading, part(buffer, 0n, 128n));
  return model;
}

/** A model of its own, so that a call can be tried on it. */
export function copyOf(model: MarketState): MarketState {
  return { ...model, positions: new Map(model.positions), shares: new Map(model.shares) };
}

function part(word: bigint, from: bigint, bits: bigint): bigint {
  return BigInt.asUintN(Number(bits), word >> from);
}

/** `IndexAndLimits` of the contract. */
function interestIn(word: bigint, now: bigint): Interest {
  const lastAccrual = part(word, 136n, 32n);
  return {
    borrowIndex: part(word, 0n, 96n),
    rateAtTarget: part(word, 96n, 40n),
    // The lower 32 bits are stored.
    lastAccrual: now - BigInt.asUintN(32, now - lastAccrual),
  };
}

/** `DebtCeiling` of the contract. */
function ceilingIn(word: bigint): DebtCeiling {
  return { cap: part(word, 0n, 104n), allowance: part(word, 104n, 120n), lastRefill: part(word, 224n, 32n) };
}

/** `LenderSide` and `Buffer` of the contract. */
function lendersIn(lenders: bigint, buffer: bigint): Lenders {
  return {
    totalShares: part(lenders, 0n, 128n),
    lastTotalAssets: part(lenders, 128n, 128n),
    pendingFees: part(buffer, 128n, 112n),
    feeFraction: part(buffer, 240n, 16n),
  };
}

function checkModel(model: MarketState, { market, block }: AccountReading, bufferShares: bigint): void {
  const isSame =
    indexAt(model, block.timestamp) === market.borrowIndex &&
    model.ceiling.cap === market.limits.debtCap &&
    debtAllowanceAt(model, block.timestamp) === market.debtAllowance &&
    model.lenders.totalShares === market.totalShares &&
    bufferShares === market.bufferShares;
  if (!isSame)
    throw new ReadingError(market.market.address, "its books", "answers otherwise than a market of this version");
}
