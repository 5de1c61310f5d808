import { MAX_DEBT_CAP } from "./market/debt-ceilings.ts";
import type { ConfigName, LimitName, MarketParameters } from "./parameters.ts";
import { DAY, MAX_UINT128, ONE_X, WAD } from "./units.ts";

/** The contracts store leverage in 24 bits. */
const MAX_LEVERAGE = 2n ** 24n - 1n;
const MAX_FEE = WAD / 2n;
const UNITS_PER_MIN_DEBT = 1_000n;
const MAX_RAISE_DELAY = 365n * DAY;

/** A parameter that the factory rejects, and the rule that it violates, in words. */
export interface Violation {
  readonly parameter: LimitName | ConfigName;
  readonly rule: string;
}

/**
 * Whether a position opened at `lower` can take a price fall of at least `gap` before its leverage
 * exceeds `upper`.
 * @param lower leverage, four decimals.
 * @param upper leverage, four decimals.
 * @param gap relative price fall, WAD.
 */
export function keepsGap(lower: bigint, upper: bigint, gap: bigint): boolean {
  return upper > ONE_X && (lower - ONE_X) * upper * WAD <= (upper - ONE_X) * lower * (WAD - gap);
}

/**
 * Whether a position at the liquidation limit can pay the maximum bonus, and keeps the safety
 * margin after the minimum bonus.
 * @param liquidationLeverage four decimals.
 * @param bonusMin WAD.
 * @param bonusMax WAD.
 * @param margin safety margin, WAD.
 */
export function isPayable(liquidationLeverage: bigint, bonusMin: bigint, bonusMax: bigint, margin: bigint): boolean {
  const ltv = liquidationLeverage - ONE_X;
  return (
    (WAD + bonusMax) * ltv < WAD * liquidationLeverage && (WAD + bonusMin) * ltv <= (WAD - margin) * liquidationLeverage
  );
}

/**
 * The first rule that the parameters violate, in the order in which the factory checks them
 * (`MarketConfig`); undefined if the parameters are valid. Rules that depend on the oracle's price
 * are checked only by the factory.
 */
export function violationOf(values: MarketParameters): Violation | undefined {
  const { liquidationLeverage, maxLeverage, systemLeverageCap, debtCap, collateralCap, supplyCap } = values;
  const { targetLeverage, entryGap, safetyMargin, bonusMin, bonusMax, bonusSlope, interestFee } = values;
  const { liquidationFee, bufferTarget, dailyAllowance, minDebt, raiseDelay } = values;
  const isLeverage = (value: bigint): boolean => value > ONE_X && value <= MAX_LEVERAGE;
  const isPart = (value: bigint): boolean => value > 0n && value < WAD;
  const rules: readonly (readonly [boolean, Violation["parameter"], string])[] = [
    [isLeverage(liquidationLeverage), "liquidationLeverage", "must be above 1x and at most 1677.7215x"],
    [isPart(entryGap), "entryGap", "must be above 0% and below 100%"],
    [
      maxLeverage > ONE_X && maxLeverage < liquidationLeverage && keepsGap(maxLeverage, liquidationLeverage, entryGap),
      "maxLeverage",
      "must be above 1x and keep the entryGap to liquidationLeverage: a position opened at it must survive that price fall",
    ],
    [
      targetLeverage > ONE_X && targetLeverage <= maxLeverage,
      "targetLeverage",
      "must be above 1x and at most maxLeverage",
    ],
    [isLeverage(systemLeverageCap), "systemLeverageCap", "must be above 1x and at most 1677.7215x"],
    [isPart(safetyMargin), "safetyMargin", "must be above 0% and below 100%"],
    [bonusMin > 0n && bonusMin <= bonusMax, "bonusMin", "must be above 0% and at most bonusMax"],
    [
      bonusMax < WAD && isPayable(liquidationLeverage, bonusMin, bonusMax, safetyMargin),
      "bonusMax",
      "must be payable by a position at liquidationLeverage, where bonusMin must leave the safetyMargin",
    ],
    [bonusSlope <= WAD, "bonusSlope", "must be at most 100%"],
    [interestFee <= MAX_FEE, "interestFee", "must be at most 50%"],
    [liquidationFee <= MAX_FEE, "liquidationFee", "must be at most 50%"],
    [bufferTarget > 0n && bufferTarget <= WAD, "bufferTarget", "must be above 0% and at most 100%"],
    [dailyAllowance > 0n && dailyAllowance <= WAD, "dailyAllowance", "must be above 0% and at most 100%"],
    [debtCap <= MAX_DEBT_CAP, "debtCap", `must be at most ${MAX_DEBT_CAP} token units`],
    [collateralCap <= MAX_UINT128, "collateralCap", "must be below 2^128 token units"],
    [supplyCap <= MAX_UINT128, "supplyCap", "must be below 2^128 token units"],
    [
      minDebt >= UNITS_PER_MIN_DEBT && minDebt <= (debtCap * dailyAllowance) / WAD,
      "minDebt",
      "must be at least 1,000 token units and at most debtCap times dailyAllowance",
    ],
    [raiseDelay >= 2n * DAY && raiseDelay <= MAX_RAISE_DELAY, "raiseDelay", "must be from 2 days to 365 days"],
  ];
  const broken = rules.find(([fulfilled]) => !fulfilled);
  return broken === undefined ? undefined : { parameter: broken[1], rule: broken[2] };
}
