// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {AdaptiveCurve} from "../libraries/AdaptiveCurve.sol";
import {Exponential} from "../libraries/Exponential.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";
import {MarketStorage} from "./MarketStorage.sol";

/// @title Interest
/// @notice Charges interest by raising the borrow index.
abstract contract Interest is MarketStorage {
    /// @dev e^60 takes any index past its 96 bits, where it stays; more would only leave the range of `exp`.
    uint256 private constant MAX_EXPONENT = 60e18;

    /// @inheritdoc ILeverageMarket
    function accrue() external {
        _accrue();
    }

    /// @inheritdoc ILeverageMarket
    function interest()
        external
        view
        returns (uint256 borrowIndex, uint256 borrowRate, uint256 rateAtTarget, uint256 lastAccrual)
    {
        lastAccrual = _state.lastAccrual;
        (borrowIndex, rateAtTarget) = _accrued(_state.borrowIndex, _state.rateAtTarget, lastAccrual);
        uint256 debt = LeverageMath.debtDown(_totals.debtShares, borrowIndex);
        int256 err = debt == 0 ? -int256(WAD) : AdaptiveCurve.utilizationError(debt, _totals.cash);
        borrowRate = AdaptiveCurve.borrowRate(rateAtTarget, err);
    }

    /// @inheritdoc ILeverageMarket
    function totalDebt() external view returns (uint256) {
        return LeverageMath.debtUp(_totals.debtShares, _index());
    }

    /// @inheritdoc ILeverageMarket
    function debtOf(address account) external view returns (uint256) {
        return LeverageMath.debtUp(_positions[account].debtShares, _index());
    }

    /// @dev The borrow index as of now.
    function _index() internal view returns (uint256 index) {
        (index, ) = _accrued(_state.borrowIndex, _state.rateAtTarget, _state.lastAccrual);
    }

    /// @dev Charges interest up to now, once a block.
    function _accrue() internal returns (uint256 index) {
        index = _state.borrowIndex;
        uint256 rateAtTarget = _state.rateAtTarget;
        uint256 lastAccrual = _state.lastAccrual;
        if (lastAccrual == block.timestamp) return index;

        (index, rateAtTarget) = _accrued(index, rateAtTarget, lastAccrual);
        // Both fit: the curve bounds the rate, `_accrued` the index.
        _state.borrowIndex = uint96(index);
        _state.rateAtTarget = uint48(rateAtTarget);
        _state.lastAccrual = uint40(block.timestamp);
        emit Accrued(index, rateAtTarget);
    }

    /// @dev Index and rate as an accrual in this block leaves them. Never reverts: an index or a rate that no longer moves is
    /// better than a market in which nobody can repay.
    function _accrued(
        uint256 index,
        uint256 rateAtTarget,
        uint256 lastAccrual
    ) private view returns (uint256, uint256) {
        // Rates stay below 2^64, times below 2^40, indices below 2^96, and e^60 below 2^147: nothing overflows.
        unchecked {
            uint256 elapsed = block.timestamp - lastAccrual;
            uint256 debtShares = _totals.debtShares;
            // With nothing borrowed there is no utilization to react to.
            if (elapsed == 0 || debtShares == 0) return (index, rateAtTarget);

            int256 err = AdaptiveCurve.utilizationError(LeverageMath.debtDown(debtShares, index), _totals.cash);
            uint256 averageRate;
            (rateAtTarget, averageRate) = AdaptiveCurve.adapt(rateAtTarget, err, elapsed);
            uint256 exponent = Math.min(AdaptiveCurve.borrowRate(averageRate, err) * elapsed, MAX_EXPONENT);
            uint256 growth = Exponential.exp(int256(exponent)) - WAD;
            return (Math.min(index + (index * growth + WAD - 1) / WAD, type(uint96).max), rateAtTarget);
        }
    }
}
