/** What to do about the errors that people and keepers meet. */
export const EXPLANATIONS: Readonly<Record<string, string>> = {
  CollateralCapExceeded: "The market takes no more collateral. Wait until some is withdrawn.",
  DebtAllowanceExceeded: "New debt has a speed limit. Borrow less, or wait for the allowance to refill.",
  DebtBelowMinimum: "Leave a debt of at least the minimum, or repay all of it.",
  DebtCapExceeded: "The market lends no more. Borrow less, or wait for repayments.",
  FaucetCapExceeded: "The faucet gives no more to this address today. Ask for less, or come back tomorrow.",
  InsufficientCash: "Lenders' money is lent out. Take less, or wait for repayments.",
  LeverageAboveMaximum: "Borrow less, or add collateral.",
  LossAfterLenderExit: "A loss can't be booked in a transaction in which a lender withdrew. Use one of its own.",
  NoSourceAvailable: "Both price sources are unavailable. Wait for one of them, or have governance replace it.",
  NothingToLiquidate: "Every position in the batch is healthy, or was liquidated by someone else.",
  PrimaryUnavailable:
    "The primary price source is unavailable. Poke the guard every few minutes until its grace period has passed.",
  ProfitBelowFloor: "Take a smaller batch, another pool or a lower floor.",
  PullAboveMaximum: "The swap brought less than expected. Raise the maximum, or wait for a better price.",
  StaleAnswer: "The price feed is silent. Wait for its next answer.",
  SystemLeverageAboveCap: "The whole market has reached its leverage cap. Open with less leverage, or wait.",
};
