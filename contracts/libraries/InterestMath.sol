// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {AdaptiveCurve} from "./AdaptiveCurve.sol";
import {Exponential} from "./Exponential.sol";
import {LeverageMath} from "./LeverageMath.sol";

/// @title InterestMath
/// @notice Growth of the borrow index by interest over a time without any other change.
library InterestMath {
    uint256 private constant WAD = LeverageMath.WAD;
    /// @dev e^60 takes any index to its maximum of 96 bits; a larger exponent would only leave the
    /// range of `exp`.
    uint256 private constant MAX_EXPONENT = 60e18;
    /// @dev In multiples of `minDebt`. A sweep over debts, times, leverage and rates
    /// (`test/attacks/EmptyMarket.t.sol`) shows: with ten, a borrower who is also the only lender
    /// needs a debt above seven times `minDebt` to gain from interest that nobody pays.
    uint256 private constant VIRTUAL_CASH = 10;

    /// @notice The cash that the curve counts: the market's cash plus virtual cash, so that a tiny
    /// market can't be driven to full utilization, at which interest soon exceeds any collateral.
    /// Above zero.
    /// @param cash Loan token units, below 2^128.
    /// @param minDebt Least debt of a position, loan token units, above zero and below 2^112.
    function countedCash(uint256 cash, uint256 minDebt) internal pure returns (uint256) {
        unchecked {
            return cash + VIRTUAL_CASH * minDebt;
        }
    }

    /// @notice Borrow index and rate at target at the time `to`. Never reverts: an index or a rate
    /// that no longer moves is better than a market in which nobody can repay. The index is at
    /// least `index` and never falls as `to` rises, because every step of the computation is
    /// monotonic in time.
    /// @param index Borrow index, WAD, below 2^96. Its growth is rounded up, to at most 2^96 - 1.
    /// @param rateAtTarget Rate at target, per second, WAD, within the curve's bounds.
    /// @param debtShares Debt shares of all positions, below 2^128.
    /// @param cash From `countedCash`.
    /// @param from Unix seconds, below 2^40.
    /// @param to Unix seconds, at least `from`, below 2^40.
    /// @return newIndex The index at `to`.
    /// @return newRateAtTarget The rate at target at `to`.
    function accrue(
        uint256 index,
        uint256 rateAtTarget,
        uint256 debtShares,
        uint256 cash,
        uint256 from,
        uint256 to
    ) internal pure returns (uint256 newIndex, uint256 newRateAtTarget) {
        if (to == from) return (index, rateAtTarget);
        // Rates stay below 2^64, times below 2^40, indices below 2^96, and e^60 below 2^147:
        // nothing overflows.
        unchecked {
            uint256 elapsed = to - from;
            // Without debt there is no utilization to adapt to.
            if (debtShares == 0) return (index, AdaptiveCurve.relax(rateAtTarget, elapsed));
            int256 err = AdaptiveCurve.utilizationError(LeverageMath.debtDown(debtShares, index), cash);
            uint256 integral;
            (rateAtTarget, integral) = AdaptiveCurve.adapt(rateAtTarget, err, elapsed);
            uint256 exponent = Math.min(AdaptiveCurve.borrowRate(integral, err), MAX_EXPONENT);
            uint256 growth = Exponential.exp(int256(exponent)) - WAD;
            return (Math.min(index + (index * growth + WAD - 1) / WAD, type(uint96).max), rateAtTarget);
        }
    }

    /// @notice The borrow rate, per second, WAD, rounded down; the lowest rate of the curve without
    /// debt.
    /// @param rateAtTarget Rate at target, per second, WAD.
    /// @param debt Loan token units, below 2^150.
    /// @param cash From `countedCash`.
    function borrowRate(uint256 rateAtTarget, uint256 debt, uint256 cash) internal pure returns (uint256) {
        return AdaptiveCurve.borrowRate(rateAtTarget, AdaptiveCurve.utilizationError(debt, cash));
    }
}
