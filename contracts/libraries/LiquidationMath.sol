// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LeverageMath} from "./LeverageMath.sol";

/// @title LiquidationMath
/// @notice How much a liquidation repays and what it earns. Debt and values in loan token units, bonus and fees in WAD,
/// leverage in four decimals. Nothing overflows for debts below 2^149, which caps of 112 bits and an index of 96 see to.
library LiquidationMath {
    uint256 private constant WAD = LeverageMath.WAD;
    uint256 private constant ONE = LeverageMath.ONE;
    /// @dev kappa = 1/2: the bonus is at most half of what the collateral exceeds the debt by.
    uint256 private constant KAPPA_DIVISOR = 2;

    /// @notice `min(bonusMax, bonusMin + slope * (1 - HF), (C/D - 1)/2)`, but never below `bonusMin`; rounded down.
    /// @param debt `D`, of a position above the liquidation limit.
    /// @param value `C`, at least `D`.
    function bonus(
        uint256 debt,
        uint256 value,
        uint256 liquidationLeverage,
        uint256 bonusMin,
        uint256 bonusMax,
        uint256 slope
    ) internal pure returns (uint256) {
        unchecked {
            uint256 limitedDebt = debt * liquidationLeverage;
            uint256 health = (value * (liquidationLeverage - ONE) * WAD + limitedDebt - 1) / limitedDebt;
            uint256 rising = bonusMin + (slope * (WAD - health)) / WAD;
            uint256 bearable = ((value - debt) * WAD) / (debt * KAPPA_DIVISOR);
            return Math.max(bonusMin, Math.min(Math.min(rising, bonusMax), bearable));
        }
    }

    /// @notice What to repay so that the position stands at `target`: `(T*D - (T-1)*C) / (T - (1+b)*(T-1))`, rounded up.
    /// At most `debt`, since `C >= (1 + b) * D`.
    function repaymentToTarget(
        uint256 debt,
        uint256 value,
        uint256 target,
        uint256 bonusRate
    ) internal pure returns (uint256) {
        unchecked {
            uint256 excess = target * debt - (target - ONE) * value;
            uint256 perUnit = target * WAD - (WAD + bonusRate) * (target - ONE);
            return (excess * WAD + perUnit - 1) / perUnit;
        }
    }

    /// @notice What to repay when at most `affordable` can be paid and no debt below `minDebt` may be left: all of it rather than
    /// leave dust, less than wanted rather than pay too much, zero if neither can be had.
    function withoutDust(
        uint256 wanted,
        uint256 affordable,
        uint256 debt,
        uint256 minDebt
    ) internal pure returns (uint256) {
        uint256 most = Math.saturatingSub(debt, minDebt);
        if (wanted > most) wanted = debt;
        return wanted <= affordable ? wanted : Math.min(affordable, most);
    }
}
