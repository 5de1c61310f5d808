// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title PackedPrice
/// @notice Prices of up to 192 bits in 88 bits, so that two of them share a slot: the 80 leading
/// bits and their shift.
library PackedPrice {
    uint256 private constant DIGITS = 80;
    uint256 private constant SHIFT_BITS = 8;

    /// @notice The price after packing and unpacking.
    /// @param price Below 2^192.
    function cutDown(uint256 price) internal pure returns (uint256) {
        return unpack(packDown(price));
    }

    /// @notice Packs a price, rounded down by less than one part in 2^79; exact below 2^80.
    /// @param price Below 2^192.
    function packDown(uint256 price) internal pure returns (uint88) {
        uint256 shift = Math.saturatingSub(Math.log2(price), DIGITS - 1);
        return uint88(((price >> shift) << SHIFT_BITS) | shift);
    }

    /// @notice The price that was packed, as rounded.
    /// @param packed From `packDown`.
    function unpack(uint88 packed) internal pure returns (uint256) {
        return (uint256(packed) >> SHIFT_BITS) << (packed & (2 ** SHIFT_BITS - 1));
    }
}
