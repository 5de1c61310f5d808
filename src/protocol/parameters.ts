/** The limits that governance may change, in the order of the contract's enum `Limit`. */
export const LIMIT_NAMES = [
  "maxLeverage",
  "liquidationLeverage",
  "systemLeverageCap",
  "debtCap",
  "collateralCap",
  "supplyCap",
] as const;

/** The fixed parameters, in the order of the contract's struct `Config`. */
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
] as const;

export type LimitName = (typeof LIMIT_NAMES)[number];
export type ConfigName = (typeof CONFIG_NAMES)[number];

/**
 * The numeric parameters of a market, in the units of the contract's structs `Limits` and `Config`.
 */
export type MarketParameters = Readonly<Record<LimitName | ConfigName, bigint>>;

/** The same parameters, nested as in the contract's `MarketParams`. */
export interface NestedParameters {
  readonly limits: Readonly<Record<LimitName, bigint>>;
  readonly config: Readonly<Record<ConfigName, bigint>>;
}

function pick<Name extends string>(values: Readonly<Record<Name, bigint>>, names: readonly Name[]) {
  return Object.fromEntries(names.map((name) => [name, values[name]])) as Record<Name, bigint>;
}

/** Flattens the nested parameters of the contract into one object. */
export function flattenParameters({ limits, config }: NestedParameters): MarketParameters {
  return { ...pick(limits, LIMIT_NAMES), ...pick(config, CONFIG_NAMES) };
}

/** Nests the parameters of a market as the contract expects them. */
export function nestParameters(flat: MarketParameters): NestedParameters {
  return { limits: pick(flat, LIMIT_NAMES), config: pick(flat, CONFIG_NAMES) };
}

/**
 * The parameters of an `OracleGuard` over price feeds and the mean price of a pool. Fractions in
 * WAD, times in seconds: see `GuardParams` and `UniswapV3TwapOracle`.
 */
export interface GuardParameters {
  readonly maxDeviation: bigint;
  readonly maxRisePerHour: bigint;
  readonly maxFallPerHour: bigint;
  readonly gracePeriod: bigint;
  readonly sourceGas: bigint;
  readonly replacementDelay: bigint;
  /** Averaging window of the pool's price. */
  readonly window: bigint;
  /** Minimum time between two blocks of the chain. */
  readonly blockTime: bigint;
}
