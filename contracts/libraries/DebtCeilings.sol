// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {DebtCeiling} from "../types/MarketBooks.sol";
import {LeverageMath} from "./LeverageMath.sol";

/// @title DebtCeilings
/// @notice New debt uses up an allowance that refills by a share of the cap a day, up to one day's worth. The share
/// (`dailyAllowance`) is in WAD and at most one.
library DebtCeilings {
    /// @notice The ceiling of a new market, its bucket full.
    /// @param cap Below 2^112.
    function full(uint256 cap, uint256 dailyAllowance) internal view returns (DebtCeiling memory) {
        uint256 bucket = (cap * dailyAllowance) / LeverageMath.WAD;
        return DebtCeiling(uint112(cap), uint112(bucket), uint32(block.timestamp));
    }

    /// @notice Loan token units of new debt that are allowed now, rounded down.
    function available(DebtCeiling storage ceiling, uint256 dailyAllowance) internal view returns (uint256) {
        // One read of the slot.
        DebtCeiling memory read = ceiling;
        // Caps have 112 bits, shares of them 60, times 32.
        unchecked {
            uint256 bucket = (read.cap * dailyAllowance) / LeverageMath.WAD;
            uint256 refill = (bucket * uint32(uint32(block.timestamp) - read.lastRefill)) / 1 days;
            return Math.min(bucket, read.allowance + refill);
        }
    }

    /// @notice Takes new debt from the allowance; reverts where that or the cap does not suffice.
    /// @param totalDebt The market's debt with it, loan token units.
    function use(DebtCeiling storage ceiling, uint256 newDebt, uint256 totalDebt, uint256 dailyAllowance) internal {
        uint256 cap = ceiling.cap;
        if (totalDebt > cap) revert ILeverageMarket.DebtCapExceeded(totalDebt, cap);
        uint256 left = available(ceiling, dailyAllowance);
        if (newDebt > left) revert ILeverageMarket.DebtAllowanceExceeded(newDebt, left);
        _setAllowance(ceiling, left - newDebt);
    }

    /// @notice Gives back a part of what was used.
    /// @param amount Loan token units, at most what the same transaction has used.
    function restore(DebtCeiling storage ceiling, uint256 amount, uint256 dailyAllowance) internal {
        _setAllowance(ceiling, Math.min(available(ceiling, dailyAllowance) + amount, type(uint112).max));
    }

    /// @notice Sets the cap. What has refilled so far did so under the old one; a smaller bucket takes effect at once.
    /// @param cap Below 2^112.
    function setCap(DebtCeiling storage ceiling, uint256 cap, uint256 dailyAllowance) internal {
        _setAllowance(ceiling, available(ceiling, dailyAllowance));
        ceiling.cap = uint112(cap);
        _setAllowance(ceiling, available(ceiling, dailyAllowance));
    }

    function _setAllowance(DebtCeiling storage ceiling, uint256 allowance) private {
        ceiling.allowance = uint112(allowance);
        ceiling.lastRefill = uint32(block.timestamp);
    }
}
