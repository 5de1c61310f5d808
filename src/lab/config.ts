import { POKE_SETTINGS, type PokeSettings } from "../keeper/poke.ts";

/** How a price feed reports a price that moves. */
export interface FeedModel {
  /**
   * Move since the last report, as a share, that is reported. It is measured by the logarithm: at
   * 0.01 a rise by 1% and the fall that undoes it, by 1/1.01.
   */
  readonly deviation: number;
  /** How old the price is that the feed sees, seconds. */
  readonly lagSeconds: number;
  /** The feed reports at the latest so many seconds after its last report, moved or not. */
  readonly heartbeatSeconds: number;
  /**
   * No report follows another sooner than so many seconds: a block, or the time that reporters
   * need.
   */
  readonly leastIntervalSeconds: number;
}

/**
 * All that a simulation is made with but the prices, the seed and the number of positions. Shares
 * are fractions (0.05 = 5%), `…Usd` are dollars. The limits of the market itself come with its
 * deployment.
 */
export interface SimulationConfig {
  readonly debt: DebtConfig;
  readonly borrowers: BorrowersConfig;
  readonly lenders: LendersConfig;
  readonly pool: PoolConfig;
  readonly arbitrage: ArbitrageConfig;
  readonly keeper: KeeperConfig;
  readonly feed: FeedModel;
  /**
   * Most reports of the feed in a run, 5 or more: a path that needs more of them is reported in
   * larger moves.
   */
  readonly maxReports: number;
  /** Seconds from one block to the next while keeper and arbitrageurs act. */
  readonly blockSeconds: number;
}

/** How much is borrowed. */
export interface DebtConfig {
  /** Average debt of a position. */
  readonly perPositionUsd: number;
  /** Most debt of all positions together. */
  readonly mostUsd: number;
  /** Least debt of a position: not below what the market demands. */
  readonly leastPerPositionUsd: number;
}

/** How borrowers come. */
export interface BorrowersConfig {
  /** Days before the first price on which they begin to come. */
  readonly openingDays: number;
  /** They come within this many days, if the speed limit of new debt lets them. */
  readonly arrivalDays: number;
  /**
   * Own money held ready beyond what a position needs at the feed's price, as a share: for fee and
   * slippage.
   */
  readonly slack: number;
  /** Worst price at which they buy, as a share above the feed's. */
  readonly slippage: number;
}

/** Who lends. */
export interface LendersConfig {
  /** Share of the vault that each lender holds; they add up to one. */
  readonly shares: readonly number[];
  /** Share of the vault that is lent once all positions are open. */
  readonly utilization: number;
}

/** The pool in which borrowers buy and the keeper sells. */
export interface PoolConfig {
  /** Fee tier, hundredths of a basis point. */
  readonly fee: number;
  /** What a sale that takes the price down by 2% brings, at the first price. */
  readonly depthUsd: number;
  /**
   * The trader can move the pool from the lowest price divided by this to the highest times this.
   */
  readonly margin: number;
}

/** Who keeps the pool at the market price. */
export interface ArbitrageConfig {
  /** What is spent in a minute on buying the keeper's sales back up to the market price. */
  readonly perMinuteUsd: number;
  /** Least worth of each token to begin with; more where the span of prices takes more. */
  readonly fundsUsd: number;
  /**
   * Seconds between two trades by which the pool follows the market, as far as the mean over its
   * window sees them.
   */
  readonly everySeconds: number;
}

/** Who liquidates. */
export interface KeeperConfig {
  /** Worst price at which it sells, basis points below the oracle's. */
  readonly slippageBasisPoints: bigint;
  /** What a batch must bring. */
  readonly minProfitUsd: number;
  /** Most accounts in a batch. */
  readonly maxAccounts: number;
  /** Least debt to repay where a position is taken in parts. */
  readonly minPaymentUsd: number;
  /** Most gas of a transaction. */
  readonly gasLimit: bigint;
  /** Batches that it gets into blocks between two reports of the feed. */
  readonly rounds: number;
  /** When it pokes the guard. */
  readonly pokes: PokeSettings;
}

/** The market of the demo. docs/demo.md explains it. */
export const DEMO_CONFIG: SimulationConfig = {
  debt: {
    // With 120 positions thirty million in all: three quarters of the market's debt cap.
    perPositionUsd: 250_000,
    mostUsd: 30_000_000,
    // The market's minimum.
    leastPerPositionUsd: 5_000,
  },
  borrowers: { openingDays: 7, arrivalDays: 4, slack: 0.1, slippage: 0.05 },
  lenders: {
    shares: [0.4, 0.3, 0.2, 0.1],
    // Just below the 90% at which the rate curve has its kink.
    utilization: 0.87,
  },
  pool: {
    // 0.05%, the tier in which ether and dollars trade most.
    fee: 500,
    // A tenth of the debt.
    depthUsd: 3_000_000,
    margin: 2,
  },
  arbitrage: { perMinuteUsd: 1_000_000, fundsUsd: 4_000_000_000, everySeconds: 30 },
  keeper: {
    slippageBasisPoints: 500n,
    // More than its gas costs, even at a hundred gwei.
    minProfitUsd: 100,
    maxAccounts: 64,
    minPaymentUsd: 1_000,
    // No transaction may use more than 2^24 (EIP-7825).
    gasLimit: 16_000_000n,
    rounds: 3,
    pokes: POKE_SETTINGS,
  },
  // The feeds of large assets are set to deviations of half a percent to one, and to an hour.
  feed: { deviation: 0.01, lagSeconds: 0, heartbeatSeconds: 3_600, leastIntervalSeconds: 12 },
  maxReports: 500,
  blockSeconds: 12,
};
