import type { MarketParameters } from "./parameters.ts";
import { DAY, WAD } from "./units.ts";

const PERCENT = WAD / 100n;
/** Units of a dollar token of six decimals. */
const USD = 10n ** 6n;
/** Units of a token of 18 decimals. */
const ETHER = 10n ** 18n;

/**
 * A market of ether against dollars with leverage of up to 5x: the recommended one, whose limits docs/deployment.md
 * explains. Loan token of 6 decimals, collateral token of 18. Tests and benchmarks vary it.
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
