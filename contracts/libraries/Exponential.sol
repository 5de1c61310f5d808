// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Exponential
/// @notice The natural exponential and logarithm in WAD. It uses only additions, multiplications,
/// truncating divisions and shifts, so that other languages can reproduce it exactly.
library Exponential {
    int256 private constant RAY = 1e27;
    int256 private constant LN2_RAY = 693_147_180_559_945_309_417_232_121;
    /// @dev `q` below has 1/16 of the exponent: |q| < ln(2)/16 = 0.0433, so that the terms from
    /// q^10/10! on are below 1e-20.
    int256 private constant HALVINGS = 16;

    /// @notice e^x, WAD, with a relative error below 1e-18 plus one unit of the result; rounded
    /// down. Never falls as `x` rises.
    /// @param x Exponent, WAD, from -42e18 to 110e18. The caller ensures the range; nothing is
    /// checked.
    function exp(int256 x) internal pure returns (uint256) {
        // Nothing overflows in the stated range: every value stays below 2^(91 + 110/ln 2) < 2^251.
        unchecked {
            int256 ray = x * 1e9;
            int256 powerOfTwo = ray / LN2_RAY;
            int256 q = (ray - powerOfTwo * LN2_RAY) / HALVINGS;
            // Horner's scheme, unrolled: a loop would triple the cost.
            int256 sum = RAY + q / 9;
            sum = RAY + (q * sum) / (8 * RAY);
            sum = RAY + (q * sum) / (7 * RAY);
            sum = RAY + (q * sum) / (6 * RAY);
            sum = RAY + (q * sum) / (5 * RAY);
            sum = RAY + (q * sum) / (4 * RAY);
            sum = RAY + (q * sum) / (3 * RAY);
            sum = RAY + (q * sum) / (2 * RAY);
            sum = RAY + (q * sum) / RAY;
            uint256 y = uint256(sum);
            y = (y * y) / 1e27;
            y = (y * y) / 1e27;
            y = (y * y) / 1e27;
            y = (y * y) / 1e27;
            return (powerOfTwo < 0 ? y >> uint256(-powerOfTwo) : y << uint256(powerOfTwo)) / 1e9;
        }
    }

    /// @notice ln(x), WAD, exact to a few units of the last digit.
    /// @param x WAD, from 1e-6 to 1e6. The caller ensures the range.
    function ln(uint256 x) internal pure returns (int256 y) {
        // Below one, e^y has too few digits to compare with.
        if (x < 1e18) return -ln(1e36 / x);
        // The first guess comes from the highest bit and is off by at most ln 2. Halley's method on
        // e^y = x then triples the number of correct digits with each step.
        y = ((int256(Math.log2(x)) - 60) * LN2_RAY) / 1e9;
        for (uint256 i = 0; i < 4; ++i) {
            int256 e = int256(exp(y));
            y += (2e18 * (int256(x) - e)) / (int256(x) + e);
        }
    }
}
