/**
 * The size of the market that the demo sets up, and why. Limits of the market itself are in deploy/parameters/local.json;
 * docs/demo.md explains both.
 */
export const SETTINGS = {
  /** Average debt of a position; with 120 of them, thirty million in all. */
  debtPerPositionUsd: 250_000,
  /** Three quarters of the market's debt cap. */
  mostDebtUsd: 30_000_000,
  /** The market's minimum. */
  minDebtUsd: 5_000,
  /** Just below the 90% at which the rate curve has its kink. */
  utilization: 0.87,
  /** How unevenly lenders hold the vault. */
  lenderShares: [0.4, 0.3, 0.2, 0.1],
  /** What a fall of the pool's price by 2% takes: a tenth of the debt. */
  poolDepthUsd: 3_000_000,
  /** 0.05%, the tier in which ether and dollars trade most. */
  poolFee: 500,
  poolTickSpacing: 10,
  /** How far the pool's liquidity reaches beyond the lowest and highest price of the scenario. */
  poolMargin: 2,
  /** What arbitrageurs can spend on buying the keeper's sales back up to the market price. */
  arbitragePerMinuteUsd: 1_000_000,
  /** Own money that borrowers hold ready beyond what the position needs at the feed's price, for fee and slippage. */
  borrowerSlack: 0.1,
  /** Worst price at which a borrower buys, above the feed's. */
  borrowerSlippage: 0.05,
  /** Worst price at which the keeper sells, below the feed's. */
  keeperSlippageBasisPoints: 500n,
  /** What a batch must bring: more than its gas costs, even at a hundred gwei. */
  keeperMinProfitUsd: 100,
  keeperMaxAccounts: 64,
  keeperMinPaymentUsd: 1_000,
  /** No transaction may use more (EIP-7825: 2^24). */
  keeperGasLimit: 16_000_000n,
  /** Batches that the keeper gets into blocks between two reports of the feed. */
  keeperRounds: 3,
  /** Days before the scenario on which borrowers begin to come. */
  openingDays: 7,
  /** They come within this many days, if the speed limit of new debt lets them. */
  arrivalDays: 4,
  /** Most moments at which the feed reports. */
  maxSteps: 500,
} as const;

export const USD_DECIMALS = 6;
export const COLLATERAL_DECIMALS = 18;
export const FEED_DECIMALS = 8;
