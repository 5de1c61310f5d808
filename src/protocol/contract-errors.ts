/** What to do about an error of a contract. */
export interface ContractErrorAdvice {
  /** What to do, in whole sentences. */
  readonly advice: string;
  /** Whether the same call can succeed later, unchanged. False by default. */
  readonly retryable?: boolean;
}

const wait = (advice: string): ContractErrorAdvice => ({ advice, retryable: true });
const change = (advice: string): ContractErrorAdvice => ({ advice });

const WRONG_ROLE = "Use an account that holds the role, or ask the admin of the AccessManager for it.";
const SIGN_AGAIN = "Sign again with the account's own key, for this chain, this market and the current nonce.";
const AMOUNT = "Use a smaller amount: this one exceeds the range that the contract can store.";
const PARAMETER = "Correct the parameter that the error names; its bounds are documented with the function.";
const RAISE_LATER = "Wait until the delay of the scheduled raise has passed, then apply it.";

/**
 * Advice for each error of the contracts by its name, including the errors of OpenZeppelin that the
 * contracts can raise. The market model, the client and the command line all use this table.
 */
export const CONTRACT_ERROR_ADVICE = {
  // Borrowers and lenders
  AmountTooLarge: change(AMOUNT),
  CollateralCapExceeded: wait("Supply less collateral, or wait until some is withdrawn or the cap is raised."),
  DeadlinePassed: change("The deadline of the swap has passed: sign again, with fresh prices and a later deadline."),
  DebtAllowanceExceeded: wait("New debt has a speed limit: borrow less, or wait until the allowance has refilled."),
  DebtBelowMinimum: change("Repay all of the debt, or leave at least the minimum."),
  DebtCapExceeded: wait("Borrow less, or wait until debt is repaid or the cap raised."),
  DepositsClosed: change("The market has lost all or nearly all of its lenders' assets: use another market."),
  FlashCallbackFailed: change("The borrower's onFlashLoan must return keccak256(ERC3156FlashBorrower.onFlashLoan)."),
  InsufficientCash: wait("Ask for less, or wait until borrowers repay or lenders deposit."),
  InsufficientCollateral: change("Withdraw no more collateral than the position holds."),
  InvalidReceiver: change("Use a receiver that is neither the zero address nor the market."),
  InvalidSignature: change(SIGN_AGAIN),
  LeverageAboveMaximum: change("Borrow less, or add collateral."),
  NotAuthorized: change(
    "Only the account or an operator that it approved may do this: the account must call setOperator first.",
  ),
  PullAboveMaximum: change("The swap returned less than expected. Raise the maximum, or wait for a better price."),
  ReentrancyGuardReentrantCall: change("Don't call the market from inside its own callback."),
  SignatureExpired: change("Sign again with a later deadline."),
  SupplyCapExceeded: wait("Lend less, or wait until lenders withdraw or the cap is raised."),
  SystemLeverageAboveCap: wait("The whole market is at its leverage cap: open with less leverage, or wait."),
  TokenDeliveredLess: change("The token takes a fee or changes balances: such tokens are not supported."),
  UnsupportedFlashToken: change("The market makes flash loans of its loan token only."),
  ZeroShares: change("Deposit more: this is worth less than one share."),

  // Liquidators
  InputAboveMaximum: change(
    "The pool asked for more than the maximum input of the trade: try again with current prices.",
  ),
  LenderExitAfterLiquidation: change(
    "A lender can't withdraw in a transaction that has liquidated: withdraw in a separate one.",
  ),
  LossAfterLenderExit: change(
    "A loss can't be booked in a transaction in which a lender withdrew: use a separate one.",
  ),
  NothingToLiquidate: wait(
    "Every position in the batch is healthy, closed, or too large for the payment: choose others, or pay more.",
  ),
  NothingToSwap: change("Open with both amounts above zero, or close with both below zero."),
  PoolNotFound: change("There is no pool of these tokens with this fee: choose another fee tier."),
  ProfitBelowFloor: wait("Take a smaller batch, another pool or a lower floor."),
  SeizedLessThanMinimum: wait("Accept less collateral, or skip this liquidation."),
  UnexpectedMarket: change(
    "Call liquidate of the FlashLiquidator: its callbacks accept calls only from the market that it called.",
  ),
  UnexpectedPool: change("Only the pool that the contract is calling may call it back."),

  // Governance of a market
  InvalidLimit: change("Choose a value within the limit's bounds that keeps the required gaps to the other limits."),
  NotALoosening: change(
    "The value is at or below the current limit: lower the limit instead, or choose a higher value.",
  ),
  NotATightening: change("The value is above the current limit: schedule a raise instead, or choose a lower value."),
  NothingScheduled: change("Nothing is scheduled, or the schedule was cleared or has expired: schedule it again."),
  RaiseNotReady: wait(RAISE_LATER),
  RampTooLong: change("Use a ramp of a year or less."),
  RampTooShort: change("Use a ramp of two days or more."),

  // Creation of markets
  Create2EmptyBytecode: change("The factory has no creation code: deploy it again from a complete build."),
  FailedDeployment: change("A market of these parameters and this salt exists already: use another salt."),
  InvalidParameter: change(PARAMETER),
  InvalidShortString: change("Use a name and a symbol of 31 bytes at most."),
  NoSuchMarket: change("Use an index below the number of markets."),
  NotAContract: change("There is no code at this address: check the address and the chain."),
  NotAToken: change("This contract does not answer as an ERC-20 token: check its address."),
  SameToken: change("Choose two different tokens."),
  StringTooLong: change("Use a name and a symbol of 31 bytes at most."),
  UnexpectedPrice: change("Check the oracle's feeds and their decimals, and the scale of the expected price."),
  UnsupportedDecimals: change(
    "Use tokens of 24 decimals at most, and feeds with which the oracle's scale is 10^0 to 10^77.",
  ),

  // Prices
  AnswerFromTheFuture: wait("The feed's time is ahead of the chain's: wait for the next block."),
  IncompleteRound: wait("The feed's round is not complete: wait for its next answer."),
  InvalidBlockTime: change("Give the minimum seconds between blocks: from one up to the window."),
  InvalidGracePeriod: change("Use a grace period above zero and of a day at most."),
  InvalidMaxAge: change("Give each feed a maximum age above zero, and use zero where there is no feed."),
  InvalidMinLiquidity: change("Use a minimum liquidity above zero."),
  InvalidOracleAnswer: change("The oracle does not return two prices: check its address."),
  InvalidPrice: wait("Wait until the oracle returns a valid price. Repaying and closing a position need no price."),
  InvalidWindow: change("Use a window of half a minute to half an hour."),
  LiquidityTooLow: wait("The pool has too little liquidity for a reliable price: wait for liquidity, or add some."),
  NewSourceUnavailable: change("The new source returns no valid price: check it before you apply it."),
  NewSourceDisagrees: wait("The new source disagrees with the source that stays: wait until both agree."),
  NoData: wait("The feed has no answer for this round yet."),
  NoSourceAvailable: wait(
    "Both price sources are unavailable: wait until one recovers, or let governance replace one.",
  ),
  NoRate: change("The vault does not return the rate of its shares: check its address."),
  NonPositiveAnswer: wait("The feed returns zero or less: wait for its next answer."),
  NotEnoughGas: change("Make the call with more gas: each price source must get its full gas allowance."),
  PrimaryUnavailable: wait(
    "The primary price source is unavailable: poke the guard every few minutes for its grace period.",
  ),
  SameSource: change("Use two different price sources."),
  SourceNotReady: wait("Wait until the delay of the scheduled source has passed, then apply it."),
  SourcesDisagree: wait("The two price sources must agree when the guard is created: wait until they do."),
  StaleAnswer: wait("The answer of the price feed is too old: wait for its next answer."),
  WindowNotServed: wait("The pool's observations do not cover the window: wait until trading has filled it."),
  WrongPool: change("The pool does not trade these two tokens: check the addresses."),

  // Deployment

  // Test deployments: tokens, feeds, pools and their initial liquidity
  AlreadyFilled: change("The pool and the market of a test deployment can be filled only once."),
  FaucetCapExceeded: wait("The faucet has reached today's cap of this address: ask for less, or try again tomorrow."),
  NotATestnet: change(
    "Test tokens, settable feeds and the pool operator work only on known testnets and local chains.",
  ),
  NotDeployer: change("Only the deployer may fill the pool and the market."),
  PoolAtAnotherPrice: change(
    "Somebody initialized the pool at a price other than the oracle's: deploy under another name.",
  ),

  // OpenZeppelin: roles
  AccessManagedInvalidAuthority: change("The new authority must be a contract."),
  AccessManagedRequiredDelay: change("This role has a delay: schedule the call in the AccessManager first."),
  AccessManagedUnauthorized: change(WRONG_ROLE),
  AccessManagerAlreadyScheduled: change("The same operation is already scheduled: execute or cancel it first."),
  AccessManagerBadConfirmation: change("Pass the caller's own account as confirmation."),
  AccessManagerExpired: change("The scheduled operation has expired: schedule it again."),
  AccessManagerInvalidInitialAdmin: change("Use an admin other than the zero address."),
  AccessManagerLockedFunction: change("The role of this function can't be changed."),
  AccessManagerLockedRole: change("The admin role and the public role can't be changed this way."),
  AccessManagerNotReady: wait("Wait until the delay of the scheduled operation has passed."),
  AccessManagerNotScheduled: change("Schedule the operation first, and execute it after its delay."),
  AccessManagerUnauthorizedAccount: change(WRONG_ROLE),
  AccessManagerUnauthorizedCall: change(WRONG_ROLE),
  AccessManagerUnauthorizedCancel: change("Only the caller of an operation, its guardian or an admin may cancel it."),
  AccessManagerUnauthorizedConsume: change("Only the target of a scheduled operation may consume it."),
  OwnableInvalidOwner: change("Use an owner other than the zero address."),
  OwnableUnauthorizedAccount: change("Only the contract's owner may call this."),

  // OpenZeppelin: tokens, signatures, calls
  AddressEmptyCode: change("There is no contract at this address: check the address and the chain."),
  ECDSAInvalidSignature: change(SIGN_AGAIN),
  ECDSAInvalidSignatureLength: change(SIGN_AGAIN),
  ECDSAInvalidSignatureS: change(SIGN_AGAIN),
  ERC20InsufficientAllowance: change("Approve the spender for the amount first."),
  ERC20InsufficientBalance: change("Use no more than the account holds."),
  ERC20InvalidApprover: change("Approve from an account other than the zero address."),
  ERC20InvalidReceiver: change("Use another receiver: neither the zero address nor, for shares, the market itself."),
  ERC20InvalidSender: change("Send from an account other than the zero address."),
  ERC20InvalidSpender: change("Approve a spender other than the zero address."),
  ERC2612ExpiredSignature: change("Sign the permit again with a later deadline."),
  ERC2612InvalidSigner: change(SIGN_AGAIN),
  ERC4626ExceededMaxDeposit: change("Deposit no more than maxDeposit allows."),
  ERC4626ExceededMaxMint: change("Mint no more than maxMint allows."),
  ERC4626ExceededMaxRedeem: change("Redeem no more than maxRedeem allows."),
  ERC4626ExceededMaxWithdraw: change("Withdraw no more than maxWithdraw allows."),
  FailedCall: change("A called contract reverted without a reason: simulate the call to find out which one."),
  InsufficientBalance: change("The contract holds less of the chain's native token than the call needs."),
  InvalidAccountNonce: change(SIGN_AGAIN),
  SafeCastOverflowedIntToUint: change(AMOUNT),
  SafeCastOverflowedUintDowncast: change(AMOUNT),
  SafeCastOverflowedUintToInt: change(AMOUNT),
  SafeERC20FailedOperation: change("The token refused a transfer: check its balance, its allowance and its rules."),
} as const satisfies Readonly<Record<string, ContractErrorAdvice>>;

/**
 * The advice for the contract error of this name; undefined if no contract of the protocol raises
 * it.
 */
export function adviceFor(errorName: string): ContractErrorAdvice | undefined {
  const table: Readonly<Record<string, ContractErrorAdvice>> = CONTRACT_ERROR_ADVICE;
  return Object.hasOwn(table, errorName) ? table[errorName] : undefined;
}
