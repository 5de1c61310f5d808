// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20, SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {IAdjustCallback} from "../interfaces/IMarketCallbacks.sol";
import {DebtCeilings} from "../libraries/DebtCeilings.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";
import {OraclePrices} from "../libraries/OraclePrices.sol";
import {DebtCeiling} from "../types/MarketBooks.sol";
import {Position} from "../types/MarketTypes.sol";
import {LeverageLimits} from "./LeverageLimits.sol";
import {Operators} from "./Operators.sol";

/// @title Positions
/// @notice Collateral and debt of each account. `adjust` changes them.
abstract contract Positions is Operators, LeverageLimits {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using DebtCeilings for DebtCeiling;

    int256 private constant ALL = type(int256).min;

    /// @inheritdoc ILeverageMarket
    function adjust(
        address account,
        int256 collateralDelta,
        int256 debtDelta,
        address receiver,
        uint256 maxCollateralIn,
        uint256 maxLoanIn,
        bytes calldata data
    ) external nonReentrant returns (int256 collateralMoved, int256 debtMoved) {
        _checkReceiver(receiver);
        if (collateralDelta > 0) _checkReceiver(account);
        (collateralMoved, debtMoved) = _move(account, collateralDelta, debtDelta);

        // All checks are done and the storage is final: send outgoing tokens, then take in the
        // tokens owed.
        (uint256 collateralOwed, uint256 loanOwed) = (0, 0);
        if (collateralMoved > 0) collateralOwed = uint256(collateralMoved);
        else if (collateralMoved < 0) collateralToken.safeTransfer(receiver, uint256(-collateralMoved));
        if (debtMoved < 0) loanOwed = uint256(-debtMoved);
        else if (debtMoved > 0) LOAN_TOKEN.safeTransfer(receiver, uint256(debtMoved));

        if (data.length == 0) {
            if (collateralOwed != 0) _pullPayment(collateralToken, collateralOwed, maxCollateralIn);
            if (loanOwed != 0) _pullPayment(LOAN_TOKEN, loanOwed, maxLoanIn);
        } else {
            uint256 collateralBefore = collateralToken.balanceOf(address(this));
            uint256 loanBefore = LOAN_TOKEN.balanceOf(address(this));
            bytes memory call = abi.encodeCall(
                IAdjustCallback.onAdjust,
                (msg.sender, account, collateralMoved, debtMoved, data)
            );
            Address.functionCall(receiver, call);
            _settle(collateralToken, collateralOwed, collateralBefore, maxCollateralIn);
            _settle(LOAN_TOKEN, loanOwed, loanBefore, maxLoanIn);
        }
    }

    /// @inheritdoc ILeverageMarket
    function supplyCollateral(uint256 amount, address account) external nonReentrant {
        _checkReceiver(account);
        _move(account, amount.toInt256(), 0);
        _pullClaim(collateralToken, msg.sender, amount, _collateral.total);
    }

    /// @inheritdoc ILeverageMarket
    function withdrawCollateral(
        uint256 amount,
        address account,
        address receiver
    ) external nonReentrant returns (uint256 withdrawn) {
        _checkReceiver(receiver);
        (int256 moved, ) = _move(account, _out(amount), 0);
        withdrawn = uint256(-moved);
        collateralToken.safeTransfer(receiver, withdrawn);
    }

    /// @inheritdoc ILeverageMarket
    function borrow(uint256 amount, address account, address receiver) external nonReentrant {
        _checkReceiver(receiver);
        _move(account, 0, amount.toInt256());
        LOAN_TOKEN.safeTransfer(receiver, amount);
    }

    /// @inheritdoc ILeverageMarket
    function repay(uint256 amount, address account) external nonReentrant returns (uint256 paid) {
        (, int256 moved) = _move(account, 0, _out(amount));
        paid = uint256(-moved);
        _pullPayment(LOAN_TOKEN, paid, amount);
    }

    /// @dev Resolves "all", checks the authorization, accrues interest if debt matters, updates the
    /// storage and checks every limit.
    function _move(address account, int256 collateralDelta, int256 debtDelta) private returns (int256, int256) {
        Position storage held = position[account];
        (uint256 debtShares, uint256 collateral) = (held.debtShares, held.collateral);
        if (collateralDelta == ALL) collateralDelta = -int256(collateral);
        if (debtDelta > 0 || collateralDelta < 0) _checkAuthorized(account);

        uint256 totalCollateral = _collateral.total;
        (uint256 newDebtShares, uint256 drawnAt) = (debtShares, held.drawnAt);
        uint256 newCollateral = _moveCollateral(collateral, collateralDelta);
        if (debtDelta != 0 || (collateralDelta < 0 && (debtShares != 0 || _riskRaised))) {
            uint256 index = _accrue();
            uint256 totalShares = _totals.debtShares;
            if (debtDelta != 0) (newDebtShares, debtDelta, drawnAt) = _moveDebt(index, debtShares, drawnAt, debtDelta);
            // Ratios are compared by cross multiplication in debt shares, so interest has no
            // influence; no product exceeds 256 bits.
            unchecked {
                bool raisesRisk = newDebtShares > debtShares || newDebtShares * collateral > debtShares * newCollateral;
                _checkRisk(index, raisesRisk, newDebtShares, newCollateral, totalShares, totalCollateral);
            }
        }
        // The cap binds new debt and idle collateral, but never collateral added for an account
        // with debt.
        if (debtDelta > 0 || (collateralDelta > 0 && newDebtShares == 0)) _checkCollateralCap();

        held.debtShares = uint104(newDebtShares);
        held.collateral = uint112(newCollateral);
        held.drawnAt = uint40(drawnAt);
        if (debtDelta == 0 && collateralDelta > 0) {
            emit CollateralSupplied(account, msg.sender, uint256(collateralDelta));
        } else {
            int256 debtSharesDelta = int256(newDebtShares) - int256(debtShares);
            emit PositionAdjusted(account, msg.sender, collateralDelta, debtDelta, debtSharesDelta);
        }
        return (collateralDelta, debtDelta);
    }

    /// @return The account's new collateral.
    function _moveCollateral(uint256 held, int256 delta) private returns (uint256) {
        if (delta == 0) return held;
        // The total includes the account's collateral. Its checked cast also refuses a sum that
        // wraps.
        unchecked {
            int256 left = int256(held) + delta;
            if (delta < 0) {
                if (left < 0) revert InsufficientCollateral(held, uint256(-delta));
                _collateralTaken = true;
            }
            _collateral.total = uint256(int256(uint256(_collateral.total)) + delta).toUint112();
            return uint256(left);
        }
    }

    /// @dev Borrows or repays in storage. Minted shares are rounded up, burned shares down, and the
    /// payment for them up.
    /// @param time Draw time of the debt, as in `Position`.
    /// @return The account's new debt shares, the loan tokens moved, and the new draw time of the
    /// debt.
    function _moveDebt(
        uint256 index,
        uint256 held,
        uint256 time,
        int256 delta
    ) private returns (uint256, int256, uint256) {
        uint256 debt = LeverageMath.debtUp(held, index);
        uint256 aged = DebtCeilings.aged(debt, time);
        unchecked {
            if (delta > 0) {
                uint256 minted = LeverageMath.sharesUp(uint256(delta), index);
                uint256 totalShares = _totals.debtShares + minted;
                held += minted;
                _totals.cash = uint128(_checkCash(uint256(delta)) - uint256(delta));
                _totals.debtShares = totalShares.toUint128();
                _ceiling.use(uint256(delta), LeverageMath.debtUp(totalShares, index), DAILY_ALLOWANCE);
                return (held, delta, DebtCeilings.drawTime(_checkMinDebt(held, index), aged));
            }
            // The negation of `ALL` is `ALL`, which as an unsigned number exceeds any debt.
            uint256 amount = uint256(-delta);
            uint256 burned = amount < debt ? LeverageMath.sharesDown(amount, index) : held;
            uint256 paid = LeverageMath.debtUp(burned, index);
            held -= burned;
            _totals.cash = (_totals.cash + paid).toUint128();
            _totals.debtShares -= uint128(burned);
            _ceiling.restore(paid, debt, aged, DAILY_ALLOWANCE);
            return (held, -int256(paid), DebtCeilings.drawTime(_checkMinDebt(held, index), aged));
        }
    }

    /// @dev Checks the opening limit and the system cap, if they bind the call.
    /// @param raisesRisk Whether the account has more debt, or a higher debt-to-collateral ratio,
    /// than before the call.
    /// @param totalShares Debt shares of the market before the call.
    /// @param totalCollateral Collateral of the market before the call.
    function _checkRisk(
        uint256 index,
        bool raisesRisk,
        uint256 debtShares,
        uint256 collateral,
        uint256 totalShares,
        uint256 totalCollateral
    ) private {
        (uint256 newTotalShares, uint256 newTotalCollateral) = (_totals.debtShares, _collateral.total);
        // After a transaction has raised risk, withdrawing any account's collateral could
        // invalidate the earlier check of the cap.
        if (raisesRisk) _riskRaised = true;
        bool bindsSystem = raisesRisk || (_riskRaised && newTotalCollateral < totalCollateral);
        // If this transaction has withdrawn collateral, or there was none, the leverage before the
        // call is no valid baseline: the cap itself applies.
        bool raisesSystem =
            bindsSystem &&
                (_collateralTaken ||
                    totalCollateral == 0 ||
                    newTotalShares * totalCollateral > totalShares * newTotalCollateral);
        if (!raisesRisk && !raisesSystem) return;

        uint256 price = OraclePrices.openPrice(oracle);
        if (raisesRisk) _checkPosition(price, index, debtShares, collateral);
        if (raisesSystem) _checkSystem(price, index, newTotalShares, newTotalCollateral);
    }

    /// @dev The negative delta of a repayment or withdrawal; the largest amount means "all".
    function _out(uint256 amount) private pure returns (int256) {
        return amount == type(uint256).max ? ALL : -amount.toInt256();
    }
}
