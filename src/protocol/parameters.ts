import type { MarketParameters } from "./market/state.ts";

/** Members of the contract's `Limits`. */
export const LIMIT_NAMES = [
  "maxLeverage",
  "liquidationLeverage",
  "systemLeverageCap",
  "debtCap",
  "collateralCap",
] as const satisfies readonly (keyof MarketParameters)[];

/** Members of the contract's `Config`. */
export const CONFIG_NAMES = [
  "targetLeverage",
  "entryGap",
  "safetyMargin",
  "bonusMin",
  "bonusMax",
  "bonusSlope",
  "interestFee",
  "liquidationFee",
  "bufferTarget",
  "dailyAllowance",
  "minDebt",
  "raiseDelay",
] as const satisfies readonly (keyof MarketParameters)[];

function pick<Name extends string, Value>(values: Readonly<Record<Name, Value>>, names: readonly Name[]) {
  return Object.fromEntries(names.map((name) => [name, values[name]])) as Record<Name, Value>;
}

/** The numbers of a market as the contract tells them. */
export function flattenParameters(nested: {
  readonly limits: Readonly<Record<(typeof LIMIT_NAMES)[number], bigint>>;
  readonly config: Readonly<Record<(typeof CONFIG_NAMES)[number], bigint>>;
}): MarketParameters {
  return { ...pick(nested.limits, LIMIT_NAMES), ...pick(nested.config, CONFIG_NAMES) };
}

/** The numbers of a market as `MarketParams` nests them. */
export function nestParameters(flat: MarketParameters) {
  return { limits: pick(flat, LIMIT_NAMES), config: pick(flat, CONFIG_NAMES) };
}
