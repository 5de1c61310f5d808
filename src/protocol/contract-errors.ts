/** What to do about an error of a contract. */
export interface ContractErrorAdvice {
  /** In whole sentences. */
  readonly advice: string;
  /** Whether the same call can succeed later. By default it can't. */
  readonly retryable?: boolean;
}

const wait = (advice: string): ContractErrorAdvice => ({ advice, retryable: true });
const change = (advice: string): ContractErrorAdvice => ({ advice });

const WRONG_ROLE = "Use an account that holds the role, or ask the admin of the AccessManager for it.";
const SIGN_AGAIN = "Sign again with the account's own key, for this chain, this market and the present nonce.";
const AMOUNT = "Use a smaller amount: this one does not fit the contract's books.";
const PARAMETER = "Correct the parameter that the error names; its bounds are documented with the function.";
const RAISE_LATER = "Wait until the delay of the scheduled raise has passed, then apply it.";

/**
 * What to do about each error of the contracts, those of OpenZeppelin that they can raise included; by its name. The only
 * table of its kind: the market model, the client and the command line read it.
 */
export const CONTRACT_ERROR_ADVICE = {
  // Borrowers and lenders
  AmountTooLarge: change(AMOUNT),
  CollateralCapExceeded: wait("Supply less collateral, or wait until some is withdrawn or the cap is raised."),
  DeadlinePassed: change("The deadline of the swap has passed: sign again, with fresh prices and a later one."),
  DebtAllowanceExceeded: wait("New debt has a speed limit: borrow less, or wait until the allowance has refilled."),
  DebtBelowMinimum: change("Repay all of the debt, or leave at least the minimum."),
  DebtCapExceeded: wait("Borrow less, or wait until debt is repaid or the cap raised."),
  DepositsClosed: change("The market has lost all, or nearly all, that its lenders had: use another one."),
  FlashCallbackFailed: change("The borrower's onFlashLoan must return keccak256(ERC3156FlashBorrower.onFlashLoan)."),
  InsufficientCash: wait("Ask for less, or wait until borrowers repay or lenders deposit."),
  InsufficientCollateral: change("Withdraw no more collateral than the position holds."),
  InvalidReceiver: change("Name a receiver that is neither zero nor the market."),
  InvalidSignature: change(SIGN_AGAIN),
  LeverageAboveMaximum: change("Borrow less, or add collateral."),
  NotAuthorized: change("Only the account or an operator that it approved may do this: let it call setOperator."),
  PullAboveMaximum: change("The swap brought less than expected. Raise the maximum, or wait for a better price."),
  ReentrancyGuardReentrantCall: change("Don't call the market from inside its own callback."),
  SignatureExpired: change("Sign again with a later deadline."),
  SupplyCapExceeded: wait("Lend less, or wait until lenders withdraw or the cap is raised."),
  SystemLeverageAboveCap: wait("The whole market is at its leverage cap: open with less leverage, or wait."),
  TokenDeliveredLess: change("The token takes a fee or changes balances: such tokens are not supported."),
  UnsupportedFlashToken: change("The market lends its loan token alone."),
  ZeroShares: change("Deposit more: this is worth less than one share."),

  // Liquidators
  InputAboveMaximum: change("The pool asked for more than the trade may cost: try again with fresh prices."),
  LenderExitAfterLiquidation: change(
    "A lender can't withdraw in a transaction that has liquidated: withdraw in one of its own.",
  ),
  LossAfterLenderExit: change(
    "A loss can't be booked in a transaction in which a lender withdrew: use one of its own.",
  ),
  NothingToLiquidate: wait("Every position in the batch is healthy, gone, or too large for the payment."),
  NothingToSwap: change("Open with both amounts above zero, or close with both below zero."),
  PoolNotFound: change("There is no pool of these tokens with this fee: name another fee tier."),
  ProfitBelowFloor: wait("Take a smaller batch, another pool or a lower floor."),
  SeizedLessThanMinimum: wait("Accept less collateral, or leave this liquidation."),
  UnexpectedMarket: change("Call liquidate of the FlashLiquidator: its callbacks answer only the market it called."),
  UnexpectedPool: change("Only the pool that the contract has just called may call it back."),

  // Governance of a market
  InvalidLimit: change("This value is outside the limit's bounds, or does not keep the gap to the others."),
  NotALoosening: change("The value is at or below the present limit: lower it instead, or name a higher one."),
  NotATightening: change("The value is above the present limit: schedule a raise instead, or name a lower one."),
  NothingScheduled: change("Nothing is scheduled, or it was cleared or has expired: schedule it again."),
  RaiseNotReady: wait(RAISE_LATER),
  RampTooLong: change("Let the ramp take a year at most."),
  RampTooShort: change("Let the ramp take two days or more."),

  // Creation of markets
  Create2EmptyBytecode: change("The factory has no creation code: deploy it again from a complete build."),
  FailedDeployment: change("A market of these parameters and this salt exists already: use another salt."),
  InvalidParameter: change(PARAMETER),
  InvalidShortString: change("Use a name and a symbol of 31 bytes at most."),
  NoSuchMarket: change("Ask for an index below the number of markets."),
  NotAContract: change("There is no code at this address: check it, and the chain."),
  NotAToken: change("This contract does not answer as an ERC-20 token: check its address."),
  SameToken: change("Choose two different tokens."),
  StringTooLong: change("Use a name and a symbol of 31 bytes at most."),
  UnexpectedPrice: change("Check the oracle's feeds and decimals, and the scale of the expected price."),
  UnsupportedDecimals: change("Use tokens of 24 decimals at most, and feeds whose decimals fit them."),

  // Prices
  AnswerFromTheFuture: wait("The feed's time is ahead of the chain's: wait for the next block."),
  IncompleteRound: wait("The feed's round is not complete: wait for its next answer."),
  InvalidBlockTime: change("Give the least seconds between blocks, from one to the window."),
  InvalidGracePeriod: change("Use a grace period above zero and at most a day."),
  InvalidMaxAge: change("Give each feed a maximum age above zero, and none where there is no feed."),
  InvalidMinLiquidity: change("Use a least liquidity above zero."),
  InvalidOracleAnswer: change("The oracle does not answer with two prices: check its address."),
  InvalidPrice: wait("Wait until the oracle gives a usable price; repaying and closing need none."),
  InvalidWindow: change("Use a window of half a minute to half an hour."),
  LiquidityTooLow: wait("The pool is too thin to be trusted: wait for liquidity, or add some."),
  NewSourceUnavailable: change("The new source gives no usable price: check it before it is applied."),
  NewSourceDisagrees: wait("The new source does not agree with the one that stays: wait until both agree."),
  NoData: wait("The feed has no answer for this round yet."),
  NoSourceAvailable: wait("Both price sources are unavailable: wait for one, or have governance replace it."),
  NoRate: change("The vault does not tell the rate of its shares: check its address."),
  NonPositiveAnswer: wait("The feed answers zero or less: wait for its next answer."),
  NotEnoughGas: change("Make the call with more gas: each price source must be given its full share."),
  PrimaryUnavailable: wait(
    "The primary price source is unavailable: poke the guard every few minutes for its grace period.",
  ),
  SameSource: change("Use two different price sources."),
  SourceNotReady: wait("Wait until the delay of the scheduled source has passed, then apply it."),
  SourcesDisagree: wait("The two price sources must agree when the guard is created: wait until they do."),
  StaleAnswer: wait("The price feed is silent: wait for its next answer."),
  WindowNotServed: wait("The pool's observations do not reach back far enough: wait for one window of trading."),
  WrongPool: change("The pool is not one of these two tokens: check the addresses."),

  // Deployment

  // Test tokens, feeds, pools and what they hold
  AlreadyFilled: change("Pool and market of a test deployment are filled once."),
  FaucetCapExceeded: wait("The faucet gives no more to this address today: ask for less, or come back tomorrow."),
  NotATestnet: change(
    "Test tokens, settable feeds and the pool operator are for known testnets and local chains alone.",
  ),
  NotDeployer: change("Only the account that deploys may fill the pool and the market."),
  PoolAtAnotherPrice: change(
    "Somebody has initialized the pool at a price that isn't the oracle's: deploy under another name.",
  ),

  // OpenZeppelin: roles
  AccessManagedInvalidAuthority: change("The new authority must be a contract."),
  AccessManagedRequiredDelay: change("This role acts with a delay: schedule the call in the AccessManager first."),
  AccessManagedUnauthorized: change(WRONG_ROLE),
  AccessManagerAlreadyScheduled: change("The same operation is scheduled: execute or cancel it first."),
  AccessManagerBadConfirmation: change("Name the caller's own account as confirmation."),
  AccessManagerExpired: change("The scheduled operation has expired: schedule it again."),
  AccessManagerInvalidInitialAdmin: change("Name an admin other than zero."),
  AccessManagerLockedFunction: change("The role of this function can't be changed."),
  AccessManagerLockedRole: change("The admin's role and the public role can't be changed this way."),
  AccessManagerNotReady: wait("Wait until the delay of the scheduled operation has passed."),
  AccessManagerNotScheduled: change("Schedule the operation first, and execute it after its delay."),
  AccessManagerUnauthorizedAccount: change(WRONG_ROLE),
  AccessManagerUnauthorizedCall: change(WRONG_ROLE),
  AccessManagerUnauthorizedCancel: change("Only the caller of an operation, its guardian or an admin may cancel it."),
  AccessManagerUnauthorizedConsume: change("Only the target of a scheduled operation may consume it."),
  OwnableInvalidOwner: change("Name an owner other than zero."),
  OwnableUnauthorizedAccount: change("Only the contract's owner may call this."),

  // OpenZeppelin: tokens, signatures, calls
  AddressEmptyCode: change("There is no contract at this address: check it, and the chain."),
  ECDSAInvalidSignature: change(SIGN_AGAIN),
  ECDSAInvalidSignatureLength: change(SIGN_AGAIN),
  ECDSAInvalidSignatureS: change(SIGN_AGAIN),
  ERC20InsufficientAllowance: change("Approve the spender for the amount first."),
  ERC20InsufficientBalance: change("Use no more than the account holds."),
  ERC20InvalidApprover: change("Approve from an account other than zero."),
  ERC20InvalidReceiver: change("Name another receiver: neither zero nor, for shares, the market itself."),
  ERC20InvalidSender: change("Send from an account other than zero."),
  ERC20InvalidSpender: change("Approve a spender other than zero."),
  ERC2612ExpiredSignature: change("Sign the permit again with a later deadline."),
  ERC2612InvalidSigner: change(SIGN_AGAIN),
  ERC4626ExceededMaxDeposit: change("Deposit no more than maxDeposit allows."),
  ERC4626ExceededMaxMint: change("Mint no more than maxMint allows."),
  ERC4626ExceededMaxRedeem: change("Redeem no more than maxRedeem allows."),
  ERC4626ExceededMaxWithdraw: change("Withdraw no more than maxWithdraw allows."),
  FailedCall: change("A called contract failed without a reason: simulate the call to find out which."),
  InsufficientBalance: change("The contract holds less of the chain's coin than the call needs."),
  InvalidAccountNonce: change(SIGN_AGAIN),
  SafeCastOverflowedIntToUint: change(AMOUNT),
  SafeCastOverflowedUintDowncast: change(AMOUNT),
  SafeCastOverflowedUintToInt: change(AMOUNT),
  SafeERC20FailedOperation: change("The token refused a transfer: check its balance, its allowance and its rules."),
} as const satisfies Readonly<Record<string, ContractErrorAdvice>>;

/** The advice for a contract's error of that name; undefined for one that no contract of ours raises. */
export function adviceFor(errorName: string): ContractErrorAdvice | undefined {
  const table: Readonly<Record<string, ContractErrorAdvice>> = CONTRACT_ERROR_ADVICE;
  return Object.hasOwn(table, errorName) ? table[errorName] : undefined;
}
