import type { Address } from "../protocol/address.ts";
import { newMarket, type Lenders, type MarketState } from "../protocol/market/state.ts";
import type { LimitName } from "../protocol/parameters.ts";
import { DAY } from "../protocol/units.ts";
import type { CreatedMarket } from "./decode.ts";
import type { EventPlace } from "./events.ts";

/** A raise that no tightening has cleared; `pendingRaise` says whether time has. */
export interface ScheduledRaise {
  readonly value: bigint;
  /** Unix seconds. */
  readonly validFrom: bigint;
}

/** A raise is forgotten a week after it could first be applied. Seconds. */
const RAISE_EXPIRATION = 7n * DAY;

/** The lender side right before a call has turned fees into shares of the buffer. */
export interface UncreditedLenders {
  readonly lenders: Lenders;
  readonly bufferShares: bigint;
}

/**
 * A market rebuilt from its events alone. `market` is what the functions of `src/protocol/market` work on, so that whatever the
 * contract tells of itself at a time can be computed without asking it.
 */
export interface RebuiltMarket {
  readonly created: CreatedMarket;
  readonly market: MarketState;
  readonly raises: Map<LimitName, ScheduledRaise>;
  /** Whom each account has approved. */
  readonly operators: Map<Address, Set<Address>>;
  /** Of the last event. */
  lastPlace: EventPlace;
  /** While the events of a call that credits the buffer come in. */
  uncredited: UncreditedLenders | undefined;
}

/** The raise of a limit that can be applied at `now` (Unix seconds) or later, if there is one. */
export function pendingRaise({ raises }: RebuiltMarket, limit: LimitName, now: bigint): ScheduledRaise | undefined {
  const raise = raises.get(limit);
  return raise !== undefined && now <= raise.validFrom + RAISE_EXPIRATION ? raise : undefined;
}

/** A market as it was created, to be fed its events by `applyEvent`. */
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
