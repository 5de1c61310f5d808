// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../../../contracts/interfaces/ILeverageMarket.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {LeverageMath} from "../../../contracts/libraries/LeverageMath.sol";
import {Limit} from "../../../contracts/types/MarketTypes.sol";
import {ModelTokenFlows} from "./ModelTokenFlows.sol";
import {ModelLimits} from "./ModelLimits.sol";

/// @notice The borrowers' side.
abstract contract ModelPositions is ModelTokenFlows, ModelLimits {
    int256 private constant ALL = type(int256).min;
    /// @dev Of a second.
    uint256 private constant TICKS = 256;

    /// @dev The market before a change.
    struct Totals {
        uint256 debtShares;
        uint256 collateral;
    }

    function adjust(
        address account,
        int256 collateralDelta,
        int256 debtDelta,
        address receiver,
        uint256 maxCollateralIn,
        uint256 maxLoanIn,
        bytes calldata data
    ) external returns (int256 collateralMoved, int256 debtMoved) {
        _checkReceiver(receiver);
        (collateralMoved, debtMoved) = _change(account, collateralDelta, debtDelta);
        _send(params.collateral, receiver, _positive(-collateralMoved));
        _send(params.loan, receiver, _positive(debtMoved));
        address callee = data.length == 0 ? address(0) : receiver;
        _collect(callee, _positive(collateralMoved), maxCollateralIn, _positive(-debtMoved), maxLoanIn);
    }

    function supplyCollateral(uint256 amount, address account) external {
        _change(account, int256(amount), 0);
        _pull(params.collateral, amount, amount);
    }

    function withdrawCollateral(uint256 amount, address account, address receiver) external returns (uint256 taken) {
        _checkReceiver(receiver);
        (int256 moved, ) = _change(account, amount == type(uint256).max ? ALL : -int256(amount), 0);
        taken = uint256(-moved);
        _send(params.collateral, receiver, taken);
    }

    function borrow(uint256 amount, address account, address receiver) external {
        _checkReceiver(receiver);
        _change(account, 0, int256(amount));
        _send(params.loan, receiver, amount);
    }

    function repay(uint256 amount, address account) external returns (uint256 paid) {
        (, int256 moved) = _change(account, 0, amount == type(uint256).max ? ALL : -int256(amount));
        paid = uint256(-moved);
        _pull(params.loan, paid, amount);
    }

    function _change(address account, int256 collateralDelta, int256 debtDelta) private returns (int256, int256) {
        ModelPosition memory was = _positions[account];
        Totals memory totals = Totals(_debtShares, _collateral);
        if (collateralDelta == ALL) collateralDelta = -int256(was.collateral);
        if ((debtDelta > 0 || collateralDelta < 0) && _caller != account && !_operators[account][_caller]) {
            revert ILeverageMarket.NotAuthorized(account, _caller);
        }
        _moveCollateral(account, collateralDelta);
        // A withdrawal raises nobody's risk if the account has no debt and the transaction has
        // raised no risk.
        if (debtDelta != 0 || (collateralDelta < 0 && (was.debtShares > 0 || _hasRaisedRisk))) {
            _accrue();
            if (debtDelta > 0) _borrow(account, uint256(debtDelta));
            if (debtDelta < 0) debtDelta = -int256(_repay(account, debtDelta));
            if (debtDelta != 0) _checkMinDebt(account);
            _checkRisk(was, _positions[account], totals);
        }
        if (debtDelta > 0 || (collateralDelta > 0 && _positions[account].debtShares == 0)) {
            uint256 cap = _limits[Limit.CollateralCap];
            if (_collateral > cap) revert ILeverageMarket.CollateralCapExceeded(_collateral, cap);
        }
        return (collateralDelta, debtDelta);
    }

    function _moveCollateral(address account, int256 delta) private {
        uint256 held = _positions[account].collateral;
        if (delta > 0) {
            _positions[account].collateral = held + uint256(delta);
            _collateral += uint256(delta);
        } else if (delta < 0) {
            uint256 taken = uint256(-delta);
            if (taken > held) revert ILeverageMarket.InsufficientCollateral(held, taken);
            _positions[account].collateral = held - taken;
            _collateral -= taken;
            _hasTakenCollateral = true;
        }
    }

    function _borrow(address account, uint256 amount) private {
        _checkCash(amount);
        uint256 minted = Math.ceilDiv(amount * WAD, _index);
        (, uint256 aged) = _debtAndAge(account);
        _cash -= amount;
        _debtShares += minted;
        _positions[account].debtShares += minted;
        uint256 debt = LeverageMath.debtUp(_debtShares, _index);
        uint256 cap = _limits[Limit.DebtCap];
        if (debt > cap) revert ILeverageMarket.DebtCapExceeded(debt, cap);
        uint256 allowed = _allowanceNow();
        if (amount > allowed) revert ILeverageMarket.DebtAllowanceExceeded(amount, allowed);
        _moveAllowance(-int256(amount * 1 days));
        _setDrawTime(account, aged);
    }

    /// @return paid The worth of the shares that it burns.
    function _repay(address account, int256 delta) private returns (uint256 paid) {
        uint256 held = _positions[account].debtShares;
        (uint256 debt, uint256 aged) = _debtAndAge(account);
        bool whole = delta == ALL || uint256(-delta) >= debt;
        uint256 burned = whole ? held : (uint256(-delta) * WAD) / _index;
        paid = LeverageMath.debtUp(burned, _index);
        _positions[account].debtShares = held - burned;
        _debtShares -= burned;
        _cash += paid;
        // Of the payment, the part that the account drew within a day is restored, less its aged
        // part.
        uint256 fresh = debt * 1 days - Math.ceilDiv(aged, TICKS);
        uint256 restored = Math.min(paid * 1 days, fresh);
        if (restored > 0) _moveAllowance(int256(restored));
        _setDrawTime(account, aged);
    }

    /// @return debt Loan token units.
    /// @return aged The debt times its age, of at most a day, in 1/256 of a second.
    function _debtAndAge(address account) private view returns (uint256 debt, uint256 aged) {
        debt = LeverageMath.debtUp(_positions[account].debtShares, _index);
        uint256 age = uint256(int256(block.timestamp * TICKS) - _positions[account].drawnAt);
        aged = debt * Math.min(age, 1 days * TICKS);
    }

    /// @dev Debt times age stays the same in total.
    function _setDrawTime(address account, uint256 aged) private {
        uint256 debt = LeverageMath.debtUp(_positions[account].debtShares, _index);
        uint256 age = debt == 0 ? 0 : Math.min(Math.ceilDiv(aged, debt), 1 days * TICKS);
        _positions[account].drawnAt = debt == 0 ? int256(0) : int256(block.timestamp * TICKS) - int256(age);
    }

    function _checkRisk(ModelPosition memory was, ModelPosition memory now_, Totals memory totals) private {
        bool isRiskier =
            now_.debtShares > was.debtShares || now_.debtShares * was.collateral > was.debtShares * now_.collateral;
        bool isMarketBound = isRiskier || (_hasRaisedRisk && _collateral < totals.collateral);
        if (isRiskier) _hasRaisedRisk = true;
        if (isMarketBound && !_hasTakenCollateral && totals.collateral > 0) {
            isMarketBound = _debtShares * totals.collateral > totals.debtShares * _collateral;
        }
        if (!isRiskier && !isMarketBound) return;
        (uint256 price, ) = IPriceOracle(params.oracle).prices();
        _usable(price);
        if (isRiskier) {
            uint256 limit = _limits[Limit.MaxLeverage];
            (uint256 debt, uint256 value, bool within) = _leverage(now_.debtShares, now_.collateral, price, limit);
            if (!within) revert ILeverageMarket.LeverageAboveMaximum(debt, value, limit);
        }
        if (isMarketBound) {
            uint256 limit = _limits[Limit.SystemLeverageCap];
            (uint256 debt, uint256 value, bool within) = _leverage(_debtShares, _collateral, price, limit);
            if (!within) revert ILeverageMarket.SystemLeverageAboveCap(debt, value, limit);
        }
    }

    function _checkMinDebt(address account) private view {
        uint256 debt = LeverageMath.debtUp(_positions[account].debtShares, _index);
        uint256 minimum = params.config.minDebt;
        if (0 < debt && debt < minimum) revert ILeverageMarket.DebtBelowMinimum(debt, minimum);
    }

    /// @dev Debt rounded up, value rounded down; within means `C / (C - D) <= limit`.
    function _leverage(
        uint256 shares,
        uint256 collateral,
        uint256 price,
        uint256 limit
    ) private view returns (uint256 debt, uint256 value, bool within) {
        debt = LeverageMath.debtUp(shares, _index);
        value = LeverageMath.valueDown(collateral, price);
        within = value >= debt && value * ONE_X <= (value - debt) * limit;
    }

    function _positive(int256 delta) private pure returns (uint256) {
        return delta > 0 ? uint256(delta) : 0;
    }
}
