/** The limits that governance may move, in the order of the contract's enum `Limit`, which numbers them. */
export const LIMIT_NAMES = [
  "maxLeverage",
  "liquidationLeverage",
  "systemLeverageCap",
  "debtCap",
  "collateralCap",
  "supplyCap",
] as const;

/** The parameters that never change, in the order of the contract's struct `Config`. */
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

/** The numbers that a market is created with, in the units of the contract's structs `Limits` and `Config`. */
export type MarketParameters = Readonly<Record<LimitName | ConfigName, bigint>>;

/** The same, nested as the contract's `MarketParams` has them. */
export interface NestedParameters {
  readonly limits: Readonly<Record<LimitName, bigint>>;
  readonly config: Readonly<Record<ConfigName, bigint>>;
}

function pick<Name extends string>(values: Readonly<Record<Name, bigint>>, names: readonly Name[]) {
  return Object.fromEntries(names.map((name) => [name, values[name]])) as Record<Name, bigint>;
}

/** The numbers of a market as the contract gives them, in one object. */
export function flattenParameters({ limits, config }: NestedParameters): MarketParameters {
  return { ...pick(limits, LIMIT_NAMES), ...pick(config, CONFIG_NAMES) };
}

/** The numbers of a market as the contract takes them. */
export function nestParameters(flat: MarketParameters): NestedParameters {
  return { limits: pick(flat, LIMIT_NAMES), config: pick(flat, CONFIG_NAMES) };
}

/**
 * The numbers of an `OracleGuard` over feeds and the mean of a pool. Shares are WADs, times seconds: see `GuardParams` and
 * `UniswapV3TwapOracle`.
 */
export interface GuardParameters {
  readonly maxDeviation: bigint;
  readonly maxRisePerHour: bigint;
  readonly maxFallPerHour: bigint;
  readonly gracePeriod: bigint;
  readonly sourceGas: bigint;
  readonly replacementDelay: bigint;
  /** Over which the pool's mean is taken. */
  readonly window: bigint;
  /** Least time between two blocks of the chain. */
  readonly blockTime: bigint;
}
