/** The contract's errors that the model predicts. */
export type Reason =
  | "CollateralCapExceeded"
  | "DebtAllowanceExceeded"
  | "DebtBelowMinimum"
  | "DebtCapExceeded"
  | "DepositsClosed"
  | "ERC20InsufficientBalance"
  | "ERC20InvalidReceiver"
  | "InsufficientCash"
  | "InsufficientCollateral"
  | "InvalidPrice"
  | "LeverageAboveMaximum"
  | "NothingToLiquidate"
  | "SeizedLessThanMinimum"
  | "SystemLeverageAboveCap"
  | "ZeroShares";

const WAYS_OUT: Readonly<Record<Reason, string>> = {
  CollateralCapExceeded: "Supply less collateral, or wait until the cap is raised.",
  DebtAllowanceExceeded: "Borrow less, or wait until the allowance has refilled.",
  DebtBelowMinimum: "Repay all of the debt, or leave at least the minimum.",
  DebtCapExceeded: "Borrow less, or wait until debt is repaid or the cap raised.",
  DepositsClosed: "The market has lost everything that its lenders had: use another one.",
  ERC20InsufficientBalance: "Withdraw no more than the lender's shares are worth.",
  ERC20InvalidReceiver: "Name another receiver than the market.",
  InsufficientCash: "Ask for less, or wait until borrowers repay or lenders deposit.",
  InsufficientCollateral: "Withdraw no more collateral than the position holds.",
  InvalidPrice: "Wait until the oracle gives a usable price; repaying and closing need none.",
  LeverageAboveMaximum: "Borrow less, or add collateral.",
  NothingToLiquidate: "Give accounts that are above the liquidation limit, and a payment that suffices for one.",
  SeizedLessThanMinimum: "Accept less collateral, or leave this liquidation.",
  SystemLeverageAboveCap: "Borrow less, or wait until the market's leverage has fallen.",
  ZeroShares: "Deposit more: this is worth less than one share.",
};

/** The contract would refuse this call, with an error of the same name. */
export class RefusedError extends Error {
  readonly reason: Reason;

  constructor(reason: Reason, details: string) {
    super(`The market refuses this call (${reason}): ${details}. ${WAYS_OUT[reason]}`);
    this.name = "RefusedError";
    this.reason = reason;
  }
}
