import { INITIAL_RATE_AT_TARGET } from "../adaptive-curve.ts";
import type { Address } from "../address.ts";
import type { MarketParameters } from "../parameters.ts";
import { threeDigitsDown } from "../rounding.ts";
import { WAD } from "../units.ts";
import { fullCeiling } from "./debt-ceilings.ts";

/** Interest as of the last accrual. */
export interface Interest {
  /** Debt units per debt share, WAD. */
  readonly borrowIndex: bigint;
  /** Per second, WAD. */
  readonly rateAtTarget: bigint;
  /** Unix seconds. */
  readonly lastAccrual: bigint;
}

/** Loan token units that the market holds for its lenders, and the debt shares of all positions. */
export interface Books {
  readonly cash: bigint;
  readonly debtShares: bigint;
}

/** Debt shares, and collateral token units. */
export interface Position {
  readonly debtShares: bigint;
  readonly collateral: bigint;
  /**
   * Average time at which the debt was drawn, in 1/256 of a Unix second, the lower 40 bits.
   * Meaningless without debt.
   */
  readonly drawnAt: bigint;
}

/**
 * Debt cap and speed limit. New debt uses up the allowance, which was `allowance` at `lastRefill`
 * and has been refilling since.
 */
export interface DebtCeiling {
  /** Loan token units. */
  readonly cap: bigint;
  /** Loan token units times the seconds of a day. */
  readonly allowance: bigint;
  /** Unix seconds, the lower 32 bits. */
  readonly lastRefill: bigint;
}

/** The lender side of a market. */
export interface Lenders {
  readonly totalShares: bigint;
  /** Total assets when the interest fee was last charged, loan token units. */
  readonly lastTotalAssets: bigint;
  /** Liquidation fees that have not become shares of the buffer yet, loan token units. */
  readonly pendingFees: bigint;
  /** Due part of the interest fee below one unit, in 2^-16 loan token units. */
  readonly feeFraction: bigint;
}

/**
 * The liquidation limit falls linearly from `from` at `start` to `to` at `end`: four decimals, and
 * Unix seconds.
 */
export interface Ramp {
  readonly from: bigint;
  readonly to: bigint;
  readonly start: bigint;
  readonly end: bigint;
  /**
   * `from` less the exact limit at `start`, in 2^-40 of the last decimal; zero unless a running
   * ramp was replaced.
   */
  readonly fraction: bigint;
}

/**
 * State of the market model, as in the contract's storage. The functions of this folder change it
 * in place, completely or not at all.
 */
export interface MarketState {
  readonly address: Address;
  readonly params: MarketParameters;
  interest: Interest;
  books: Books;
  /** Collateral token units of all positions. */
  totalCollateral: bigint;
  collateralCap: bigint;
  /** Maximum total assets after a deposit, loan token units, with three significant digits. */
  supplyCap: bigint;
  maxLeverage: bigint;
  systemLeverageCap: bigint;
  /** A fixed limit (four decimals) or a ramp. */
  liquidationLimit: bigint | Ramp;
  ceiling: DebtCeiling;
  lenders: Lenders;
  readonly positions: Map<Address, Position>;
  /** Share balances of lenders, and of the market itself: the solvency buffer. */
  readonly shares: Map<Address, bigint>;
}

/** A market as its constructor creates it at `timestamp` (Unix seconds). */
export function newMarket(address: Address, params: MarketParameters, timestamp: bigint): MarketState {
  return {
    address,
    params,
    interest: { borrowIndex: WAD, rateAtTarget: INITIAL_RATE_AT_TARGET, lastAccrual: timestamp },
    books: { cash: 0n, debtShares: 0n },
    totalCollateral: 0n,
    collateralCap: params.collateralCap,
    supplyCap: threeDigitsDown(params.supplyCap),
    maxLeverage: params.maxLeverage,
    systemLeverageCap: params.systemLeverageCap,
    liquidationLimit: params.liquidationLeverage,
    ceiling: fullCeiling(params.debtCap, params.dailyAllowance, timestamp),
    lenders: { totalShares: 0n, lastTotalAssets: 0n, pendingFees: 0n, feeFraction: 0n },
    positions: new Map(),
    shares: new Map(),
  };
}

const NO_POSITION: Position = { debtShares: 0n, collateral: 0n, drawnAt: 0n };

/** The position of an account; empty if it has none. */
export function positionOf(market: MarketState, account: Address): Position {
  return market.positions.get(account) ?? NO_POSITION;
}

/** The shares of a lender; zero if it has none. */
export function sharesOf(market: MarketState, account: Address): bigint {
  return market.shares.get(account) ?? 0n;
}

/** The shares of the solvency buffer. */
export function bufferShares(market: MarketState): bigint {
  return sharesOf(market, market.address);
}
