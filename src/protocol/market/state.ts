/** An account's address, written the same way everywhere (checksummed, as ethers gives it). */
export type Address = string;

/** The limits that governance may move. */
export type Limit = "maxLeverage" | "liquidationLeverage" | "systemLeverageCap" | "debtCap" | "collateralCap";

/** The numbers that a market is created with, in the units of the contract's `MarketParams`. */
export interface MarketParameters {
  readonly maxLeverage: bigint;
  readonly liquidationLeverage: bigint;
  readonly systemLeverageCap: bigint;
  readonly targetLeverage: bigint;
  readonly entryGap: bigint;
  readonly safetyMargin: bigint;
  readonly bonusMin: bigint;
  readonly bonusMax: bigint;
  readonly bonusSlope: bigint;
  readonly interestFee: bigint;
  readonly liquidationFee: bigint;
  readonly bufferTarget: bigint;
  readonly debtCap: bigint;
  readonly dailyAllowance: bigint;
  readonly collateralCap: bigint;
  readonly minDebt: bigint;
  readonly raiseDelay: bigint;
}

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
}

/** New debt uses up the allowance, which was `allowance` at `lastRefill` and refills since. */
export interface DebtCeiling {
  readonly cap: bigint;
  readonly allowance: bigint;
  /** Unix seconds, the lower 32 bits. */
  readonly lastRefill: bigint;
}

export interface Lenders {
  readonly totalShares: bigint;
  /** Loan token units when the interest fee was last taken. */
  readonly lastTotalAssets: bigint;
  /** Fees of liquidations that are still to be turned into shares of the buffer, loan token units. */
  readonly pendingFees: bigint;
}

/** The liquidation limit falls on a straight line `from` at `start` `to` at `end`; leverage and Unix seconds. */
export interface Ramp {
  readonly from: bigint;
  readonly to: bigint;
  readonly start: bigint;
  readonly end: bigint;
}

/** A market's books, as its storage holds them. Functions of this folder change it in place, all or nothing. */
export interface MarketState {
  readonly address: Address;
  readonly params: MarketParameters;
  interest: Interest;
  books: Books;
  /** Collateral token units of all positions. */
  totalCollateral: bigint;
  collateralCap: bigint;
  maxLeverage: bigint;
  systemLeverageCap: bigint;
  /** The fixed limit; a ramp takes its place. */
  liquidationLimit: bigint | Ramp;
  ceiling: DebtCeiling;
  lenders: Lenders;
  readonly positions: Map<Address, Position>;
  /** Share balances of lenders, and of the market itself: the solvency buffer. */
  readonly shares: Map<Address, bigint>;
}

const NO_POSITION: Position = { debtShares: 0n, collateral: 0n };

/** The position of an account; an empty one if it has none. */
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
