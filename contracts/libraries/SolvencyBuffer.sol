// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Buffer} from "../types/MarketBooks.sol";
import {LeverageMath} from "./LeverageMath.sol";
import {SharesMath} from "./SharesMath.sol";

/// @title SolvencyBuffer
/// @notice Fees that are due to the solvency buffer. Rates are WAD.
library SolvencyBuffer {
    uint256 private constant WAD = LeverageMath.WAD;
    uint256 private constant FRACTIONS = 2 ** 16;

    /// @notice Whether the buffer has reached its target, at which the fee on interest stops. It
    /// does not depend on the debt, so no borrower can change the share price by it. Liquidation
    /// fees are charged at any buffer level: otherwise splitting a liquidation could avoid them.
    /// @param held The buffer's shares, a part of `supply`.
    /// @param supply Total shares, below 2^128.
    /// @param target Target as a share of all shares, WAD, at most one.
    function isFull(uint256 held, uint256 supply, uint256 target) internal pure returns (bool) {
        unchecked {
            return held != 0 && held * WAD >= supply * target;
        }
    }

    /// @notice Shares for the fees that are due, rounded down. They saturate, like the borrow
    /// index: an absurd amount of interest must not block withdrawals.
    /// @param buffer Its pending fees are a part of `total`.
    /// @param supply Total shares, below 2^128.
    /// @param last Total assets when the fee was last taken, below 2^128.
    /// @param total Total assets now, below 2^165.
    /// @param interestFee Share of the growth, WAD, at most one half.
    /// @param target As in `isFull`.
    /// @return shares Share units for the buffer.
    /// @return fraction As in `dueFees`.
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

    /// @notice The fees that are due, rounded down: pending liquidation fees, and a share of the
    /// growth of total assets since the fee was last taken, without those liquidation fees.
    /// @param buffer Its pending fees are a part of `total`.
    /// @param last Total assets when the fee was last taken, below 2^128.
    /// @param total Total assets now, below 2^165; at most 2^128 - 1 of them count.
    /// @param interestFee Share of the growth, WAD, at most one half.
    /// @return fee Loan token units, at most `total`.
    /// @return fraction Remainder below one unit, in 2^-16 loan token units, kept for the next
    /// time: without it, frequent lender actions would cost the buffer of a small market nearly all
    /// of its fees.
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
