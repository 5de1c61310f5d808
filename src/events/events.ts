import type { Address } from "../protocol/address.ts";
import type { LimitName } from "../protocol/parameters.ts";

/** Where and when an event was emitted. */
export interface EventPlace {
  readonly blockNumber: number;
  /** Index of the transaction in its block. */
  readonly transactionIndex: number;
  /** Index of the log in its block. */
  readonly logIndex: number;
  /** Time of the block, Unix seconds. */
  readonly timestamp: bigint;
}

/**
 * The events that change a market's state, with the names and units of `ILeverageMarket` and
 * `IERC4626`.
 */
export type MarketEvent =
  | { readonly name: "Accrued"; readonly borrowIndex: bigint; readonly rateAtTarget: bigint }
  | { readonly name: "CollateralSupplied"; readonly account: Address; readonly amount: bigint }
  | {
      readonly name: "PositionAdjusted";
      readonly account: Address;
      readonly collateralDelta: bigint;
      readonly debtDelta: bigint;
      readonly debtSharesDelta: bigint;
    }
  | {
      readonly name: "Liquidated";
      readonly account: Address;
      readonly debtShares: bigint;
      readonly collateral: bigint;
      readonly payment: bigint;
      readonly fee: bigint;
      readonly loss: bigint;
    }
  | { readonly name: "LossBooked"; readonly loss: bigint; readonly bufferSharesBurned: bigint }
  | { readonly name: "Deposit"; readonly assets: bigint }
  | { readonly name: "Withdraw"; readonly assets: bigint }
  | { readonly name: "Transfer"; readonly from: Address; readonly to: Address; readonly value: bigint }
  | { readonly name: "LimitSet"; readonly limit: LimitName; readonly value: bigint }
  | { readonly name: "RaiseScheduled"; readonly limit: LimitName; readonly value: bigint; readonly validFrom: bigint }
  | { readonly name: "RaisesCleared" }
  | {
      readonly name: "RampStarted";
      readonly from: bigint;
      readonly to: bigint;
      readonly start: bigint;
      readonly end: bigint;
      readonly fraction: bigint;
    }
  | { readonly name: "OperatorSet"; readonly account: Address; readonly operator: Address; readonly approved: boolean };

/** The name of an event. */
export type EventName = MarketEvent["name"];
/** The event with a name. */
export type EventOf<Name extends EventName> = Extract<MarketEvent, { readonly name: Name }>;

/** The account whose position an event changes; undefined if it changes no position. */
export function changedAccount(event: MarketEvent): Address | undefined {
  switch (event.name) {
    case "CollateralSupplied":
    case "PositionAdjusted":
    case "Liquidated":
      return event.account;
    default:
      return undefined;
  }
}
