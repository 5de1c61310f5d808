// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Limit, Limits} from "../../contracts/types/MarketTypes.sol";

/// @dev Number of limits.
uint256 constant LIMITS = uint256(type(Limit).max) + 1;

/// @notice Reads a limit's value by its name.
library LimitValues {
    function get(Limits memory limits, Limit limit) internal pure returns (uint256) {
        if (limit == Limit.MaxLeverage) return limits.maxLeverage;
        if (limit == Limit.LiquidationLeverage) return limits.liquidationLeverage;
        if (limit == Limit.SystemLeverageCap) return limits.systemLeverageCap;
        if (limit == Limit.DebtCap) return limits.debtCap;
        if (limit == Limit.CollateralCap) return limits.collateralCap;
        return limits.supplyCap;
    }
}
