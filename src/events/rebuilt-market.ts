import type { Address } from "../protocol/address.ts";
import { newMarket, type Lenders, type MarketState } from "../protocol/market/state.ts";
import type { LimitName } from "../protocol/parameters.ts";
import { DAY } from "../protocol/units.ts";
import type { CreatedMarket } from "./decode.ts";
import type { EventPlace } from "./events.ts";

/** A scheduled raise that was not cleared. It may have expired: see `pendingRaise`. */
export interface ScheduledRaise {
  readonly value: bigint;
  /** Unix seconds. */
  readonly validFrom: bigint;
}

/** A raise expires this long after it could first be applied. Seconds. */
const RAISE_EXPIRATION = 7n * DAY;

/** The lender side right before a call credits fees to the buffer as shares. */
export interface UncreditedLenders {
  readonly lenders: Lenders;
  readonly bufferShares: bigint;
}

/**
 * A market rebuilt from events alone. The functions of `src/protocol/market` accept `market`, so
 * every view of the contract can be computed for any time without a call.
 */
export interface RebuiltMarket {
  readonly created: CreatedMarket;
  readonly market: MarketState;
  readonly raises: Map<LimitName, ScheduledRaise>;
  /** Approved operators of each account. */
  readonly operators: Map<Address, Set<Address>>;
  /** Place of the last applied event. */
  lastPlace: EventPlace;
  /** Defined only between the events of a call that credits the buffer. */
  uncredited: UncreditedLenders | undefined;
}

/**
 * The scheduled raise of a limit that has not expired at `now` (Unix seconds); undefined without
 * one.
 */
export function pendingRaise({ raises }: RebuiltMarket, limit: LimitName, now: bigint): ScheduledRaise | undefined {
  const raise = raises.get(limit);
  return raise !== undefined && now <= raise.validFrom + RAISE_EXPIRATION ? raise : undefined;
}

/** A new market in the state of its creation, to which `applyEvent` applies its events. */
export function newRebuiltMarket(created: CreatedMarket, place: EventPlace): RebuiltMarket {
  return {
    created,
    market: newMarket(created.address, created.params, place.timestamp),
    raises: new Map(),
    operators: new Map(),
    lastPlace: place,
    uncredited: undefined,
  };
}
