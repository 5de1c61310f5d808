// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {InterestMath} from "../libraries/InterestMath.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";
import {ShareToken} from "./ShareToken.sol";

/// @title Interest
/// @notice Charges interest by raising the borrow index.
abstract contract Interest is ShareToken {
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
        lastAccrual = _withAllBits(lastAccrual);
        uint256 debt = LeverageMath.debtDown(_totals.debtShares, borrowIndex);
        borrowRate = InterestMath.borrowRate(rateAtTarget, debt, _countedCash());
    }

    /// @inheritdoc ILeverageMarket
    function totalDebt() external view returns (uint256) {
        return LeverageMath.debtUp(_totals.debtShares, _index());
    }

    /// @inheritdoc ILeverageMarket
    function debtOf(address account) external view returns (uint256) {
        return LeverageMath.debtUp(position[account].debtShares, _index());
    }

    /// @dev Charges interest up to now, once a block.
    function _accrue() internal returns (uint256 index) {
        index = _state.borrowIndex;
        (uint256 rateAtTarget, uint256 lastAccrual) = (_state.rateAtTarget, _state.lastAccrual);
        if (lastAccrual == uint32(block.timestamp)) return index;
        (index, rateAtTarget) = _accrued(index, rateAtTarget, lastAccrual);
        // Both fit: the curve bounds the rate, and `InterestMath` bounds the index.
        _state.borrowIndex = uint96(index);
        _state.rateAtTarget = uint40(rateAtTarget);
        _state.lastAccrual = uint32(block.timestamp);
        emit Accrued(index, rateAtTarget);
    }

    /// @dev The borrow index as of now.
    function _index() internal view returns (uint256 index) {
        (index, ) = _accrued(_state.borrowIndex, _state.rateAtTarget, _state.lastAccrual);
    }

    /// @dev Index and rate at target after an accrual in this block.
    /// @param last Time of the last accrual, the lower 32 bits.
    function _accrued(uint256 index, uint256 rateAtTarget, uint256 last) private view returns (uint256, uint256) {
        uint256 shares = _totals.debtShares;
        return InterestMath.accrue(index, rateAtTarget, shares, _countedCash(), _withAllBits(last), block.timestamp);
    }

    /// @dev Unix seconds of a time within the last 136 years, from its lower 32 bits. An earlier
    /// time is off by 136 years.
    function _withAllBits(uint256 last) private view returns (uint256) {
        unchecked {
            return block.timestamp - uint32(block.timestamp - last);
        }
    }

    function _countedCash() private view returns (uint256) {
        return InterestMath.countedCash(_totals.cash, MIN_DEBT);
    }
}
