import { withDebtCap } from "../protocol/market/limits.ts";
import type { MarketState } from "../protocol/market/state.ts";
import type { MarketEvent } from "./events.ts";
import type { Replica } from "./rebuilt-market.ts";

/** A limit has been lowered, or a raise applied, which then is no longer scheduled. */
export function applyLimitSet(
  replica: Replica,
  { limit, value }: Extract<MarketEvent, { name: "LimitSet" }>,
  timestamp: bigint,
): void {
  const { market } = replica;
  replica.raises.delete(limit);
  switch (limit) {
    case "maxLeverage":
      market.maxLeverage = value;
      return;
    case "liquidationLeverage":
      market.liquidationLimit = value;
      return;
    case "systemLeverageCap":
      market.systemLeverageCap = value;
      return;
    case "debtCap":
      market.ceiling = withDebtCap(market.ceiling, value, market.params.dailyAllowance, timestamp);
      return;
    case "collateralCap":
      market.collateralCap = value;
      return;
  }
}

/** The liquidation limit moves on a line from now on. */
export function applyRampStarted(market: MarketState, event: Extract<MarketEvent, { name: "RampStarted" }>): void {
  market.liquidationLimit = { from: event.from, to: event.to, start: event.start, end: event.end };
}
