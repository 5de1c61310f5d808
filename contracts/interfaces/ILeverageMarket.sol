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
/// @notice A lending market of one loan token, one collateral token and one oracle, that enforces a maximum leverage
/// for each position and for the whole of itself. This is all that a market answers: what is written here, its own ERC-4626
/// shares for lenders (`IERC4626`, with `IERC20Metadata`), permits (ERC-2612, `IERC20Permit`) and their EIP-712 domain
/// (`IERC5267`), flash loans (`IERC3156FlashLender`), and the authority over its roles (`IAccessManaged`).
///
/// Units: `assets`, debt, payments in loan token units; collateral in collateral token units; debt shares are debt
/// divided by the borrow index; leverage with four decimals (1x = 10_000); rates, fees and the index in WAD (1e18);
/// prices as in `IPriceOracle`. Amounts round in favour of the lenders, a ramp in that of the borrowers.
///
/// Lenders: `deposit` and `mint` fail by {DepositsClosed}, {SupplyCapExceeded}, {ZeroShares} and {TokenDeliveredLess},
/// `withdraw` and `redeem` by {InsufficientCash}, {InvalidReceiver} and, in a transaction that has liquidated,
/// {LenderExitAfterLiquidation}; each by {AmountTooLarge}, and by the errors of `IERC20Errors`.
/// Nobody can give the market shares of its own, which are the buffer: a deposit, mint or transfer to it fails by
/// `ERC20InvalidReceiver`.
///
/// Errors of OpenZeppelin's contracts and libraries, none of which an interface declares: `ReentrancyGuardReentrantCall` for a
/// call of a locked market; `SafeCastOverflowedUintDowncast` and `SafeCastOverflowedUintToInt` for an amount that no book can
/// hold; `SafeERC20FailedOperation` for a token that refuses without a reason of its own; `AddressEmptyCode` and `FailedCall`
/// for an oracle or a receiver that is no contract or fails without a reason; `ERC2612ExpiredSignature`,
/// `ERC2612InvalidSigner` and those of `ECDSA` for a permit. What an oracle, a token or a callback reverts with passes through.
/// Of what else the ABI of `LeverageMarket` lists, `StringTooLong` is raised at creation alone, and the rest (`ERC4626Exceeded…`,
/// `InvalidAccountNonce`, `InsufficientBalance`, `InvalidShortString`) never.
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
    /// @param borrowIndex Debt units per debt share, WAD.
    /// @param rateAtTarget Rate at the target utilization per second, WAD.
    event Accrued(uint256 borrowIndex, uint256 rateAtTarget);

    /// @notice Collateral has been added to a position, and nothing else.
    event CollateralSupplied(address indexed account, address indexed caller, uint256 amount);

    /// @notice A position has changed by a call of its own, in any other way.
    /// @param debtDelta What left (above zero) or came in (below zero), loan token units.
    /// @param debtSharesDelta What the position's debt shares changed by.
    event PositionAdjusted(
        address indexed account,
        address indexed caller,
        int256 collateralDelta,
        int256 debtDelta,
        int256 debtSharesDelta
    );

    /// @notice A position has been liquidated, in part or whole.
    /// @param debtShares Debt shares that the position lost.
    /// @param collateral Collateral that the position lost.
    /// @param payment What came in for it, the fee to the buffer included.
    /// @param fee The part of the payment that went to the buffer.
    /// @param loss Debt that nobody paid; above zero only for an insolvent position.
    event Liquidated(
        address indexed account,
        address indexed liquidator,
        uint256 debtShares,
        uint256 collateral,
        uint256 payment,
        uint256 fee,
        uint256 loss
    );

    /// @notice Bad debt has been taken off the books: the buffer's shares were burned first, the rest lowered the share price.
    event LossBooked(uint256 loss, uint256 bufferSharesBurned);

    /// @notice An account has approved an operator, or no longer does.
    event OperatorSet(address indexed account, address indexed operator, bool approved);
    /// @notice A limit has been lowered, or a scheduled raise applied.
    event LimitSet(Limit indexed limit, uint256 value);
    /// @notice A raise waits for its time.
    /// @param validFrom From when anyone may apply it, Unix seconds.
    event RaiseScheduled(Limit indexed limit, uint256 value, uint256 validFrom);
    /// @notice A tightening has cleared every scheduled raise.
    event RaisesCleared();

    /// @notice The liquidation limit falls on a straight line from `from` at `start` to `to` at `end`.
    event RampStarted(uint256 from, uint256 to, uint256 start, uint256 end);

    // ------------------------------------------------------------------ errors

    error NotAuthorized(address account, address caller);
    /// @notice Zero, or the market itself.
    error InvalidReceiver(address receiver);
    error InsufficientCollateral(uint256 available, uint256 requested);
    error InsufficientCash(uint256 available, uint256 requested);
    error LeverageAboveMaximum(uint256 debt, uint256 collateralValue, uint256 maxLeverage);
    error SystemLeverageAboveCap(uint256 debt, uint256 collateralValue, uint256 systemLeverageCap);
    error DebtBelowMinimum(uint256 debt, uint256 minDebt);
    error DebtCapExceeded(uint256 debt, uint256 cap);
    error DebtAllowanceExceeded(uint256 requested, uint256 allowance);
    error CollateralCapExceeded(uint256 collateral, uint256 cap);
    /// @notice A deposit or mint would take total assets above the supply cap, which leaves `room`; loan token units.
    error SupplyCapExceeded(uint256 requested, uint256 room);
    /// @notice The oracle's price is zero, or above what the books can count with.
    error InvalidPrice(uint256 price);
    /// @notice The oracle's answer is shorter than two prices.
    error InvalidOracleAnswer(address oracle, bytes answer);
    /// @notice The token has delivered less than it said: the market's balance is not what it must be.
    error TokenDeliveredLess(address token, uint256 expectedBalance, uint256 balance);
    error PullAboveMaximum(address token, uint256 needed, uint256 maximum);
    error NothingToLiquidate();
    error SeizedLessThanMinimum(uint256 seized, uint256 minimum);
    error LossAfterLenderExit(uint256 loss);
    /// @notice A liquidation of the same transaction may have made the cash that the shares would be paid with, while losses
    /// are not booked yet.
    error LenderExitAfterLiquidation(uint256 shares);
    /// @notice All assets, or all but a millionth, are lost: a loan token unit is worth more than 10^12 shares. Dust that a last
    /// withdrawal leaves is none such.
    error DepositsClosed();
    error ZeroShares(uint256 assets);
    /// @notice What the amount converts to, shares or assets, has more than 256 bits.
    error AmountTooLarge(uint256 amount);
    error UnsupportedFlashToken(address token);
    error FlashCallbackFailed(address receiver);
    error SignatureExpired(uint256 deadline);
    error InvalidSignature(address signer);
    error NotATightening(Limit limit, uint256 current, uint256 value);
    error NotALoosening(Limit limit, uint256 current, uint256 value);
    error InvalidLimit(Limit limit, uint256 value);
    error NothingScheduled(Limit limit);
    error RaiseNotReady(Limit limit, uint256 validFrom);
    error RampTooShort(uint256 duration, uint256 minimum);
    error RampTooLong(uint256 duration, uint256 maximum);

    // ------------------------------------------------------------------ borrowers

    /// @notice Moves collateral and debt of an account at once; every other borrower action is a case of it.
    /// `type(int256).min` stands for "all": the whole debt, or the whole collateral.
    ///
    /// Emits {PositionAdjusted} ({CollateralSupplied} if it only adds collateral), and {Accrued} where interest was charged.
    ///
    /// Notes:
    /// - Order: what goes out is sent to `receiver`; if `data` is not empty, `receiver` is called back (see
    ///   `IAdjustCallback`); then the market takes in what it is owed: what the callback has delivered, the rest
    ///   from the caller. So an account opens at any leverage up to the maximum, or closes, in one call.
    /// - A repayment above the debt is clamped to it. A repayment costs what the shares it burns are worth, rounded up,
    ///   which is never more than asked; borrowing mints debt shares rounded up.
    /// - Adding collateral, repaying, closing, and withdrawing without debt read no oracle.
    ///
    /// Requirements:
    /// - The caller is the account or its operator, unless collateral is only added and debt only repaid.
    /// - A call that adds debt or raises the account's ratio of debt to collateral leaves it at `maxLeverage` or below,
    ///   at the open price.
    /// - A call that adds debt or raises the account's ratio leaves the market at `systemLeverageCap` or below, or, where the
    ///   transaction has taken no collateral, does not raise the market's leverage; so does a call that takes collateral after
    ///   another of the same transaction has added debt or raised its account's ratio.
    /// - New debt is within `debtCap`, `debtAllowance` and `collateralCap`. A repayment gives back to the allowance what the
    ///   account itself has drawn, less a part that grows to all of it within a day.
    /// - The debt left is zero or at least `minDebt`.
    /// - Collateral is added neither for the zero address nor for the market, which nobody could ever take it from:
    ///   {InvalidReceiver}.
    /// @param account Whose position.
    /// @param collateralDelta Collateral token units to add (above zero) or take (below zero).
    /// @param debtDelta Loan token units to borrow (above zero) or repay (below zero).
    /// @param receiver Gets what goes out, and the callback. Neither zero nor the market.
    /// @param maxCollateralIn Most collateral token units to pull from the caller.
    /// @param maxLoanIn Most loan token units to pull from the caller.
    /// @param data Passed to the callback; empty for none.
    /// @return collateralMoved The collateral delta as carried out.
    /// @return debtMoved The loan token units as carried out.
    function adjust(
        address account,
        int256 collateralDelta,
        int256 debtDelta,
        address receiver,
        uint256 maxCollateralIn,
        uint256 maxLoanIn,
        bytes calldata data
    ) external returns (int256 collateralMoved, int256 debtMoved);

    /// @notice Adds `amount` of the caller's collateral tokens to the position of `account`. Anyone may.
    /// `account` is neither zero nor the market ({InvalidReceiver}).
    function supplyCollateral(uint256 amount, address account) external;

    /// @notice Sends `amount` of the account's collateral (`type(uint256).max`: all) to `receiver`. The account or its operator.
    /// @return withdrawn Collateral token units sent.
    function withdrawCollateral(uint256 amount, address account, address receiver) external returns (uint256 withdrawn);

    /// @notice Borrows `amount` for the account and sends it to `receiver`. The account or its operator.
    function borrow(uint256 amount, address account, address receiver) external;

    /// @notice Repays up to `amount` (`type(uint256).max`: all) of the account's debt from the caller. Anyone may.
    /// @return paid Loan token units taken from the caller; at most the debt, and at most `amount`.
    function repay(uint256 amount, address account) external returns (uint256 paid);

    /// @notice Lets `operator` do all that the caller can do with its position, or no longer.
    /// A revocation uses up the caller's nonce, also that of an operator who was none: what the caller has signed with it and
    /// nobody has submitted, the approval of an operator or a permit, is void then; what it has signed for a later nonce is not.
    function setOperator(address operator, bool approved) external;

    /// @notice As `setOperator`, by an EIP-712 signature over
    /// `SetOperator(address account,address operator,bool approved,uint256 nonce,uint256 deadline)`: of the account's key, with
    /// or without code at the account, or one that the account's code takes for its own (ERC-1271).
    /// Errors: {SignatureExpired}, {InvalidSignature}.
    /// @dev Shares the sequence of nonces with ERC-2612 permits. The domain is the share token's `name`, version 1 (see
    /// `eip712Domain`).
    function setOperatorWithSignature(
        address account,
        address operator,
        bool approved,
        uint256 deadline,
        bytes calldata signature
    ) external;

    // ------------------------------------------------------------------ liquidators

    /// @notice Liquidates those of `accounts` whose leverage is above the liquidation limit at the liquidation price.
    ///
    /// Emits {Liquidated} for each, {LossBooked} if debt remained unpaid.
    ///
    /// Notes:
    /// - A solvent position is brought to `targetLeverage`; an insolvent one, `C < (1 + bonusMin) * D`, is liquidated pro
    ///   rata and its unpaid debt booked as loss. No liquidation raises a position's LTV, and none earns more in parts.
    /// - The bonus of a solvent one is `min(bonusMax, bonusMin + bonusSlope * (1 - HF), C/D - 1)`, never below `bonusMin`; where
    ///   `C/D - 1` sets it, the position is closed whole and its owner keeps nothing. Bonus and collateral are rounded down,
    ///   payments up.
    /// - A healthy or empty account is skipped, as is one for which `maxPayment` no longer suffices.
    /// - The seized collateral goes to `receiver`, which is called back if `data` is not empty (see
    ///   `ILiquidateCallback`); then the market takes in the payment: what the callback has delivered, the rest from the
    ///   caller.
    ///
    /// Requirements:
    /// - Something was liquidated, and at least `minSeized` seized.
    /// - No loss in a transaction in which a lender has withdrawn. And no lender withdraws in one that has liquidated: then
    ///   `maxWithdraw` and `maxRedeem` are zero for the rest of it.
    /// @param accounts Whose positions, in this order; a repeated one is read afresh.
    /// @param maxPayment Most loan token units to pay for all, fees to the buffer included.
    /// @param minSeized Least collateral token units to seize.
    /// @param receiver Gets the collateral, and the callback. Neither zero nor the market.
    /// @param data Passed to the callback; empty for none.
    /// @return seized Collateral token units sent.
    /// @return payment Loan token units taken in.
    function liquidate(
        address[] calldata accounts,
        uint256 maxPayment,
        uint256 minSeized,
        address receiver,
        bytes calldata data
    ) external returns (uint256 seized, uint256 payment);

    // ------------------------------------------------------------------ governance

    /// @notice Lowers a limit at once, and clears every scheduled raise; the current value clears them only.
    /// A debt cap of zero pauses new debt, a supply cap of zero new deposits; of a supply cap three digits are kept, rounded
    /// down, and told by the event. Never makes a position liquidatable: the liquidation limit is refused.
    /// Errors: {NotATightening}, {InvalidLimit}.
    /// @dev Roles of the `authority`: guardian, risk manager.
    function lowerLimit(Limit limit, uint256 value) external;

    /// @notice Schedules the raise of a limit, which anyone may apply after the delay, and within a week from then, unless a
    /// tightening clears it. Errors: {NotALoosening}, {InvalidLimit}.
    /// @dev Role of the `authority`: risk manager.
    function scheduleRaise(Limit limit, uint256 value) external;

    /// @notice Applies a scheduled raise whose delay has passed, by a week at most. Anyone may.
    /// Errors: {NothingScheduled}, {RaiseNotReady}, {NotALoosening}, {InvalidLimit}.
    function applyRaise(Limit limit) external;

    /// @notice Lets the liquidation limit fall to `target` on a straight line over `duration` seconds, two days to a year,
    /// and clears every scheduled raise. While a ramp is running, the new one must have reached the running one's target by that
    /// one's end, so that no tightening is taken back or put off: it then lies nowhere above the running one, but for the
    /// rounding up of the value that it starts from, below 0.0001x.
    /// Errors: {RampTooShort}, {RampTooLong}, {NotATightening} (of a running ramp with its target, and what the new one would
    /// be at its end), {InvalidLimit}.
    /// @dev Role of the `authority`: risk manager.
    function rampLiquidationLeverage(uint256 target, uint256 duration) external;

    // ------------------------------------------------------------------ views

    /// @notice Charges the interest since the last accrual. Anyone may; every call that needs it does it.
    function accrue() external;

    /// @notice Where the market's prices come from. Never changes.
    function oracle() external view returns (IPriceOracle);
    /// @notice What is posted; the loan token is the `asset` of ERC-4626. Never changes.
    function collateralToken() external view returns (IERC20);

    /// @notice The books of a position.
    /// @return debtShares Debt divided by the borrow index.
    /// @return collateral Collateral token units.
    /// @return drawnAt When the debt was drawn, on average, in 1/256 of a Unix second, the lower 40 bits; without debt it means
    /// nothing. What a repayment gives back to the allowance falls from all of it to nothing within a day from there.
    function position(address account) external view returns (uint104 debtShares, uint112 collateral, uint40 drawnAt);

    /// @notice The account's debt with interest up to now, rounded up.
    function debtOf(address account) external view returns (uint256);

    /// @notice Whether `operator` can do with the position of `account` all that the account can.
    function isOperator(address account, address operator) external view returns (bool);

    /// @notice The books of the market as of the last accrual.
    /// @return cash Loan token units the market holds for its lenders.
    /// @return debtShares Sum of the positions' debt shares.
    /// @return collateral Sum of the positions' collateral.
    function totals() external view returns (uint256 cash, uint256 debtShares, uint256 collateral);

    /// @notice The debt of all positions with interest up to now, rounded up.
    function totalDebt() external view returns (uint256);

    /// @notice Interest as it stands now, with what an accrual in this block would add.
    /// @return borrowIndex Debt units per debt share, WAD.
    /// @return borrowRate Rate that borrowers pay now, per second, WAD; at a utilization that counts ten times `minDebt` as cash.
    /// @return rateAtTarget Rate at the target utilization, per second, WAD. Without debt it goes back to 4% a year.
    /// @return lastAccrual When interest was last charged, Unix seconds.
    function interest()
        external
        view
        returns (uint256 borrowIndex, uint256 borrowRate, uint256 rateAtTarget, uint256 lastAccrual);

    /// @notice The limits in force now, a ramp included.
    function limits() external view returns (Limits memory);

    /// @notice Loan token units of new debt that the speed limit allows now.
    function debtAllowance() external view returns (uint256);

    /// @notice A scheduled raise that neither a tightening nor a week after its time has ended; zeros if there is none.
    function scheduledRaise(Limit limit) external view returns (uint256 value, uint256 validFrom);

    /// @notice The ramp that the liquidation limit follows, or has followed to its end; zeros if the limit is a fixed value.
    function ramp() external view returns (Ramp memory);

    /// @notice What never changes.
    function config() external view returns (Config memory);
}
