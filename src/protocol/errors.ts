import { CantileverError } from "../errors.ts";
import { CONTRACT_ERROR_ADVICE } from "./contract-errors.ts";

/** Thrown when an argument of a calculation is outside the range that the contracts can reach. */
export class OutOfRangeError extends CantileverError {
  constructor(quantity: string, value: bigint | number, allowed: string) {
    super({
      code: "OUT_OF_RANGE",
      problem: `${quantity} is ${value}, but must be ${allowed}`,
      advice: "Check its unit, its scale and its origin.",
    });
  }
}

/** Thrown when a text is not an address. */
export class InvalidAddressError extends CantileverError {
  constructor(text: string) {
    super({
      code: "INVALID_ADDRESS",
      problem: `${JSON.stringify(text.slice(0, 60))} is not an address`,
      advice: "An address is 0x and 40 hexadecimal digits.",
    });
  }
}

/** Contract errors that the market model predicts. */
export type RefusalReason =
  | "CollateralCapExceeded"
  | "SupplyCapExceeded"
  | "DebtAllowanceExceeded"
  | "DebtBelowMinimum"
  | "DebtCapExceeded"
  | "DepositsClosed"
  | "ERC20InsufficientBalance"
  | "ERC20InvalidReceiver"
  | "InsufficientCash"
  | "InsufficientCollateral"
  | "InvalidPrice"
  | "InvalidReceiver"
  | "LeverageAboveMaximum"
  | "NothingToLiquidate"
  | "SeizedLessThanMinimum"
  | "SystemLeverageAboveCap"
  | "ZeroShares";

/** Thrown by the market model when the contract would revert with the error named `reason`. */
export class RefusedError extends CantileverError {
  readonly reason: RefusalReason;
  /** What is refused, in token units. */
  readonly details: string;

  constructor(reason: RefusalReason, details: string) {
    super({
      code: "REFUSED",
      problem: `The market refuses this call (${reason}): ${details}`,
      advice: CONTRACT_ERROR_ADVICE[reason].advice,
      retryable: CONTRACT_ERROR_ADVICE[reason].retryable ?? false,
    });
    this.reason = reason;
    this.details = details;
  }
}
