import { ETHER_5X } from "../../../src/protocol/presets.ts";
import { WAD } from "../../../src/protocol/units.ts";
import type { MarketKind } from "./deploy.ts";

const HUNDREDTH = WAD / 100n;
const DAY = 86_400n;

/**
 * Dollars of 6 decimals against ether: the usual market. A small buffer target, so that it fills up
 * now and then.
 */
export const DOLLARS: MarketKind = {
  loanDecimals: 6,
  collateralDecimals: 18,
  wholePrice: 2_000n,
  params: {
    ...ETHER_5X,
    entryGap: 2n * HUNDREDTH,
    safetyMargin: 10n * HUNDREDTH,
    bufferTarget: HUNDREDTH / 2n,
    debtCap: 6_000_000n * 10n ** 6n,
    dailyAllowance: 50n * HUNDREDTH,
    collateralCap: 20_000n * 10n ** 18n,
    supplyCap: 12_345_678n * 10n ** 6n,
    minDebt: 100n * 10n ** 6n,
  },
};

/**
 * Coins of 18 decimals against one of 8 that is worth many: high leverage, odd numbers, a buffer
 * that never fills.
 */
export const COINS: MarketKind = {
  loanDecimals: 18,
  collateralDecimals: 8,
  wholePrice: 17n,
  params: {
    maxLeverage: 123_457n,
    liquidationLeverage: 160_003n,
    systemLeverageCap: 110_001n,
    targetLeverage: 98_765n,
    entryGap: HUNDREDTH,
    safetyMargin: 3n * HUNDREDTH,
    bonusMin: HUNDREDTH + 7n,
    bonusMax: 4n * HUNDREDTH + 3n,
    bonusSlope: 33n * HUNDREDTH + 1n,
    interestFee: 13n * HUNDREDTH + 11n,
    liquidationFee: 21n * HUNDREDTH + 13n,
    bufferTarget: WAD,
    debtCap: 5_000_000n * 10n ** 18n + 1n,
    dailyAllowance: 37n * HUNDREDTH + 5n,
    collateralCap: 1_000_000n * 10n ** 8n + 3n,
    supplyCap: 10_000_000n * 10n ** 18n + 5n,
    minDebt: 3n * 10n ** 18n + 1n,
    raiseDelay: 3n * DAY + 1n,
  },
};
