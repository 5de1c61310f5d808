import { Interface } from "ethers/abi";
import { formatUnits } from "ethers/utils";

import { abi as managerAbi } from "../../abis/AccessManager.ts";
import type { Address } from "../protocol/address.ts";
import { LIMIT_NAMES, type LimitName } from "../protocol/parameters.ts";
import { DAY } from "../protocol/units.ts";
import { GUARD } from "./guard-reading.ts";
import { MARKET } from "./market-reading.ts";
import type { Market } from "./markets.ts";
import { action, inWords, leverageInWords, planOf, type Plan } from "./plan.ts";

/** A source of a guard. */
export type SourceRole = "primary" | "secondary";

/** Roles in the order of the contract's enum `SourceRole`. */
const SOURCE_ROLES: readonly SourceRole[] = ["primary", "secondary"];

/** A limit in words. */
const LIMIT_WORDS: Readonly<Record<LimitName, string>> = {
  maxLeverage: "opening limit",
  liquidationLeverage: "liquidation limit",
  systemLeverageCap: "system leverage cap",
  debtCap: "debt cap",
  collateralCap: "collateral cap",
  supplyCap: "supply cap",
};

/** The value of a limit in words: `5x`, `40000000 USDC`. */
export function limitInWords(market: Market, limit: LimitName, value: bigint): string {
  if (limit === "collateralCap") return inWords(value, market.collateralToken);
  return limit === "debtCap" || limit === "supplyCap" ? inWords(value, market.loanToken) : leverageInWords(value);
}

/**
 * Lowers a limit at once, and clears every scheduled raise. Guardian or risk manager. @param value
 * in the limit's units.
 */
export function planLowerLimit(market: Market, limit: LimitName, value: bigint): Plan {
  return limitPlan(market, "lowerLimit", "Lower", limit, value);
}

/**
 * Schedules a raise, which anyone may apply after the market's delay. Risk manager. @param value in
 * the limit's units.
 */
export function planScheduleRaise(market: Market, limit: LimitName, value: bigint): Plan {
  return limitPlan(market, "scheduleRaise", "Schedule the raise of", limit, value);
}

/** Applies a scheduled raise whose delay has passed. Anyone may. */
export function planApplyRaise(market: Market, limit: LimitName): Plan {
  const title = `Apply the scheduled raise of the ${LIMIT_WORDS[limit]}`;
  return planOf(action(title, market.address, MARKET, "applyRaise", [LIMIT_NAMES.indexOf(limit)]));
}

/**
 * Lets the liquidation limit fall on a straight line. Risk manager.
 * @param target four decimals.
 * @param duration seconds, two days to a year.
 */
export function planRamp(market: Market, target: bigint, duration: bigint): Plan {
  const days = formatUnits((duration * 100n) / DAY, 2).replace(/\.?0+$/u, "");
  const title = `Let the liquidation limit fall to ${leverageInWords(target)} within ${days} days`;
  return planOf(action(title, market.address, MARKET, "rampLiquidationLeverage", [target, duration]));
}

/** Announces another source of a guard, which anyone may apply after its delay. */
export function planScheduleSource(guard: Address, role: SourceRole, source: Address): Plan {
  const title = `Announce ${source} as the ${role} source of the guard`;
  return planOf(action(title, guard, GUARD, "scheduleSource", [SOURCE_ROLES.indexOf(role), source]));
}

/** Withdraws what was announced. */
export function planCancelSource(guard: Address, role: SourceRole): Plan {
  const title = `Withdraw the announced ${role} source of the guard`;
  return planOf(action(title, guard, GUARD, "cancelSource", [SOURCE_ROLES.indexOf(role)]));
}

/** Puts the announced source into place, after the delay. Anyone may. */
export function planApplySource(guard: Address, role: SourceRole): Plan {
  const title = `Put the announced ${role} source of the guard into place`;
  return planOf(action(title, guard, GUARD, "applySource", [SOURCE_ROLES.indexOf(role)]));
}

const MANAGER = new Interface(managerAbi);

/** A call of a contract by a role with a delay: first scheduled, then executed. */
export interface ManagedCall {
  /** The `AccessManager`. */
  readonly manager: Address;
  readonly target: Address;
  readonly data: string;
}

/**
 * Schedules a call with the role's delay. @param when Unix seconds; the earliest time if left out.
 */
export function planScheduleCall({ manager, target, data }: ManagedCall, when = 0n): Plan {
  return planOf(action(`Schedule a call of ${target}`, manager, MANAGER, "schedule", [target, data, when]));
}

/** Executes a scheduled call after its delay, or one that needs none. */
export function planExecuteCall({ manager, target, data }: ManagedCall): Plan {
  return planOf(action(`Execute the scheduled call of ${target}`, manager, MANAGER, "execute", [target, data]));
}

/** Cancels a scheduled call. @param caller who has scheduled it. */
export function planCancelCall({ manager, target, data }: ManagedCall, caller: Address): Plan {
  const title = `Cancel the scheduled call of ${target}`;
  return planOf(action(title, manager, MANAGER, "cancel", [caller, target, data]));
}

function limitPlan(market: Market, name: string, verb: string, limit: LimitName, value: bigint): Plan {
  const title = `${verb} the ${LIMIT_WORDS[limit]} to ${limitInWords(market, limit, value)}`;
  return planOf(action(title, market.address, MARKET, name, [LIMIT_NAMES.indexOf(limit), value]));
}
