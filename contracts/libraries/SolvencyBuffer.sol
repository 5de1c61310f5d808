// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Buffer} from "../types/MarketBooks.sol";
import {LeverageMath} from "./LeverageMath.sol";
import {SharesMath} from "./SharesMath.sol";

/// @title SolvencyBuffer
/// @notice What is due to the buffer. Rates in WAD.
library SolvencyBuffer {
    uint256 private constant WAD = LeverageMath.WAD;
    uint256 private constant FRACTION_BITS = 16;

    /// @notice Whether the buffer has reached its target, at which the fee on interest stops. What is borrowed doesn't change
    /// that: so no borrower changes by it what shares are worth. Fees of liquidations are taken all the same: if they stopped, a
    /// liquidator could bring that about between two parts.
    /// @param held The buffer's shares, a part of `supply`.
    /// @param supply Total shares, below 2^128.
    /// @param target Share of all shares, at most one.
    function isFull(uint256 held, uint256 supply, uint256 target) internal pure returns (bool) {
        unchecked {
            return held != 0 && held * WAD >= supply * target;
        }
    }

    /// @notice Shares for the fees that are due, rounded down: pending ones, and a share of the growth of total assets since the
    /// last time, less what liquidations paid in fees; none on growth once the buffer is full. Saturating, like the borrow
    /// index: an absurd amount of interest must not lock the lenders in.
    /// @param buffer Its pending fees are a part of `total`.
    /// @param supply Total shares, below 2^128.
    /// @param last Total assets of the last time, below 2^128.
    /// @param total Total assets now, below 2^165; more than 128 bits count as so many.
    /// @param interestFee Share of the growth, at most one half.
    /// @param target As for `isFull`.
    /// @return shares What the buffer gets.
    /// @return fraction What is left of a unit of the fees, for the next time: dropped instead, lender actions in quick
    /// succession would cost a small market's buffer nearly all of its fees. In 2^-16 loan token units.
    function dueShares(
        Buffer memory buffer,
        uint256 supply,
        uint256 last,
        uint256 total,
        uint256 interestFee,
        uint256 target
    ) internal pure returns (uint256 shares, uint256 fraction) {
        unchecked {
            uint256 fee = buffer.pendingFees;
            fraction = buffer.feeFraction;
            uint256 charged = last + fee;
            uint256 capped = Math.min(total, type(uint128).max);
            if (capped > charged && !isFull(buffer.shares, supply, target)) {
                fraction += (((capped - charged) * interestFee) << FRACTION_BITS) / WAD;
                fee += fraction >> FRACTION_BITS;
            }
            fraction %= 1 << FRACTION_BITS;
            if (fee == 0) return (0, fraction);
            shares = SharesMath.toShares(fee, supply, total - fee, Math.Rounding.Floor);
            shares = Math.min(shares, type(uint128).max - supply);
        }
    }
}
