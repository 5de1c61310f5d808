// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LeverageMath} from "../libraries/LeverageMath.sol";
import {MarketStorage} from "./MarketStorage.sol";

/// @title LeverageLimits
/// @notice The checks that bound leverage and debt, of a position and of the market.
abstract contract LeverageLimits is MarketStorage {
    /// @dev A price that can't be used is refused, whatever the oracle took it for.
    function _checkPrice(uint256 price) internal pure returns (uint256) {
        if (price == 0 || price > LeverageMath.MAX_PRICE) revert InvalidPrice(price);
        return price;
    }

    function _openPrice() internal view returns (uint256 price) {
        (price, ) = ORACLE.prices();
        return _checkPrice(price);
    }

    function _liquidationPrice() internal view returns (uint256 price) {
        (uint256 open, uint256 liquidation) = ORACLE.prices();
        return _checkPrice(Math.max(open, liquidation));
    }

    /// @dev Opening limit of a position.
    function _checkPosition(uint256 price, uint256 index, uint256 debtShares, uint256 collateral) internal view {
        uint256 debt = LeverageMath.debtUp(debtShares, index);
        uint256 value = LeverageMath.valueDown(collateral, price);
        uint256 limit = _state.maxLeverage;
        if (!LeverageMath.isWithin(debt, value, limit)) revert LeverageAboveMaximum(debt, value, limit);
    }

    /// @dev System cap.
    function _checkSystem(uint256 price, uint256 index, uint256 debtShares, uint256 collateral) internal view {
        uint256 debt = LeverageMath.debtUp(debtShares, index);
        uint256 value = LeverageMath.valueDown(collateral, price);
        uint256 limit = _state.systemLeverageCap;
        if (!LeverageMath.isWithin(debt, value, limit)) revert SystemLeverageAboveCap(debt, value, limit);
    }

    function _checkMinDebt(uint256 debtShares, uint256 index) internal view {
        if (debtShares == 0) return;
        uint256 debt = LeverageMath.debtUp(debtShares, index);
        if (debt < MIN_DEBT) revert DebtBelowMinimum(debt, MIN_DEBT);
    }

    function _checkCollateralCap() internal view {
        uint256 total = _collateral.total;
        uint256 cap = _collateral.cap;
        if (total > cap) revert CollateralCapExceeded(total, cap);
    }

    /// @dev Debt ceiling and its speed limit: new debt uses up the allowance.
    function _useAllowance(uint256 newDebt, uint256 totalDebtAfter) internal {
        uint256 cap = _ceiling.cap;
        if (totalDebtAfter > cap) revert DebtCapExceeded(totalDebtAfter, cap);
        uint256 available = _allowance();
        if (newDebt > available) revert DebtAllowanceExceeded(newDebt, available);
        // Just compared.
        unchecked {
            _setAllowance(available - newDebt);
            _newDebt += uint112(newDebt);
        }
    }

    /// @dev A repayment gives back no more than what the same transaction has used: or else anyone could use up the day's
    /// allowance for the gas of a flash loan.
    function _restoreAllowance(uint256 paid) internal {
        uint256 newDebt = _newDebt;
        if (newDebt == 0) return;
        // Both have 112 bits, like the allowance that they were taken from.
        unchecked {
            uint256 restored = Math.min(paid, newDebt);
            _newDebt = uint112(newDebt - restored);
            _setAllowance(Math.min(_allowance() + restored, type(uint112).max));
        }
    }

    function _setAllowance(uint256 allowance_) internal {
        _ceiling.allowance = uint112(allowance_);
        _ceiling.lastRefill = uint32(block.timestamp);
    }

    /// @dev What new debt is allowed now. The bucket holds what refills in a day. Rounded down.
    function _allowance() internal view returns (uint256) {
        // The clock of 32 bits is good until 2106, and its difference beyond. Caps have 112 bits, shares of them 60.
        unchecked {
            uint256 bucket = (_ceiling.cap * DAILY_ALLOWANCE) / WAD;
            uint256 refill = (bucket * uint32(uint32(block.timestamp) - _ceiling.lastRefill)) / 1 days;
            return Math.min(bucket, _ceiling.allowance + refill);
        }
    }
}
