import { CantileverError } from "../errors.ts";

/** The factory tells of no market at this address. */
export class UnknownMarketError extends CantileverError {
  constructor(market: string, factory: string, fromBlock: number) {
    super({
      code: "UNKNOWN_MARKET",
      problem: `The factory ${factory} has created no market ${market} since block ${fromBlock}`,
      advice: "Check both addresses and the chain, and start from the market's creation block or an earlier one.",
    });
  }
}
