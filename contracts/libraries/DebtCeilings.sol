// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {DebtCeiling} from "../types/MarketBooks.sol";
import {LeverageMath} from "./LeverageMath.sol";

/// @title DebtCeilings
/// @notice The debt cap, and the speed limit: new debt uses up an allowance, which refills by a
/// share of the cap per day, up to that of one day. The share (`dailyAllowance`) is WAD and at most
/// one.
/// @dev A repayment returns the debt that the account has drawn, less a part that grows from
/// nothing to the whole within a day. So nobody can use up the allowance without really owing that
/// debt, and a repayment of older debt makes no room for new debt: at a forged price, bad debt
/// can't replace good debt beyond the allowance.
library DebtCeilings {
    /// @notice Largest debt cap: its allowance of one day fits 120 bits, in loan token units times
    /// seconds.
    uint256 internal constant MAX_CAP = uint256(type(uint120).max) / 1 days;
    /// @dev `Position.drawnAt` counts 1/256 of a second. Each change of a debt may round its time
    /// by that much.
    uint256 private constant TICKS = 256;
    uint256 private constant DAY_TICKS = TICKS * 1 days;

    /// @notice The ceiling of a new market, with the full allowance.
    /// @param cap Debt cap, loan token units, at most `MAX_CAP`.
    /// @param dailyAllowance Share of the cap, WAD.
    function full(uint256 cap, uint256 dailyAllowance) internal view returns (DebtCeiling memory) {
        uint256 daily = (cap * dailyAllowance) / LeverageMath.WAD;
        return DebtCeiling(uint104(cap), uint120(daily * 1 days), uint32(block.timestamp));
    }

    /// @notice New debt that is allowed now, loan token units, rounded down.
    /// @param dailyAllowance Share of the cap, WAD.
    function available(DebtCeiling storage ceiling, uint256 dailyAllowance) internal view returns (uint256) {
        return _refilled(ceiling, dailyAllowance) / 1 days;
    }

    /// @notice Takes new debt from the allowance. Errors: {ILeverageMarket-DebtCapExceeded},
    /// {ILeverageMarket-DebtAllowanceExceeded}.
    /// @param newDebt Loan token units, below 2^128.
    /// @param totalDebt The market's debt including the new debt, loan token units.
    /// @param dailyAllowance Share of the cap, WAD.
    function use(DebtCeiling storage ceiling, uint256 newDebt, uint256 totalDebt, uint256 dailyAllowance) internal {
        uint256 cap = ceiling.cap;
        if (totalDebt > cap) revert ILeverageMarket.DebtCapExceeded(totalDebt, cap);
        uint256 left = _refilled(ceiling, dailyAllowance);
        unchecked {
            if (newDebt * 1 days > left) revert ILeverageMarket.DebtAllowanceExceeded(newDebt, left / 1 days);
            _setAllowance(ceiling, left - newDebt * 1 days);
        }
    }

    /// @notice Returns the part of a repayment that has not aged to the allowance; rounded down.
    /// @param paid Loan token units repaid, at most `debt`.
    /// @param debt Debt before the repayment, loan token units, below 2^165.
    /// @param aged_ From `aged`.
    /// @param dailyAllowance Share of the cap, WAD.
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

    /// @notice Sets the cap. The refill until now is that of the old cap; a lower maximum takes
    /// effect at once.
    /// @param cap Debt cap, loan token units, at most `MAX_CAP`.
    /// @param dailyAllowance Share of the cap, WAD.
    function setCap(DebtCeiling storage ceiling, uint256 cap, uint256 dailyAllowance) internal {
        _setAllowance(ceiling, _refilled(ceiling, dailyAllowance));
        ceiling.cap = uint104(cap);
        _setAllowance(ceiling, _refilled(ceiling, dailyAllowance));
    }

    /// @notice A debt times its age, with an age of at most a day. Neither borrowing nor repaying
    /// changes it: new debt has no age, and the youngest debt is repaid first.
    /// @param debt Loan token units, below 2^165.
    /// @param drawnAt From `drawTime`.
    /// @return Loan token units times 1/256 of a second.
    function aged(uint256 debt, uint256 drawnAt) internal view returns (uint256) {
        unchecked {
            return debt * Math.min(uint40(block.timestamp * TICKS - drawnAt), DAY_TICKS);
        }
    }

    /// @notice The average time at which a debt was drawn, rounded down.
    /// @param debt Loan token units.
    /// @param aged_ From `aged`, before the change of the debt.
    /// @return Draw time in 1/256 of a Unix second, the lower 40 bits; zero without debt.
    function drawTime(uint256 debt, uint256 aged_) internal view returns (uint256) {
        if (debt == 0) return 0;
        unchecked {
            return block.timestamp * TICKS - Math.min((aged_ + debt - 1) / debt, DAY_TICKS);
        }
    }

    /// @dev The allowance now, loan token units times seconds; exact.
    function _refilled(DebtCeiling storage ceiling, uint256 dailyAllowance) private view returns (uint256) {
        // Read the slot once.
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
