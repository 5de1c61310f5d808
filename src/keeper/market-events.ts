import type { Log, Provider } from "ethers";

import { LeverageMarket__factory } from "../../types/index.ts";
import { UnexpectedLogError } from "./errors.ts";
import type { PositionChange } from "./events.ts";

const MARKET = LeverageMarket__factory.createInterface();
/** Every event that changes a position. */
const EVENTS = ["CollateralSupplied", "PositionAdjusted", "Liquidated"] as const;
const TOPICS = EVENTS.map((name) => MARKET.getEvent(name).topicHash);

/** The changes of positions in the blocks from `from` to `to`, in the order of the chain. */
export async function readChanges(
  provider: Provider,
  market: string,
  from: number,
  to: number,
): Promise<readonly PositionChange[]> {
  const logs = await provider.getLogs({ address: market, topics: [TOPICS], fromBlock: from, toBlock: to });
  return logs.map(changeOf);
}

function changeOf(log: Log): PositionChange {
  const event = MARKET.parseLog(log);
  if (event === null) throw new UnexpectedLogError(log);
  const account = event.args.getValue("account") as string;
  const amount = (name: string): bigint => event.args.getValue(name) as bigint;
  switch (event.name) {
    case "CollateralSupplied":
      return { account, debtSharesDelta: 0n, collateralDelta: amount("amount") };
    case "PositionAdjusted":
      return { account, debtSharesDelta: amount("debtSharesDelta"), collateralDelta: amount("collateralDelta") };
    case "Liquidated":
      return { account, debtSharesDelta: -amount("debtShares"), collateralDelta: -amount("collateral") };
    default:
      throw new UnexpectedLogError(log);
  }
}
