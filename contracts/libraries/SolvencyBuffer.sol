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
    uint256 private constant FRACTIONS = 2 ** 16;

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

    /// @notice Shares for the fees that are due, rounded down. Saturating, like the borrow index: an absurd amount of interest
    /// must not lock the lenders in.
    /// @param buffer Its pending fees are a part of `total`.
    /// @param supply Total shares, below 2^128.
    /// @param last Total assets of the last time, below 2^128.
    /// @param total Total assets now, below 2^165.
    /// @param interestFee Share of the growth, at most one half.
    /// @param target As for `isFull`.
    /// @return shares What the buffer gets.
    /// @return fraction As of `dueFees`.
    function dueShares(
        Buffer memory buffer,
        uint256 supply,
        uint256 last,
        uint256 total,
        uint256 interestFee,
        uint256 target
    ) internal pure returns (uint256 shares, uint256 fraction) {
        uint256 fee;
        (fee, fraction) = dueFees(buffer, last, total, isFull(buffer.shares, supply, target) ? 0 : interestFee);
        if (fee == 0) return (0, fraction);
        unchecked {
            shares = SharesMath.toShares(fee, supply, total - fee, Math.Rounding.Floor);
            shares = Math.min(shares, type(uint128).max - supply);
        }
    }

    /// @notice The fees that are due, rounded down: pending ones, and a share of the growth of total assets since the last time,
    /// less the fees that liquidations paid.
    /// @param buffer Its pending fees are a part of `total`.
    /// @param last Total assets of the last time, below 2^128.
    /// @param total Total assets now, below 2^165; more than 128 bits count as so many.
    /// @param interestFee Share of the growth, at most one half.
    /// @return fee At most `total`. In loan token units.
    /// @return fraction The remainder below a unit, for the next time: dropped instead, lender actions in quick succession would
    /// cost a small market's buffer nearly all of its fees. In 2^-16 loan token units.
    function dueFees(
        Buffer memory buffer,
        uint256 last,
        uint256 total,
        uint256 interestFee
    ) internal pure returns (uint256 fee, uint256 fraction) {
        unchecked {
            fee = buffer.pendingFees;
            fraction = buffer.feeFraction;
            uint256 charged = last + fee;
            uint256 capped = Math.min(total, type(uint128).max);
            if (capped > charged) {
                fraction += ((capped - charged) * interestFee * FRACTIONS) / WAD;
                fee += fraction / FRACTIONS;
            }
            fraction %= FRACTIONS;
        }
    }
}
