import { CantileverError } from "../errors.ts";
import { CONTRACT_ERROR_ADVICE } from "./contract-errors.ts";

/** A calculation was asked for values that the contracts never reach. */
export class OutOfRangeError extends CantileverError {
  constructor(quantity: string, value: bigint | number, allowed: string) {
    super({
      code: "OUT_OF_RANGE",
      problem: `${quantity} is ${value}, but must be ${allowed}`,
      advice: "Check its unit and where it comes from.",
    });
  }
}

/** A text that is no address. */
export class InvalidAddressError extends CantileverError {
  constructor(text: string) {
    super({
      code: "INVALID_ADDRESS",
      problem: `${JSON.stringify(text.slice(0, 60))} is not an address`,
      advice: "An address is 0x and 40 hexadecimal digits.",
    });
  }
}

/** The contract's errors that the market model predicts. */
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

/** The market would refuse this call, with an error of the same name. */
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
