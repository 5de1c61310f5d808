import type { Market } from "../client/markets.ts";
import { parseAmount } from "../client/units.ts";
import { LIMIT_NAMES, type LimitName } from "../protocol/parameters.ts";
import { UsageError } from "./errors.ts";
import { amountText, leverageText, parseLeverage } from "./numbers.ts";

/** The limit of that name, in any case. @throws UsageError */
export function parseLimit(text: string): LimitName {
  const found = LIMIT_NAMES.find((name) => name.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(`There is no limit ${JSON.stringify(text)}`, `Name one of ${LIMIT_NAMES.join(", ")}.`);
}

/**
 * A limit's value as people write it: leverage, or an amount of its token. @throws UsageError or
 * InvalidAmountError
 */
export function parseLimitValue(limit: LimitName, text: string, { loanToken, collateralToken }: Market): bigint {
  switch (limit) {
    case "maxLeverage":
    case "liquidationLeverage":
    case "systemLeverageCap":
      return parseLeverage(text);
    case "debtCap":
    case "supplyCap":
      return parseAmount(text, loanToken.decimals);
    case "collateralCap":
      return parseAmount(text, collateralToken.decimals);
  }
}

/** A limit's value for people. */
export function limitText(limit: LimitName, value: bigint, { loanToken, collateralToken }: Market): string {
  switch (limit) {
    case "maxLeverage":
    case "liquidationLeverage":
    case "systemLeverageCap":
      return leverageText(value);
    case "debtCap":
    case "supplyCap":
      return amountText(value, loanToken);
    case "collateralCap":
      return amountText(value, collateralToken);
  }
}
