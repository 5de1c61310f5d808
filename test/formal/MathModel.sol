// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice The proofs' assumptions about OpenZeppelin's `Math`. They are compiled with this library
/// instead, since the model checker can't handle the original's assembly. Products are exact below
/// 2^256 only; a proof that exceeds this fails by the overflow here.
library Math {
    enum Rounding {
        Floor,
        Ceil
    }

    function max(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a : b;
    }

    function min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function saturatingSub(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a - b : 0;
    }

    function ceilDiv(uint256 a, uint256 b) internal pure returns (uint256) {
        return a == 0 ? 0 : (a - 1) / b + 1;
    }

    function mulDiv(uint256 x, uint256 y, uint256 denominator) internal pure returns (uint256) {
        return (x * y) / denominator;
    }

    function mulDiv(uint256 x, uint256 y, uint256 denominator, Rounding rounding) internal pure returns (uint256) {
        uint256 product = x * y;
        return rounding == Rounding.Ceil ? ceilDiv(product, denominator) : product / denominator;
    }

    function mul512(uint256 a, uint256 b) internal pure returns (uint256 high, uint256 low) {
        return (0, a * b);
    }

    function log2(uint256 x) internal pure returns (uint256 result) {
        if (x >= 2 ** 128) (x, result) = (x / 2 ** 128, result + 128);
        if (x >= 2 ** 64) (x, result) = (x / 2 ** 64, result + 64);
        if (x >= 2 ** 32) (x, result) = (x / 2 ** 32, result + 32);
        if (x >= 2 ** 16) (x, result) = (x / 2 ** 16, result + 16);
        if (x >= 2 ** 8) (x, result) = (x / 2 ** 8, result + 8);
        if (x >= 2 ** 4) (x, result) = (x / 2 ** 4, result + 4);
        if (x >= 2 ** 2) (x, result) = (x / 2 ** 2, result + 2);
        if (x >= 2) result += 1;
    }
}
