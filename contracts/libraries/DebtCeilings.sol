// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {DebtCeiling} from "../types/MarketBooks.sol";
import {LeverageMath} from "./LeverageMath.sol";

/// @title DebtCeilings
/// @notice The debt cap, and the speed limit: new debt uses up an allowance that refills by a share of the cap a day, up to
/// one day's worth. The share (`dailyAllowance`) is in WAD and at most one.
/// @dev Whoever repays gives back what its account has drawn, less a part that grows from nothing to all of it within a day.
/// So using up the allowance takes debt that is really owed, while a repayment of older debt makes no room for a new one:
/// at a forged price, bad debt can't take the place of good debt beyond the allowance.
library DebtCeilings {
    /// @notice The greatest debt cap: a day's allowance of it fits 120 bits, in loan token units times seconds.
    uint256 internal constant MAX_CAP = uint256(type(uint120).max) / 1 days;
    /// @dev Of a second, in `Position.drawnAt`. Each change of a debt may drop as much of its time.
    uint256 private constant TICKS = 256;
    uint256 private constant DAY_TICKS = TICKS * 1 days;

    /// @notice The ceiling of a new market, its bucket full.
    /// @param cap At most `MAX_CAP`.
    function full(uint256 cap, uint256 dailyAllowance) internal view returns (DebtCeiling memory) {
        uint256 daily = (cap * dailyAllowance) / LeverageMath.WAD;
        return DebtCeiling(uint104(cap), uint120(daily * 1 days), uint32(block.timestamp));
    }

    /// @notice Loan token units of new debt that are allowed now, rounded down.
    function available(DebtCeiling storage ceiling, uint256 dailyAllowance) internal view returns (uint256) {
        return _refilled(ceiling, dailyAllowance) / 1 days;
    }

    /// @notice Takes new debt from the allowance; reverts where that or the cap does not suffice.
    /// @param newDebt Loan token units, below 2^128.
    /// @param totalDebt The market's debt with it, loan token units.
    function use(DebtCeiling storage ceiling, uint256 newDebt, uint256 totalDebt, uint256 dailyAllowance) internal {
        uint256 cap = ceiling.cap;
        if (totalDebt > cap) revert ILeverageMarket.DebtCapExceeded(totalDebt, cap);
        uint256 left = _refilled(ceiling, dailyAllowance);
        unchecked {
            if (newDebt * 1 days > left) revert ILeverageMarket.DebtAllowanceExceeded(newDebt, left / 1 days);
            _setAllowance(ceiling, left - newDebt * 1 days);
        }
    }

    /// @notice Gives back, of what a repayment pays, what has not aged; rounded down.
    /// @param paid Loan token units, at most `debt`.
    /// @param debt Before the repayment, loan token units, below 2^165.
    /// @param aged_ From `aged`.
    function restore(
        DebtCeiling storage ceiling,
        uint256 paid,
        uint256 debt,
        uint256 aged_,
        uint256 dailyAllowance
    ) internal {
        unchecked {
            uint256 restored = Math.min(paid * DAY_TICKS, debt * DAY_TICKS - aged_) / TICKS;
            if (restored != 0) {
                _setAllowance(ceiling, Math.min(_refilled(ceiling, dailyAllowance) + restored, type(uint120).max));
            }
        }
    }

    /// @notice Sets the cap. What has refilled so far did so under the old one; a smaller bucket takes effect at once.
    /// @param cap At most `MAX_CAP`.
    function setCap(DebtCeiling storage ceiling, uint256 cap, uint256 dailyAllowance) internal {
        _setAllowance(ceiling, _refilled(ceiling, dailyAllowance));
        ceiling.cap = uint104(cap);
        _setAllowance(ceiling, _refilled(ceiling, dailyAllowance));
    }

    /// @notice A debt times its age, of a day at most. A draw or a repayment leaves it as it is: what comes is new, and what goes
    /// is what was drawn last.
    /// @param debt Loan token units, below 2^165.
    /// @param drawnAt From `drawTime`.
    /// @return Loan token units times 1/256 of a second.
    function aged(uint256 debt, uint256 drawnAt) internal view returns (uint256) {
        unchecked {
            return debt * Math.min(uint40(block.timestamp * TICKS - drawnAt), DAY_TICKS);
        }
    }

    /// @notice The time at which a debt of an age was drawn, on average; rounded down.
    /// @param debt Loan token units.
    /// @param aged_ From `aged`, before the change of the debt.
    /// @return In 1/256 of a Unix second, the lower 40 bits; zero without debt.
    function drawTime(uint256 debt, uint256 aged_) internal view returns (uint256) {
        if (debt == 0) return 0;
        unchecked {
            return block.timestamp * TICKS - Math.min((aged_ + debt - 1) / debt, DAY_TICKS);
        }
    }

    /// @dev Loan token units times seconds; exact.
    function _refilled(DebtCeiling storage ceiling, uint256 dailyAllowance) private view returns (uint256) {
        // One read of the slot.
        DebtCeiling memory read = ceiling;
        unchecked {
            uint256 daily = (read.cap * dailyAllowance) / LeverageMath.WAD;
            uint256 elapsed = uint32(uint32(block.timestamp) - read.lastRefill);
            return Math.min(daily * 1 days, read.allowance + daily * elapsed);
        }
    }

    function _setAllowance(DebtCeiling storage ceiling, uint256 allowance) private {
        ceiling.allowance = uint120(allowance);
        ceiling.lastRefill = uint32(block.timestamp);
    }
}
