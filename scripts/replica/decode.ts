import { LeverageMarket__factory } from "../../types/factories/LeverageMarket__factory.ts";
import type {
  AccruedEvent,
  DepositEvent,
  LimitSetEvent,
  LiquidatedEvent,
  OperatorSetEvent,
  PositionAdjustedEvent,
  RaiseScheduledEvent,
  RampStartedEvent,
  TransferEvent,
  WithdrawEvent,
} from "../../types/LeverageMarket.ts";
import type { MarketEvent } from "./events.ts";
import { limitOfNumber } from "./limit-number.ts";

/** What any JSON-RPC client gives of a log. */
export interface RawLog {
  readonly topics: readonly string[];
  readonly data: string;
}

const abi = LeverageMarket__factory.createInterface();

/** A market's log as an event, or `undefined` for one that changes nothing of what a replica holds. */
export function decodeMarketLog(log: RawLog): MarketEvent | undefined {
  const parsed = abi.parseLog({ topics: [...log.topics], data: log.data });
  if (parsed === null) return undefined;
  const args: unknown = parsed.args;
  switch (parsed.name) {
    case "Accrued": {
      const { borrowIndex, rateAtTarget } = args as AccruedEvent.OutputObject;
      return { name: "Accrued", borrowIndex, rateAtTarget };
    }
    case "PositionAdjusted": {
      const { account, collateralDelta, debtDelta, debtSharesDelta } = args as PositionAdjustedEvent.OutputObject;
      return { name: "PositionAdjusted", account, collateralDelta, debtDelta, debtSharesDelta };
    }
    case "Liquidated": {
      const { account, debtShares, collateral, payment, fee } = args as LiquidatedEvent.OutputObject;
      return { name: "Liquidated", account, debtShares, collateral, payment, fee };
    }
    case "LossBooked":
      return { name: "LossBooked" };
    case "Deposit":
      return { name: "Deposit", assets: (args as DepositEvent.OutputObject).assets };
    case "Withdraw":
      return { name: "Withdraw", assets: (args as WithdrawEvent.OutputObject).assets };
    case "Transfer": {
      const { from, to, value } = args as TransferEvent.OutputObject;
      return { name: "Transfer", from, to, value };
    }
    case "OperatorSet": {
      const { account, operator, approved } = args as OperatorSetEvent.OutputObject;
      return { name: "OperatorSet", account, operator, approved };
    }
    default:
      return decodeGovernance(parsed.name, args);
  }
}

function decodeGovernance(name: string, args: unknown): MarketEvent | undefined {
  switch (name) {
    case "LimitSet": {
      const { limit, value } = args as LimitSetEvent.OutputObject;
      return { name, limit: limitOfNumber(limit), value };
    }
    case "RaiseScheduled": {
      const { limit, value, validFrom } = args as RaiseScheduledEvent.OutputObject;
      return { name, limit: limitOfNumber(limit), value, validFrom };
    }
    case "RaisesCleared":
      return { name };
    case "RampStarted": {
      const { from, to, start, end } = args as RampStartedEvent.OutputObject;
      return { name, from, to, start, end };
    }
    default:
      return undefined;
  }
}
