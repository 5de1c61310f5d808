import type { Limit } from "../protocol/market/state.ts";
import { InconsistentEventsError } from "./errors.ts";

/** The limits in the order of the contract's `Limit`, which numbers them. */
export const LIMITS: readonly Limit[] = [
  "maxLeverage",
  "liquidationLeverage",
  "systemLeverageCap",
  "debtCap",
  "collateralCap",
];

/** The limit that an event's number stands for. */
export function limitOfNumber(number: bigint): Limit {
  const limit = LIMITS[Number(number)];
  if (limit === undefined)
    throw new InconsistentEventsError(`An event names a limit number ${number}, which there is not`);
  return limit;
}
