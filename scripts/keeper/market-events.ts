import type { Log, Provider } from "ethers";

import { LeverageMarket__factory } from "../../types/index.ts";
import type { PositionChange } from "./events.ts";

const MARKET = LeverageMarket__factory.createInterface();
const TOPICS = [MARKET.getEvent("PositionAdjusted").topicHash, MARKET.getEvent("Liquidated").topicHash];

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
  if (event === null) throw new TypeError(`The log ${log.index} of block ${log.blockNumber} is no event of a market.`);
  const args = event.args as unknown as Record<string, bigint> & { account: string };
  const of = (name: string): bigint => args[name] ?? 0n;
  return event.name === "Liquidated"
    ? { account: args.account, debtSharesDelta: -of("debtShares"), collateralDelta: -of("collateral") }
    : {
        account: args.account,
        debtSharesDelta: of("debtSharesDelta"),
        collateralDelta: of("collateralDelta"),
      };
}
