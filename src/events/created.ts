import { flattenParameters } from "../protocol/parameters.ts";
import type { Address, MarketParameters } from "../protocol/market/state.ts";
import type { TypedLogDescription } from "../../types/common.ts";
import { MarketFactory__factory, type MarketFactory } from "../../types/index.ts";
import type { RawLog } from "./decode.ts";

/** What the factory says of a new market. */
export interface CreatedMarket {
  readonly address: Address;
  readonly loanToken: Address;
  readonly collateralToken: Address;
  readonly oracle: Address;
  readonly authority: Address;
  readonly params: MarketParameters;
}

type MarketCreatedArguments = TypedLogDescription<MarketFactory["filters"]["MarketCreated"]>["args"];

const abi = MarketFactory__factory.createInterface();

/** A factory's log as a new market, or `undefined` for another log. */
export function decodeMarketCreated(log: RawLog): CreatedMarket | undefined {
  const parsed = abi.parseLog({ topics: [...log.topics], data: log.data });
  if (parsed?.name !== "MarketCreated") return undefined;
  const args: unknown = parsed.args;
  const { market, params } = args as MarketCreatedArguments;
  return {
    address: market,
    loanToken: params.loanToken,
    collateralToken: params.collateralToken,
    oracle: params.oracle,
    authority: params.authority,
    params: flattenParameters(params),
  };
}
