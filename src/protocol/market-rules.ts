import { MAX_DEBT_CAP } from "./market/debt-ceilings.ts";
import type { ConfigName, LimitName, MarketParameters } from "./parameters.ts";
import { DAY, MAX_UINT128, ONE_X, WAD } from "./units.ts";

/** Leverage is kept in 24 bits. */
const MAX_LEVERAGE = 2n ** 24n - 1n;
const MAX_FEE = WAD / 2n;
const UNITS_PER_MIN_DEBT = 1_000n;
const MAX_RAISE_DELAY = 365n * DAY;

/** A parameter with which no market is created, and the rule that it breaks, in words. */
export interface Violation {
  readonly parameter: LimitName | ConfigName;
  readonly rule: string;
}

/**
 * Whether a position opened at `lower` can bear a fall of the price by at least `gap` before it passes `upper`.
 * @param lower four decimals, like `upper`.
 * @param gap scaled by 1e18.
 */
export function keepsGap(lower: bigint, upper: bigint, gap: bigint): boolean {
  return upper > ONE_X && (lower - ONE_X) * upper * WAD <= (upper - ONE_X) * lower * (WAD - gap);
}

/** Whether a position at the liquidation limit can pay every bonus, and leaves the safety margin. */
export function isPayable(liquidationLeverage: bigint, bonusMin: bigint, bonusMax: bigint, margin: bigint): boolean {
  const ltv = liquidationLeverage - ONE_X;
  return (
    (WAD + bonusMax) * ltv < WAD * liquidationLeverage && (WAD + bonusMin) * ltv <= (WAD - margin) * liquidationLeverage
  );
}

/**
 * The first rule that parameters break, in the order in which the factory looks (`MarketConfig`); undefined if a market can
 * be created with them. What depends on the oracle's price is the factory's alone to say.
 */
export function violationOf(values: MarketParameters): Violation | undefined {
  const { liquidationLeverage, maxLeverage, systemLeverageCap, debtCap, collateralCap, supplyCap } = values;
  const { targetLeverage, entryGap, safetyMargin, bonusMin, bonusMax, bonusSlope, interestFee } = values;
  const { liquidationFee, bufferTarget, dailyAllowance, minDebt, raiseDelay } = values;
  const isLeverage = (value: bigint): boolean => value > ONE_X && value <= MAX_LEVERAGE;
  const isPart = (value: bigint): boolean => value > 0n && value < WAD;
  const rules: readonly (readonly [boolean, Violation["parameter"], string])[] = [
    [isLeverage(liquidationLeverage), "liquidationLeverage", "must be above 1x, and at most 1677.7215x"],
    [isPart(entryGap), "entryGap", "must be above 0% and below 100%"],
    [
      maxLeverage > ONE_X && maxLeverage < liquidationLeverage && keepsGap(maxLeverage, liquidationLeverage, entryGap),
      "maxLeverage",
      "must be above 1x, and leave the entryGap to liquidationLeverage: a position opened at it must bear that fall of the price",
    ],
    [
      targetLeverage > ONE_X && targetLeverage <= maxLeverage,
      "targetLeverage",
      "must be above 1x, and at most maxLeverage",
    ],
    [isLeverage(systemLeverageCap), "systemLeverageCap", "must be above 1x, and at most 1677.7215x"],
    [isPart(safetyMargin), "safetyMargin", "must be above 0% and below 100%"],
    [bonusMin > 0n && bonusMin <= bonusMax, "bonusMin", "must be above 0%, and at most bonusMax"],
    [
      bonusMax < WAD && isPayable(liquidationLeverage, bonusMin, bonusMax, safetyMargin),
      "bonusMax",
      "must be what a position at liquidationLeverage can pay, and bonusMin must leave the safetyMargin there",
    ],
    [bonusSlope <= WAD, "bonusSlope", "must be at most 100%"],
    [interestFee <= MAX_FEE, "interestFee", "must be at most 50%"],
    [liquidationFee <= MAX_FEE, "liquidationFee", "must be at most 50%"],
    [bufferTarget > 0n && bufferTarget <= WAD, "bufferTarget", "must be above 0%, and at most 100%"],
    [dailyAllowance > 0n && dailyAllowance <= WAD, "dailyAllowance", "must be above 0%, and at most 100%"],
    [debtCap <= MAX_DEBT_CAP, "debtCap", `must be at most ${MAX_DEBT_CAP} token units`],
    [collateralCap <= MAX_UINT128, "collateralCap", "must be below 2^128 token units"],
    [supplyCap <= MAX_UINT128, "supplyCap", "must be below 2^128 token units"],
    [
      minDebt >= UNITS_PER_MIN_DEBT && minDebt <= (debtCap * dailyAllowance) / WAD,
      "minDebt",
      "must be 1,000 token units or more, and at most the dailyAllowance of debtCap",
    ],
    [raiseDelay >= 2n * DAY && raiseDelay <= MAX_RAISE_DELAY, "raiseDelay", "must be 2 days to 365 days"],
  ];
  const broken = rules.find(([fulfilled]) => !fulfilled);
  return broken === undefined ? undefined : { parameter: broken[1], rule: broken[2] };
}
