// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LeverageMath} from "../../libraries/LeverageMath.sol";

/// @title LensMath
/// @notice Quotients for views, which must answer where a market may revert.
library LensMath {
    /// @notice Leverage of debt against collateral of that value: four decimals, rounded up; `type(uint256).max` without equity.
    function leverage(uint256 debt, uint256 value) internal pure returns (uint256) {
        if (debt == 0) return LeverageMath.ONE;
        if (value <= debt) return type(uint256).max;
        return Math.ceilDiv(value * LeverageMath.ONE, value - debt);
    }

    /// @notice `x * y / z`, at most `type(uint256).max`, which is what a division of something by nothing gives as well;
    /// nothing by nothing is nothing.
    function ratio(uint256 x, uint256 y, uint256 z, Math.Rounding rounding) internal pure returns (uint256) {
        if (x == 0 || y == 0) return 0;
        (uint256 high, ) = Math.mul512(x, y);
        return high >= z ? type(uint256).max : Math.mulDiv(x, y, z, rounding);
    }
}
