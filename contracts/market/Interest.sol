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
        Totals memory books = _totals;
        IndexAndLimits memory state = _accrued(_state, books);
        uint256 debt = LeverageMath.debtDown(books.debtShares, state.borrowIndex);
        uint256 rate = debt == 0
            ? AdaptiveCurve.borrowRate(state.rateAtTarget, -int256(WAD))
            : AdaptiveCurve.borrowRate(state.rateAtTarget, AdaptiveCurve.utilizationError(debt, books.cash));
        return (state.borrowIndex, rate, state.rateAtTarget, _state.lastAccrual);
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
    function _index() internal view returns (uint256) {
        return _accrued(_state, _totals).borrowIndex;
    }

    /// @dev Charges interest up to now and returns the books for the caller to work on.
    function _accrue() internal returns (IndexAndLimits memory state, Totals memory books) {
        state = _state;
        books = _totals;
        if (state.lastAccrual == block.timestamp) return (state, books);

        state = _accrued(state, books);
        _state = state;
        emit Accrued(state.borrowIndex, state.rateAtTarget);
    }

    /// @dev `state` as an accrual in this block would leave it. Never reverts: an index or a rate that no longer moves
    /// is better than a market in which nobody can repay.
    function _accrued(
        IndexAndLimits memory state,
        Totals memory books
    ) internal view returns (IndexAndLimits memory) {
        uint256 elapsed = block.timestamp - state.lastAccrual;
        state.lastAccrual = uint40(block.timestamp);
        // With nothing borrowed there is no utilization to react to.
        if (elapsed == 0 || books.debtShares == 0) return state;

        uint256 debt = LeverageMath.debtDown(books.debtShares, state.borrowIndex);
        int256 err = AdaptiveCurve.utilizationError(debt, books.cash);
        (uint256 rateAtTarget, uint256 averageRate) = AdaptiveCurve.adapt(state.rateAtTarget, err, elapsed);
        uint256 exponent = Math.min(AdaptiveCurve.borrowRate(averageRate, err) * elapsed, MAX_EXPONENT);
        uint256 growth = Exponential.exp(int256(exponent)) - WAD;
        uint256 index = state.borrowIndex + Math.ceilDiv(state.borrowIndex * growth, WAD);

        // Both fit: the curve bounds the rate, `min` the index.
        state.rateAtTarget = uint48(rateAtTarget);
        state.borrowIndex = uint96(Math.min(index, type(uint96).max));
        return state;
    }
}
