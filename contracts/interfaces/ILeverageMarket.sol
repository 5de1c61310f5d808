// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC20, IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {Config, Limit, Limits, Ramp} from "../types/MarketTypes.sol";
import {IPriceOracle} from "./IPriceOracle.sol";

/// @title ILeverageMarket
/// @notice A lending market of one loan token, one collateral token and one oracle. It enforces a
/// maximum leverage for each position and for the market as a whole. The interface covers every
/// function of a market: those declared here, ERC-4626 shares for lenders (`IERC4626`,
/// `IERC20Metadata`), permits (ERC-2612, `IERC20Permit`) with their EIP-712 domain (`IERC5267`),
/// flash loans (`IERC3156FlashLender`), and the authority that assigns its roles
/// (`IAccessManaged`).
///
/// Units: assets, debt and payments are loan token units; collateral is collateral token units;
/// debt shares are debt divided by the borrow index; leverage has four decimals (1x = 10_000);
/// rates, fees and the borrow index are WAD (1e18); prices are scaled as in `IPriceOracle`. Amounts
/// round in favour of the lenders; a ramp rounds in favour of the borrowers.
///
/// Errors of the lenders' functions:
/// - `deposit` and `mint`: {DepositsClosed}, {SupplyCapExceeded}, {ZeroShares},
///   {TokenDeliveredLess}.
/// - `withdraw` and `redeem`: {InsufficientCash}, {InvalidReceiver}, and
///   {LenderExitAfterLiquidation} in a transaction that has liquidated.
/// - All four: {AmountTooLarge} and the errors of `IERC20Errors`.
/// - A deposit, mint or transfer to the market itself: `ERC20InvalidReceiver`. The market's own
///   shares are the solvency buffer, and nobody can add to them.
///
/// Errors of OpenZeppelin's contracts, which no interface declares:
/// - `ReentrancyGuardReentrantCall`: the market is locked by a call in progress.
/// - `SafeCastOverflowedUintDowncast`, `SafeCastOverflowedUintToInt`: an amount exceeds its
///   storage.
/// - `SafeERC20FailedOperation`: a token refused without a reason.
/// - `AddressEmptyCode`, `FailedCall`: an oracle or a receiver is no contract, or failed without a
///   reason.
/// - `ERC2612ExpiredSignature`, `ERC2612InvalidSigner` and the errors of `ECDSA`: an invalid
///   permit.
///
/// Errors of an oracle, a token or a callback are passed on unchanged. Of the other errors in the
/// ABI of `LeverageMarket`, `StringTooLong` occurs only at creation; `ERC4626Exceeded…`,
/// `InvalidAccountNonce`, `InsufficientBalance` and `InvalidShortString` never occur.
interface ILeverageMarket is
    IERC20Metadata,
    IERC20Errors,
    IERC4626,
    IERC20Permit,
    IERC5267,
    IERC3156FlashLender,
    IAccessManaged
{
    // ------------------------------------------------------------------ events

    /// @notice Interest has been charged up to this block.
    /// @param borrowIndex Debt per debt share, WAD.
    /// @param rateAtTarget Borrow rate at the target utilization, per second, WAD.
    event Accrued(uint256 borrowIndex, uint256 rateAtTarget);

    /// @notice Collateral was added to a position, and nothing else changed.
    /// @param account Owner of the position.
    /// @param caller Who paid the collateral.
    /// @param amount Collateral token units.
    event CollateralSupplied(address indexed account, address indexed caller, uint256 amount);

    /// @notice A position was changed in any other way than by adding collateral alone or by a
    /// liquidation.
    /// @param account Owner of the position.
    /// @param caller The account, its operator, or anyone who only added collateral and repaid.
    /// @param collateralDelta Collateral token units added (positive) or withdrawn (negative).
    /// @param debtDelta Loan token units borrowed (positive) or repaid (negative).
    /// @param debtSharesDelta Change of the position's debt shares.
    event PositionAdjusted(
        address indexed account,
        address indexed caller,
        int256 collateralDelta,
        int256 debtDelta,
        int256 debtSharesDelta
    );

    /// @notice A position was liquidated, partially or fully.
    /// @param account Owner of the position.
    /// @param liquidator Who called `liquidate`.
    /// @param debtShares Debt shares removed from the position.
    /// @param collateral Collateral token units seized.
    /// @param payment Loan token units paid for it, the fee included.
    /// @param fee Part of the payment that goes to the solvency buffer.
    /// @param loss Debt that remained unpaid, loan token units; above zero only for an insolvent
    /// position.
    event Liquidated(
        address indexed account,
        address indexed liquidator,
        uint256 debtShares,
        uint256 collateral,
        uint256 payment,
        uint256 fee,
        uint256 loss
    );

    /// @notice Bad debt was written off. The buffer's shares were burned first; the rest lowered
    /// the share price.
    /// @param loss Loan token units written off.
    /// @param bufferSharesBurned Share units burned from the buffer.
    event LossBooked(uint256 loss, uint256 bufferSharesBurned);

    /// @notice An account approved an operator or revoked it.
    /// @param account Owner of the position.
    /// @param operator Who may act for the account.
    /// @param approved True for an approval, false for a revocation.
    event OperatorSet(address indexed account, address indexed operator, bool approved);

    /// @notice A limit was lowered, or a scheduled raise was applied.
    /// @param limit Which limit.
    /// @param value Its new value, in the units of `Limits`.
    event LimitSet(Limit indexed limit, uint256 value);

    /// @notice A raise was scheduled.
    /// @param limit Which limit.
    /// @param value The value that it will have, in the units of `Limits`.
    /// @param validFrom First block time at which anyone may apply it, Unix seconds.
    event RaiseScheduled(Limit indexed limit, uint256 value, uint256 validFrom);

    /// @notice All scheduled raises were cleared, because a limit was tightened.
    event RaisesCleared();

    /// @notice The liquidation limit starts to fall linearly from `from` at `start` to `to` at
    /// `end`.
    /// @param from Liquidation limit at the start, four decimals.
    /// @param to Liquidation limit at the end, four decimals.
    /// @param start Unix seconds.
    /// @param end Unix seconds.
    /// @param fraction `from` less the exact limit at the start, in 2^-40 of the last decimal; zero
    /// unless a running ramp was replaced.
    event RampStarted(uint256 from, uint256 to, uint256 start, uint256 end, uint256 fraction);

    // ------------------------------------------------------------------ errors

    /// @notice Thrown when the caller is neither the account nor its operator, and the call does
    /// more than add collateral or repay.
    /// @param account Owner of the position.
    /// @param caller Who called.
    error NotAuthorized(address account, address caller);

    /// @notice Thrown when tokens or collateral would go to the zero address or to the market
    /// itself.
    /// @param receiver The refused address.
    error InvalidReceiver(address receiver);

    /// @notice Thrown when more collateral would be withdrawn than the position has.
    /// @param available Collateral token units in the position.
    /// @param requested Collateral token units to withdraw.
    error InsufficientCollateral(uint256 available, uint256 requested);

    /// @notice Thrown when more loan tokens would leave the market than it holds for its lenders.
    /// @param available Loan token units held.
    /// @param requested Loan token units to send.
    error InsufficientCash(uint256 available, uint256 requested);

    /// @notice Thrown when a call that adds debt or raises the account's debt-to-collateral ratio
    /// leaves the position above the opening limit.
    /// @param debt Debt after the call, loan token units.
    /// @param collateralValue Value of the collateral after the call at the open price, loan token
    /// units.
    /// @param maxLeverage Opening limit, four decimals.
    error LeverageAboveMaximum(uint256 debt, uint256 collateralValue, uint256 maxLeverage);

    /// @notice Thrown when a call would leave the whole market above its leverage cap: see the
    /// requirements of {adjust}.
    /// @param debt Debt of the market after the call, loan token units.
    /// @param collateralValue Value of its collateral after the call at the open price, loan token
    /// units.
    /// @param systemLeverageCap Leverage cap of the market, four decimals.
    error SystemLeverageAboveCap(uint256 debt, uint256 collateralValue, uint256 systemLeverageCap);

    /// @notice Thrown when a position would keep a debt above zero and below the minimum.
    /// @param debt Debt after the call, loan token units.
    /// @param minDebt Least debt of a position, loan token units.
    error DebtBelowMinimum(uint256 debt, uint256 minDebt);

    /// @notice Thrown when new debt would take the market's debt above its cap.
    /// @param debt Debt of the market after the call, loan token units.
    /// @param cap Debt cap, loan token units.
    error DebtCapExceeded(uint256 debt, uint256 cap);

    /// @notice Thrown when new debt exceeds the speed limit.
    /// @param requested New debt, loan token units.
    /// @param allowance New debt that the speed limit allows now, loan token units.
    error DebtAllowanceExceeded(uint256 requested, uint256 allowance);

    /// @notice Thrown when a call that adds debt leaves the market with more collateral than its
    /// cap.
    /// @param collateral Collateral of the market after the call, collateral token units.
    /// @param cap Collateral cap, collateral token units.
    error CollateralCapExceeded(uint256 collateral, uint256 cap);

    /// @notice Thrown when a deposit or mint would take total assets above the supply cap.
    /// @param requested Loan token units to deposit.
    /// @param room Loan token units that may still be deposited.
    error SupplyCapExceeded(uint256 requested, uint256 room);

    /// @notice Thrown when the oracle's price is zero or above the largest price that the market
    /// can compute with.
    /// @param price The refused price, scaled as in `IPriceOracle`.
    error InvalidPrice(uint256 price);

    /// @notice Thrown when the oracle's answer is shorter than two prices.
    /// @param oracle The market's oracle.
    /// @param answer The bytes that it returned.
    error InvalidOracleAnswer(address oracle, bytes answer);

    /// @notice Thrown when the market's token balance is below what it must be after an incoming
    /// transfer.
    /// @param token The loan token or the collateral token.
    /// @param expectedBalance Least balance that is due, token units.
    /// @param balance Actual balance, token units.
    error TokenDeliveredLess(address token, uint256 expectedBalance, uint256 balance);

    /// @notice Thrown when the market would have to pull more from the caller than the caller
    /// allows.
    /// @param token The loan token or the collateral token.
    /// @param needed Token units to pull.
    /// @param maximum Most token units that the caller allows.
    error PullAboveMaximum(address token, uint256 needed, uint256 maximum);

    /// @notice Thrown when no account of the list could be liquidated.
    error NothingToLiquidate();

    /// @notice Thrown when a liquidation seizes less than the liquidator accepts.
    /// @param seized Collateral token units seized.
    /// @param minimum Least collateral token units that the liquidator accepts.
    error SeizedLessThanMinimum(uint256 seized, uint256 minimum);

    /// @notice Thrown when a liquidation would book a loss in a transaction in which a lender has
    /// withdrawn.
    /// @param loss Debt that would remain unpaid, loan token units.
    error LossAfterLenderExit(uint256 loss);

    /// @notice Thrown when a lender withdraws in a transaction that has liquidated: that
    /// liquidation may have supplied the cash, while losses are not booked yet.
    /// @param shares Share units to redeem.
    error LenderExitAfterLiquidation(uint256 shares);

    /// @notice Thrown when a lender deposits after all assets, or all but a millionth, were lost:
    /// one loan token unit then is worth more than 10^12 share units. A small remainder of the last
    /// withdrawal does not close deposits.
    error DepositsClosed();

    /// @notice Thrown when a deposit is too small for one share unit.
    /// @param assets Loan token units to deposit.
    error ZeroShares(uint256 assets);

    /// @notice Thrown when the conversion of an amount, to shares or to assets, exceeds 256 bits.
    /// @param amount The amount to convert, share units or loan token units.
    error AmountTooLarge(uint256 amount);

    /// @notice Thrown when a flash loan is asked for in another token than the loan token.
    /// @param token The requested token.
    error UnsupportedFlashToken(address token);

    /// @notice Thrown when the receiver of a flash loan does not return the value that ERC-3156
    /// asks for.
    /// @param receiver The receiver.
    error FlashCallbackFailed(address receiver);

    /// @notice Thrown when the deadline of an operator signature has passed.
    /// @param deadline Last valid block time, Unix seconds.
    error SignatureExpired(uint256 deadline);

    /// @notice Thrown when an operator signature is neither of the account's key nor accepted by
    /// the account's code.
    /// @param signer The account that should have signed.
    error InvalidSignature(address signer);

    /// @notice Thrown when a limit would be lowered to a value above the current one, or when a
    /// ramp would not tighten.
    /// @param limit Which limit.
    /// @param current Current value, in the units of `Limits`; for a running ramp its target.
    /// @param value The refused value.
    error NotATightening(Limit limit, uint256 current, uint256 value);

    /// @notice Thrown when a raise is not above the current value.
    /// @param limit Which limit.
    /// @param current Current value, in the units of `Limits`.
    /// @param value The refused value.
    error NotALoosening(Limit limit, uint256 current, uint256 value);

    /// @notice Thrown when a value of a limit is out of its range or does not fit the other limits.
    /// @param limit Which limit.
    /// @param value The refused value, in the units of `Limits`.
    error InvalidLimit(Limit limit, uint256 value);

    /// @notice Thrown when no raise of the limit is scheduled: none was, it was cleared, or it has
    /// expired.
    /// @param limit Which limit.
    error NothingScheduled(Limit limit);

    /// @notice Thrown when a raise is applied before its delay has passed.
    /// @param limit Which limit.
    /// @param validFrom First block time at which it may be applied, Unix seconds.
    error RaiseNotReady(Limit limit, uint256 validFrom);

    /// @notice Thrown when a ramp is shorter than two days.
    /// @param duration Seconds.
    /// @param minimum Seconds.
    error RampTooShort(uint256 duration, uint256 minimum);

    /// @notice Thrown when a ramp is longer than a year.
    /// @param duration Seconds.
    /// @param maximum Seconds.
    error RampTooLong(uint256 duration, uint256 maximum);

    // ------------------------------------------------------------------ borrowers

    /// @notice Moves collateral and debt of an account in one call. Every other borrower function
    /// is a special case of it. `type(int256).min` means "all": the whole debt, or the whole
    /// collateral.
    ///
    /// Emits {PositionAdjusted}, or {CollateralSupplied} if it only adds collateral; and {Accrued}
    /// if interest was charged.
    ///
    /// Notes:
    /// - Order: outgoing tokens are sent to `receiver`; if `data` is not empty, `receiver` is
    ///   called back (see `IAdjustCallback`); then the market takes in the tokens that it is owed:
    ///   first those that the callback has delivered, the rest from the caller. So one call can
    ///   open a position at any leverage up to the maximum, or close it.
    /// - A repayment above the debt is reduced to the debt. A repayment costs the value of the
    ///   burned debt shares, rounded up, and never more than requested. Borrowing mints debt
    ///   shares, rounded up.
    /// - Adding collateral, repaying, closing, and withdrawing without debt do not read the oracle.
    ///
    /// Requirements:
    /// - The caller is the account or its operator. Anyone may call if collateral is only added and
    ///   debt only repaid.
    /// - A call that adds debt or raises the account's debt-to-collateral ratio leaves the account
    ///   at `maxLeverage` or below, at the open price.
    /// - A call that adds debt or raises the account's ratio leaves the market at
    ///   `systemLeverageCap` or below; if the transaction has taken no collateral out, it is enough
    ///   that the call does not raise the market's leverage. The same holds for a call that takes
    ///   collateral out after another call of the same transaction has added debt or raised its
    ///   account's ratio.
    /// - New debt is within `debtCap`, `debtAllowance` and `collateralCap`. A repayment returns to
    ///   the allowance the debt that the account itself has drawn, less a part that grows to the
    ///   whole within a day.
    /// - The remaining debt is zero or at least `minDebt`.
    /// - Collateral can't be added for the zero address or the market, where nobody could withdraw
    ///   it: {InvalidReceiver}.
    /// @param account Owner of the position.
    /// @param collateralDelta Collateral token units to add (positive) or withdraw (negative).
    /// @param debtDelta Loan token units to borrow (positive) or repay (negative).
    /// @param receiver Gets outgoing tokens and the callback. Neither zero nor the market.
    /// @param maxCollateralIn Most collateral token units to pull from the caller.
    /// @param maxLoanIn Most loan token units to pull from the caller.
    /// @param data Passed to the callback; empty for no callback.
    /// @return collateralMoved Collateral token units added (positive) or withdrawn (negative).
    /// @return debtMoved Loan token units borrowed (positive) or repaid (negative).
    function adjust(
        address account,
        int256 collateralDelta,
        int256 debtDelta,
        address receiver,
        uint256 maxCollateralIn,
        uint256 maxLoanIn,
        bytes calldata data
    ) external returns (int256 collateralMoved, int256 debtMoved);

    /// @notice Adds collateral from the caller to a position. Anyone may call it for any account.
    /// @param amount Collateral token units.
    /// @param account Owner of the position. Neither zero nor the market ({InvalidReceiver}).
    function supplyCollateral(uint256 amount, address account) external;

    /// @notice Withdraws collateral. Callable by the account or its operator.
    /// @param amount Collateral token units; `type(uint256).max` for all.
    /// @param account Owner of the position.
    /// @param receiver Gets the collateral. Neither zero nor the market.
    /// @return withdrawn Collateral token units sent.
    function withdrawCollateral(uint256 amount, address account, address receiver) external returns (uint256 withdrawn);

    /// @notice Borrows for an account. Callable by the account or its operator.
    /// @param amount Loan token units.
    /// @param account Owner of the position.
    /// @param receiver Gets the loan tokens. Neither zero nor the market.
    function borrow(uint256 amount, address account, address receiver) external;

    /// @notice Repays debt of an account from the caller. Anyone may call it for any account.
    /// @param amount Most loan token units to repay; `type(uint256).max` for the whole debt.
    /// @param account Owner of the position.
    /// @return paid Loan token units taken from the caller: at most the debt, and at most `amount`.
    function repay(uint256 amount, address account) external returns (uint256 paid);

    /// @notice Approves an operator, who then can do everything with the caller's position, or
    /// revokes it. A revocation uses up the caller's current nonce, even if the operator was not
    /// approved. So a signature for that nonce which nobody has submitted, for an operator or a
    /// permit, becomes invalid. Signatures for later nonces stay valid.
    /// @param operator Who may act for the caller.
    /// @param approved True to approve, false to revoke.
    function setOperator(address operator, bool approved) external;

    /// @notice Does the same by an EIP-712 signature over
    /// `SetOperator(address account,address operator,bool approved,uint256 nonce,uint256 deadline)`.
    /// It may be signed by the account's key, whether the account has code or not, or accepted by
    /// the account's code (ERC-1271). Errors: {SignatureExpired}, {InvalidSignature}.
    /// @dev Shares its nonces with ERC-2612 permits. The domain is the share token's `name`,
    /// version 1 (see `eip712Domain`).
    /// @param account Owner of the position, who has signed.
    /// @param operator Who may act for the account.
    /// @param approved True to approve, false to revoke.
    /// @param deadline Last block time at which the signature is valid, Unix seconds.
    /// @param signature 65 bytes of a key, or any bytes that the account's code accepts.
    function setOperatorWithSignature(
        address account,
        address operator,
        bool approved,
        uint256 deadline,
        bytes calldata signature
    ) external;

    // ------------------------------------------------------------------ liquidators

    /// @notice Liquidates those of `accounts` whose leverage exceeds the liquidation limit at the
    /// liquidation price. Anyone may call it.
    ///
    /// Emits {Liquidated} for each, and {LossBooked} if debt remained unpaid.
    ///
    /// Notes:
    /// - A solvent position is brought to `targetLeverage`. An insolvent one, with
    ///   `C < (1 + bonusMin) * D`, is liquidated pro rata and its unpaid debt is booked as a loss.
    ///   No liquidation raises a position's LTV, and liquidating in several parts never earns more.
    /// - The bonus on a solvent position is
    ///   `min(bonusMax, bonusMin + bonusSlope * (1 - HF), C/D - 1)`, and never below `bonusMin`. If
    ///   `C/D - 1` is the smallest, the position is closed and its owner keeps nothing. Bonus and
    ///   collateral are rounded down, payments up.
    /// - An account that is healthy or empty is skipped, and so is one that the rest of
    ///   `maxPayment` does not suffice for.
    /// - The seized collateral goes to `receiver`, which is called back if `data` is not empty (see
    ///   `ILiquidateCallback`). Then the market takes in the payment: first the tokens that the
    ///   callback has delivered, the rest from the caller.
    ///
    /// Requirements:
    /// - At least one account was liquidated ({NothingToLiquidate}) and at least `minSeized` was
    ///   seized ({SeizedLessThanMinimum}).
    /// - No loss is booked in a transaction in which a lender has withdrawn
    ///   ({LossAfterLenderExit}). After a liquidation no lender can withdraw in the same
    ///   transaction: `maxWithdraw` and `maxRedeem` are zero until its end.
    /// @param accounts Owners of the positions, in the order in which they are liquidated. A
    /// repeated account is read afresh.
    /// @param maxPayment Most loan token units to pay for all, fees to the buffer included.
    /// @param minSeized Least collateral token units to seize.
    /// @param receiver Gets the collateral and the callback. Neither zero nor the market.
    /// @param data Passed to the callback; empty for no callback.
    /// @return seized Collateral token units sent to `receiver`.
    /// @return payment Loan token units taken in.
    function liquidate(
        address[] calldata accounts,
        uint256 maxPayment,
        uint256 minSeized,
        address receiver,
        bytes calldata data
    ) external returns (uint256 seized, uint256 payment);

    // ------------------------------------------------------------------ governance

    /// @notice Lowers a limit at once and clears every scheduled raise. Given the current value, it
    /// only clears the raises. A debt cap of zero pauses new debt; a supply cap of zero pauses
    /// deposits. It never makes a position liquidatable: the liquidation limit is refused here.
    /// Errors: {NotATightening}, {InvalidLimit}.
    /// @dev Roles of the `authority`: guardian, risk manager.
    /// @param limit Which limit.
    /// @param value New value, in the units of `Limits`. A supply cap is rounded down to three
    /// digits; {LimitSet} says to which.
    function lowerLimit(Limit limit, uint256 value) external;

    /// @notice Schedules the raise of a limit. Anyone may apply it after the delay and within a
    /// week from then, unless a tightening clears it. Errors: {NotALoosening}, {InvalidLimit}.
    /// @dev Role of the `authority`: risk manager.
    /// @param limit Which limit.
    /// @param value New value, in the units of `Limits`.
    function scheduleRaise(Limit limit, uint256 value) external;

    /// @notice Applies a scheduled raise, from the end of its delay until a week later. Anyone may
    /// call it. Errors: {NothingScheduled}, {RaiseNotReady}, {NotALoosening}, {InvalidLimit}.
    /// @param limit Which limit.
    function applyRaise(Limit limit) external;

    /// @notice Lets the liquidation limit fall linearly, and clears every scheduled raise. While a
    /// ramp is running, the new ramp must have reached the running one's target by the running
    /// one's end, so that no tightening is taken back or postponed. The new ramp starts from the
    /// exact limit, rounded up by at most 2^-40 of the last decimal, so it is nowhere above the
    /// running one by more than that. Errors: {RampTooShort}, {RampTooLong}, {NotATightening} (its
    /// arguments: the running ramp's target, and the value that the new ramp would have at the
    /// running one's end), {InvalidLimit}.
    /// @dev Role of the `authority`: risk manager.
    /// @param target Liquidation limit at the end, four decimals.
    /// @param duration Seconds, two days to a year.
    function rampLiquidationLeverage(uint256 target, uint256 duration) external;

    // ------------------------------------------------------------------ views

    /// @notice Charges the interest since the last accrual. Anyone may call it; every function that
    /// needs it does so itself.
    function accrue() external;

    /// @notice The source of the market's prices. Never changes.
    function oracle() external view returns (IPriceOracle);

    /// @notice The token that borrowers post. Never changes. The loan token is the `asset` of
    /// ERC-4626.
    function collateralToken() external view returns (IERC20);

    /// @notice The stored values of a position.
    /// @param account Owner of the position.
    /// @return debtShares Debt divided by the borrow index.
    /// @return collateral Collateral token units.
    /// @return drawnAt Average time at which the debt was drawn, in 1/256 of a Unix second, the
    /// lower 40 bits; meaningless without debt. The share of a repayment that returns to the debt
    /// allowance falls from one to zero within a day from it.
    function position(address account) external view returns (uint104 debtShares, uint112 collateral, uint40 drawnAt);

    /// @notice The account's debt with interest up to now, loan token units, rounded up.
    /// @param account Owner of the position.
    function debtOf(address account) external view returns (uint256);

    /// @notice Whether `operator` can do with the position of `account` everything that the account
    /// can.
    /// @param account Owner of the position.
    /// @param operator Who would act for the account.
    function isOperator(address account, address operator) external view returns (bool);

    /// @notice The stored totals of the market, as of the last accrual.
    /// @return cash Loan token units that the market holds for its lenders.
    /// @return debtShares Sum of the debt shares of all positions.
    /// @return collateral Sum of the collateral of all positions, collateral token units.
    function totals() external view returns (uint256 cash, uint256 debtShares, uint256 collateral);

    /// @notice The debt of all positions with interest up to now, loan token units, rounded up.
    function totalDebt() external view returns (uint256);

    /// @notice Interest as of now: the values that an accrual in this block would store.
    /// @return borrowIndex Debt per debt share, WAD.
    /// @return borrowRate Current borrow rate, per second, WAD. Its utilization counts ten times
    /// `minDebt` as additional cash.
    /// @return rateAtTarget Borrow rate at the target utilization, per second, WAD. Without debt it
    /// returns to 4% a year.
    /// @return lastAccrual Time of the last accrual, Unix seconds.
    function interest()
        external
        view
        returns (uint256 borrowIndex, uint256 borrowRate, uint256 rateAtTarget, uint256 lastAccrual);

    /// @notice The limits in force now, with the present value of a ramp.
    function limits() external view returns (Limits memory);

    /// @notice New debt that the speed limit allows now, loan token units.
    function debtAllowance() external view returns (uint256);

    /// @notice A scheduled raise that can still be applied, now or later; zeros if there is none.
    /// @param limit Which limit.
    /// @return value New value, in the units of `Limits`.
    /// @return validFrom First block time at which it may be applied, Unix seconds.
    function scheduledRaise(Limit limit) external view returns (uint256 value, uint256 validFrom);

    /// @notice The ramp, running or finished, that defines the liquidation limit; zeros if a fixed
    /// value defines it.
    function ramp() external view returns (Ramp memory);

    /// @notice The parameters that never change.
    function config() external view returns (Config memory);
}
