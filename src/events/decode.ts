import type { TypedLogDescription } from "../../types/common.ts";
import { LeverageMarket__factory, type LeverageMarket } from "../../types/index.ts";
import type { MarketEvent } from "./events.ts";
import { limitOfNumber } from "./limit-number.ts";

/** What any JSON-RPC client gives of a log. */
export interface RawLog {
  readonly topics: readonly string[];
  readonly data: string;
}

/** The arguments of an event by their names. */
type ArgumentsOf<Name extends keyof LeverageMarket["filters"]> = TypedLogDescription<
  LeverageMarket["filters"][Name]
>["args"];

const abi = LeverageMarket__factory.createInterface();

/** A market's log as an event, or `undefined` for one that changes nothing of what a replica holds. */
export function decodeMarketLog(log: RawLog): MarketEvent | undefined {
  const parsed = abi.parseLog({ topics: [...log.topics], data: log.data });
  if (parsed === null) return undefined;
  const args: unknown = parsed.args;
  switch (parsed.name) {
    case "Accrued": {
      const { borrowIndex, rateAtTarget } = args as ArgumentsOf<"Accrued">;
      return { name: "Accrued", borrowIndex, rateAtTarget };
    }
    case "CollateralSupplied": {
      const { account, amount } = args as ArgumentsOf<"CollateralSupplied">;
      return { name: "CollateralSupplied", account, amount };
    }
    case "PositionAdjusted": {
      const { account, collateralDelta, debtDelta, debtSharesDelta } = args as ArgumentsOf<"PositionAdjusted">;
      return { name: "PositionAdjusted", account, collateralDelta, debtDelta, debtSharesDelta };
    }
    case "Liquidated": {
      const { account, debtShares, collateral, payment, fee } = args as ArgumentsOf<"Liquidated">;
      return { name: "Liquidated", account, debtShares, collateral, payment, fee };
    }
    case "LossBooked":
      return { name: "LossBooked" };
    case "Deposit":
      return { name: "Deposit", assets: (args as ArgumentsOf<"Deposit">).assets };
    case "Withdraw":
      return { name: "Withdraw", assets: (args as ArgumentsOf<"Withdraw">).assets };
    case "Transfer": {
      const { from, to, value } = args as ArgumentsOf<"Transfer">;
      return { name: "Transfer", from, to, value };
    }
    case "OperatorSet": {
      const { account, operator, approved } = args as ArgumentsOf<"OperatorSet">;
      return { name: "OperatorSet", account, operator, approved };
    }
    default:
      return decodeGovernance(parsed.name, args);
  }
}

function decodeGovernance(name: string, args: unknown): MarketEvent | undefined {
  switch (name) {
    case "LimitSet": {
      const { limit, value } = args as ArgumentsOf<"LimitSet">;
      return { name, limit: limitOfNumber(limit), value };
    }
    case "RaiseScheduled": {
      const { limit, value, validFrom } = args as ArgumentsOf<"RaiseScheduled">;
      return { name, limit: limitOfNumber(limit), value, validFrom };
    }
    case "RaisesCleared":
      return { name };
    case "RampStarted": {
      const { from, to, start, end } = args as ArgumentsOf<"RampStarted">;
      return { name, from, to, start, end };
    }
    default:
      return undefined;
  }
}
