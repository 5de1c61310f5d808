// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {IAdjustCallback} from "../interfaces/IMarketCallbacks.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";
import {Interest} from "./Interest.sol";
import {LeverageLimits} from "./LeverageLimits.sol";
import {Operators} from "./Operators.sol";
import {TokenFlow} from "./TokenFlow.sol";

/// @title Positions
/// @notice Collateral and debt of each account, moved by `adjust`.
abstract contract Positions is Interest, Operators, TokenFlow, LeverageLimits {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @dev The arguments of `adjust`. In memory, so that the compiler keeps one copy of the code behind all its entries.
    struct Adjustment {
        address account;
        int256 collateralDelta;
        int256 debtDelta;
        address receiver;
        uint256 maxCollateralIn;
        uint256 maxLoanIn;
    }

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
        return
            _adjust(
                Adjustment(account, collateralDelta, debtDelta, receiver, maxCollateralIn, maxLoanIn),
                data
            );
    }

    /// @inheritdoc ILeverageMarket
    function supplyCollateral(uint256 amount, address account) external nonReentrant {
        _adjust(Adjustment(account, amount.toInt256(), 0, msg.sender, amount, 0), _noData());
    }

    /// @inheritdoc ILeverageMarket
    function withdrawCollateral(
        uint256 amount,
        address account,
        address receiver
    ) external nonReentrant returns (uint256 withdrawn) {
        (int256 moved, ) = _adjust(Adjustment(account, _out(amount), 0, receiver, 0, 0), _noData());
        return uint256(-moved);
    }

    /// @inheritdoc ILeverageMarket
    function borrow(uint256 amount, address account, address receiver) external nonReentrant {
        _adjust(Adjustment(account, 0, amount.toInt256(), receiver, 0, 0), _noData());
    }

    /// @inheritdoc ILeverageMarket
    function repay(uint256 amount, address account) external nonReentrant returns (uint256 paid) {
        (, int256 moved) = _adjust(Adjustment(account, 0, _out(amount), msg.sender, 0, amount), _noData());
        return uint256(-moved);
    }

    function _adjust(
        Adjustment memory call,
        bytes calldata data
    ) private returns (int256 collateralDelta, int256 debtDelta) {
        _checkReceiver(call.receiver);
        (collateralDelta, debtDelta) = _update(call.account, call.collateralDelta, call.debtDelta);

        // What goes out, what is owed: the books are final by now, and all checks made.
        uint256 collateralOwed = 0;
        uint256 loanOwed = 0;
        if (collateralDelta > 0) collateralOwed = uint256(collateralDelta);
        else if (collateralDelta < 0) COLLATERAL_TOKEN.safeTransfer(call.receiver, uint256(-collateralDelta));
        if (debtDelta < 0) loanOwed = uint256(-debtDelta);
        else if (debtDelta > 0) LOAN_TOKEN.safeTransfer(call.receiver, uint256(debtDelta));

        if (data.length == 0) {
            if (collateralOwed != 0) _pull(COLLATERAL_TOKEN, collateralOwed, call.maxCollateralIn);
            if (loanOwed != 0) _pull(LOAN_TOKEN, loanOwed, call.maxLoanIn);
        } else {
            uint256 collateralBefore = COLLATERAL_TOKEN.balanceOf(address(this));
            uint256 loanBefore = LOAN_TOKEN.balanceOf(address(this));
            IAdjustCallback(call.receiver).onAdjust(msg.sender, call.account, collateralDelta, debtDelta, data);
            _settle(COLLATERAL_TOKEN, collateralOwed, collateralBefore, call.maxCollateralIn);
            _settle(LOAN_TOKEN, loanOwed, loanBefore, call.maxLoanIn);
        }
    }

    /// @dev Resolves "all", authorizes, accrues where debt matters, updates the books and checks every limit on them.
    function _update(
        address account,
        int256 collateralDelta,
        int256 debtDelta
    ) private returns (int256, int256) {
        Position memory was = _positions[account];
        Position memory now_ = Position(was.debtShares, was.collateral);
        uint256 totalCollateral = _collateral.total;

        if (collateralDelta == ALL) collateralDelta = -int256(uint256(was.collateral));
        if (debtDelta > 0 || collateralDelta < 0) _checkAuthorized(account);
        if (collateralDelta != 0) now_.collateral = _moveCollateral(was.collateral, collateralDelta);

        if (debtDelta != 0 || (collateralDelta < 0 && (was.debtShares != 0 || _debtAdded))) {
            (IndexAndLimits memory state, Totals memory books) = _accrue();
            uint256 totalDebtShares = books.debtShares;
            if (debtDelta != 0) {
                (now_.debtShares, debtDelta) = _moveDebt(state, books, was.debtShares, debtDelta);
            }
            _checkRisk(state, was, now_, totalDebtShares, books.debtShares, totalCollateral);
        }
        // The cap binds new risk and idle collateral, never the rescue of an indebted account.
        if (collateralDelta > 0 && (now_.debtShares == 0 || debtDelta > 0)) {
            CollateralTotals memory collateral = _collateral;
            if (collateral.total > collateral.cap) revert CollateralCapExceeded(collateral.total, collateral.cap);
        }

        _positions[account] = now_;
        emit PositionAdjusted(
            account,
            msg.sender,
            collateralDelta,
            debtDelta,
            int256(uint256(now_.debtShares)) - int256(uint256(was.debtShares))
        );
        return (collateralDelta, debtDelta);
    }

    function _moveCollateral(uint128 held, int256 delta) private returns (uint128) {
        if (delta > 0) {
            uint256 amount = uint256(delta);
            _collateral.total = (_collateral.total + amount).toUint128();
            // No position exceeds the total, which fits.
            unchecked {
                return held + uint128(amount);
            }
        }
        uint256 taken = uint256(-delta);
        if (taken > held) revert InsufficientCollateral(held, taken);
        // Just compared; no position exceeds the total.
        unchecked {
            _collateral.total -= uint128(taken);
            return held - uint128(taken);
        }
    }

    /// @dev Borrows or repays on the books. Rounding: shares minted up, shares burned down, payment for them up.
    /// @return The position's debt shares and the loan tokens moved.
    function _moveDebt(
        IndexAndLimits memory state,
        Totals memory books,
        uint128 held,
        int256 delta
    ) private returns (uint128, int256) {
        uint256 index = state.borrowIndex;
        if (delta > 0) {
            uint256 amount = uint256(delta);
            if (amount > books.cash) revert InsufficientCash(books.cash, amount);
            // At most `amount`, since no index is below one.
            uint128 minted = uint128(LeverageMath.sharesUp(amount, index));
            books.cash -= uint128(amount);
            books.debtShares = (uint256(books.debtShares) + minted).toUint128();
            _totals = books;
            _useAllowance(amount, LeverageMath.debtUp(books.debtShares, index));
            return (held + minted, delta);
        }
        uint128 burned = held;
        if (delta != ALL && uint256(-delta) < LeverageMath.debtUp(held, index)) {
            burned = uint128(LeverageMath.sharesDown(uint256(-delta), index));
        }
        uint256 paid = LeverageMath.debtUp(burned, index);
        books.cash = (books.cash + paid).toUint128();
        // No position exceeds the total.
        unchecked {
            books.debtShares -= burned;
            _totals = books;
            return (held - burned, -int256(paid));
        }
    }

    /// @dev The opening limit and the system cap, where this call calls for them, and the minimum debt. Ratios are compared
    /// crosswise, in shares, so that interest plays no part. The arguments before and after are those of this call.
    function _checkRisk(
        IndexAndLimits memory state,
        Position memory was,
        Position memory now_,
        uint256 totalSharesBefore,
        uint256 totalSharesAfter,
        uint256 totalCollateralBefore
    ) private {
        bool addsDebt = now_.debtShares > was.debtShares;
        bool raisesRisk = addsDebt ||
            uint256(now_.debtShares) * was.collateral > uint256(was.debtShares) * now_.collateral;
        // Once a transaction has added debt, taking collateral from any account could undo what the cap was checked on.
        bool bindsSystem = addsDebt || (_debtAdded && now_.collateral < was.collateral);
        if (addsDebt) _debtAdded = true;

        uint256 totalCollateral = _collateral.total;
        bool raisesSystem = bindsSystem &&
            (totalCollateralBefore == 0 ||
                totalSharesAfter * totalCollateralBefore > totalSharesBefore * totalCollateral);
        if (raisesRisk || raisesSystem) {
            uint256 price = _openPrice();
            if (raisesRisk) _checkPosition(state, price, now_.debtShares, now_.collateral);
            if (raisesSystem) _checkSystem(state, price, totalSharesAfter, totalCollateral);
        }
        if (now_.debtShares != was.debtShares) _checkMinDebt(now_.debtShares, state.borrowIndex);
    }

    /// @dev The signed form of an amount that goes down; the greatest amount stands for "all".
    function _out(uint256 amount) private pure returns (int256) {
        return amount == type(uint256).max ? ALL : -amount.toInt256();
    }

    function _noData() private pure returns (bytes calldata) {
        return msg.data[0:0];
    }
}
