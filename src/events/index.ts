/**
 * Public API of `cantilever/events`: from the logs of a market to its history and its state.
 * Within the repository, import from the file that defines a name.
 */
export { CantileverError, type Failure } from "../errors.ts";

export {
  decodeMarketCreated,
  decodeMarketLog,
  MARKET_CREATED_TOPIC,
  marketEventsIn,
  type CreatedMarket,
  type RawLog,
} from "./decode.ts";
export { changedAccount, type EventName, type EventOf, type EventPlace, type MarketEvent } from "./events.ts";
export { readCreatedMarkets, readMarketEvents, type LogSource, type PlacedCreation, type PlacedEvent } from "./read.ts";
export { applyEvent } from "./apply.ts";
export { newRebuiltMarket, pendingRaise, type RebuiltMarket, type ScheduledRaise } from "./rebuilt-market.ts";
export { InconsistentEventsError, UnexpectedLogError } from "./errors.ts";
