import type { GuardParameters, MarketParameters } from "./parameters.ts";
import { DAY, WAD } from "./units.ts";

const PERCENT = WAD / 100n;
/** Units of a dollar token of six decimals. */
const USD = 10n ** 6n;
/** Units of a token of 18 decimals. */
const ETHER = 10n ** 18n;

/**
 * The recommended market of ether against dollars with leverage up to 5x; docs/deployment.md
 * explains its limits. The loan token has 6 decimals, the collateral token 18. Tests and benchmarks
 * use variations of it.
 */
export const ETHER_5X: MarketParameters = {
  maxLeverage: 50_000n,
  liquidationLeverage: 65_000n,
  systemLeverageCap: 40_000n,
  targetLeverage: 45_000n,
  entryGap: 5n * PERCENT,
  safetyMargin: 13n * PERCENT,
  bonusMin: 2n * PERCENT,
  bonusMax: 8n * PERCENT,
  bonusSlope: 50n * PERCENT,
  interestFee: 10n * PERCENT,
  liquidationFee: 10n * PERCENT,
  bufferTarget: 5n * PERCENT,
  debtCap: 40_000_000n * USD,
  dailyAllowance: 30n * PERCENT,
  collateralCap: 1_000_000n * ETHER,
  supplyCap: 100_000_000n * USD,
  minDebt: 5_000n * USD,
  raiseDelay: 2n * DAY,
};

/**
 * The guard of that market: for feeds that report price changes of 0.5% to 1%, and for the mean
 * price of a pool on a chain with blocks of one second or more. docs/oracles.md explains the
 * numbers.
 */
export const ETHER_GUARD: GuardParameters = {
  maxDeviation: (3n * PERCENT) / 2n,
  maxRisePerHour: 10n * PERCENT,
  maxFallPerHour: 100n * PERCENT,
  gracePeriod: 3_600n,
  sourceGas: 150_000n,
  replacementDelay: 2n * DAY,
  window: 90n,
  blockTime: 1n,
};
