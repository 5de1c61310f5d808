// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title DecimalFloat
/// @notice Amounts with three decimal digits in 16 bits: ten bits for the digits, six for the power
/// of ten.
library DecimalFloat {
    uint256 private constant DIGIT_BITS = 10;
    uint256 private constant MAX_DIGITS = 999;

    /// @notice Encodes the first three digits of an amount. The others are dropped, which lowers it
    /// by less than a hundredth.
    /// @param amount Below 2^128.
    /// @return code Below 2^16.
    function encodeDown(uint256 amount) internal pure returns (uint256 code) {
        // The power is at most 36.
        unchecked {
            uint256 power = 0;
            for (; amount > MAX_DIGITS; ++power) amount /= 10;
            return (power << DIGIT_BITS) | amount;
        }
    }

    /// @notice The amount that a code represents.
    /// @param code From `encodeDown`.
    function decode(uint256 code) internal pure returns (uint256) {
        unchecked {
            return (code % (1 << DIGIT_BITS)) * 10 ** (code >> DIGIT_BITS);
        }
    }
}
