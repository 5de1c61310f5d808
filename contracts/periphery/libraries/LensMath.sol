// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LeverageMath} from "../../libraries/LeverageMath.sol";

/// @title LensMath
/// @notice Quotients for views, which must not revert.
library LensMath {
    /// @notice Leverage, four decimals, rounded up; `type(uint256).max` without equity.
    /// @param debt Loan token units.
    /// @param value Value of the collateral, loan token units.
    function leverage(uint256 debt, uint256 value) internal pure returns (uint256) {
        if (debt == 0) return LeverageMath.ONE;
        if (value <= debt) return type(uint256).max;
        return Math.ceilDiv(value * LeverageMath.ONE, value - debt);
    }

    /// @notice `x * y / z`, at most `type(uint256).max`. It is zero if `x * y` is zero, and the
    /// maximum if only `z` is.
    /// @param x First factor.
    /// @param y Second factor.
    /// @param z Divisor.
    /// @param rounding Floor or Ceil.
    function ratio(uint256 x, uint256 y, uint256 z, Math.Rounding rounding) internal pure returns (uint256) {
        if (x == 0 || y == 0) return 0;
        (uint256 high, ) = Math.mul512(x, y);
        return high >= z ? type(uint256).max : Math.mulDiv(x, y, z, rounding);
    }
}
