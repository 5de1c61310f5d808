// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Limit} from "../interfaces/ILeverageMarket.sol";
import {LeverageMath} from "./LeverageMath.sol";

/// @title LimitRules
/// @notice What limits must fulfil, at creation and whenever governance moves one. Leverage has four decimals.
library LimitRules {
    uint256 private constant ONE = LeverageMath.ONE;
    uint256 private constant WAD = LeverageMath.WAD;

    /// @notice Whether a limit fits its storage and, for a leverage, is at least 1x.
    function isInRange(Limit limit, uint256 value) internal pure returns (bool) {
        if (limit == Limit.DebtCap) return value <= type(uint112).max;
        if (limit == Limit.CollateralCap) return value <= type(uint128).max;
        return value >= ONE && value <= type(uint24).max;
    }

    /// @notice Whether a position opened at `lower` can bear a price drop of at least `gap` before it passes `upper`:
    /// `LTV(lower) <= LTV(upper) * (1 - gap)`, and so `lower < upper`.
    function keepsGap(uint256 lower, uint256 upper, uint256 gap) internal pure returns (bool) {
        return upper > ONE && (lower - ONE) * upper * WAD <= (upper - ONE) * lower * (WAD - gap);
    }

    /// @notice Whether a position at the liquidation limit can pay every bonus, `(1 + bonusMax) * LTV < 1`, and leaves the
    /// safety margin: `1 - (1 + bonusMin) * LTV >= margin`.
    function isPayable(
        uint256 liquidationLeverage,
        uint256 bonusMin,
        uint256 bonusMax,
        uint256 margin
    ) internal pure returns (bool) {
        uint256 ltv = liquidationLeverage - ONE;
        return
            (WAD + bonusMax) * ltv < WAD * liquidationLeverage &&
            (WAD + bonusMin) * ltv <= (WAD - margin) * liquidationLeverage;
    }
}
