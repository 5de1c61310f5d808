import { INITIAL_RATE_AT_TARGET } from "../adaptive-curve.ts";
import { WAD } from "../units.ts";
import type { Address, MarketParameters, MarketState } from "./state.ts";

/** A market as its constructor leaves it. */
export function newMarket(address: Address, params: MarketParameters, timestamp: bigint): MarketState {
  return {
    address,
    params,
    interest: { borrowIndex: WAD, rateAtTarget: INITIAL_RATE_AT_TARGET, lastAccrual: timestamp },
    books: { cash: 0n, debtShares: 0n },
    totalCollateral: 0n,
    collateralCap: params.collateralCap,
    maxLeverage: params.maxLeverage,
    systemLeverageCap: params.systemLeverageCap,
    liquidationLimit: params.liquidationLeverage,
    ceiling: {
      cap: params.debtCap,
      allowance: (params.debtCap * params.dailyAllowance) / WAD,
      lastRefill: BigInt.asUintN(32, timestamp),
    },
    lenders: { totalShares: 0n, lastTotalAssets: 0n, pendingFees: 0n },
    positions: new Map(),
    shares: new Map(),
  };
}
