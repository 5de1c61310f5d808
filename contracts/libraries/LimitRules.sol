// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ScheduledRaise} from "../types/MarketBooks.sol";
import {Config, Limit} from "../types/MarketTypes.sol";
import {DebtCeilings} from "./DebtCeilings.sol";
import {LeverageMath} from "./LeverageMath.sol";

/// @title LimitRules
/// @notice Rules that limits must fulfil at creation and at every change by governance. Leverage
/// has four decimals.
library LimitRules {
    uint256 private constant ONE = LeverageMath.ONE;
    uint256 private constant WAD = LeverageMath.WAD;
    /// @dev A raise expires after a week, so that a stale raise can't be applied.
    uint256 private constant EXPIRATION = 1 weeks;

    /// @notice Whether a raise is still scheduled: not cleared by a tightening, and not expired a
    /// week after its delay.
    /// @param raise A scheduled raise.
    /// @param epoch The current epoch of the market.
    function isPending(ScheduledRaise memory raise, uint256 epoch) internal view returns (bool) {
        return raise.epoch == epoch && block.timestamp <= raise.validFrom + EXPIRATION;
    }

    /// @notice Whether a limit fits its storage and, for a leverage, is at least 1x.
    /// @param limit Which limit.
    /// @param value In the units of `Limits`.
    function isInRange(Limit limit, uint256 value) internal pure returns (bool) {
        if (limit == Limit.DebtCap) return value <= DebtCeilings.MAX_CAP;
        if (limit == Limit.CollateralCap || limit == Limit.SupplyCap) return value <= type(uint128).max;
        return value >= ONE && value <= type(uint24).max;
    }

    /// @notice Whether a limit may be raised to `value`.
    /// @param limit Which limit.
    /// @param value In the units of `Limits`.
    /// @param liquidationLeverage The liquidation limit; the target of its ramp if there is one.
    /// @param config Parameters of the market.
    function isRaiseValid(
        Limit limit,
        uint256 value,
        uint256 liquidationLeverage,
        Config storage config
    ) internal view returns (bool) {
        if (!isInRange(limit, value)) return false;
        if (limit == Limit.MaxLeverage) return keepsGap(value, liquidationLeverage, config.entryGap);
        if (limit != Limit.LiquidationLeverage) return true;
        return isPayable(value, config.bonusMin, config.bonusMax, config.safetyMargin);
    }

    /// @notice Whether a position opened at leverage `lower` survives a price drop of `gap` before
    /// it exceeds `upper`: `LTV(lower) <= LTV(upper) * (1 - gap)`, which implies `lower < upper`.
    /// @param lower Four decimals.
    /// @param upper Four decimals.
    /// @param gap WAD.
    function keepsGap(uint256 lower, uint256 upper, uint256 gap) internal pure returns (bool) {
        return upper > ONE && (lower - ONE) * upper * WAD <= (upper - ONE) * lower * (WAD - gap);
    }

    /// @notice Whether a position at the liquidation limit can pay every bonus,
    /// `(1 + bonusMax) * LTV < 1`, and leaves the safety margin,
    /// `1 - (1 + bonusMin) * LTV >= margin`.
    /// @param liquidationLeverage Four decimals.
    /// @param bonusMin WAD.
    /// @param bonusMax WAD.
    /// @param margin WAD.
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
