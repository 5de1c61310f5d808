import { CantileverError } from "../errors.ts";

/** Thrown when the factory did not create the market since the given block. */
export class UnknownMarketError extends CantileverError {
  constructor(market: string, factory: string, fromBlock: number) {
    super({
      code: "UNKNOWN_MARKET",
      problem: `The factory ${factory} has not created the market ${market} since block ${fromBlock}`,
      advice: "Check both addresses and the chain, and start at the block of the market's creation or an earlier one.",
    });
  }
}
