// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LeverageMath} from "../libraries/LeverageMath.sol";
import {Ramps} from "../libraries/Ramps.sol";
import {LenderVault} from "./LenderVault.sol";

/// @title LeverageLimits
/// @notice The liquidation limit in force, and the checks that bound leverage and debt of a
/// position and of the market.
abstract contract LeverageLimits is LenderVault {
    /// @dev The liquidation limit in force now; rounded up on a ramp, in favour of the borrowers.
    function _liquidationLeverage() internal view returns (uint256) {
        uint256 limit = _state.liquidationLeverage;
        return limit == 0 ? Ramps.current(_ramp) : limit;
    }

    /// @dev Checks the opening limit of a position.
    function _checkPosition(uint256 price, uint256 index, uint256 debtShares, uint256 collateral) internal view {
        uint256 debt = LeverageMath.debtUp(debtShares, index);
        uint256 value = LeverageMath.valueDown(collateral, price);
        uint256 limit = _state.maxLeverage;
        if (!LeverageMath.isWithin(debt, value, limit)) revert LeverageAboveMaximum(debt, value, limit);
    }

    /// @dev Checks the leverage cap of the market.
    function _checkSystem(uint256 price, uint256 index, uint256 debtShares, uint256 collateral) internal view {
        uint256 debt = LeverageMath.debtUp(debtShares, index);
        uint256 value = LeverageMath.valueDown(collateral, price);
        uint256 limit = _state.systemLeverageCap;
        if (!LeverageMath.isWithin(debt, value, limit)) revert SystemLeverageAboveCap(debt, value, limit);
    }

    function _checkMinDebt(uint256 debtShares, uint256 index) internal view returns (uint256 debt) {
        debt = LeverageMath.debtUp(debtShares, index);
        if (debt != 0 && debt < MIN_DEBT) revert DebtBelowMinimum(debt, MIN_DEBT);
    }

    function _checkCollateralCap() internal view {
        (uint256 total, uint256 cap) = (_collateral.total, _collateral.cap);
        if (total > cap) revert CollateralCapExceeded(total, cap);
    }
}
