// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title SharesMath
/// @notice Conversions between the assets of a vault and its shares. A million virtual shares per virtual asset make an
/// empty vault's share price immovable.
library SharesMath {
    uint256 internal constant VIRTUAL_SHARES = 1e6;
    uint256 private constant VIRTUAL_ASSETS = 1;

    /// @notice What the amount converts to has more than 256 bits.
    error AmountTooLarge(uint256 amount);

    /// @notice Shares worth `assets`.
    /// @param supply Total shares, below 2^255.
    /// @param total Total assets, below 2^255.
    function toShares(
        uint256 assets,
        uint256 supply,
        uint256 total,
        Math.Rounding rounding
    ) internal pure returns (uint256) {
        unchecked {
            return _mulDiv(assets, supply + VIRTUAL_SHARES, total + VIRTUAL_ASSETS, rounding);
        }
    }

    /// @notice Assets that `shares` are worth.
    /// @param supply Total shares, below 2^255.
    /// @param total Total assets, below 2^255.
    function toAssets(
        uint256 shares,
        uint256 supply,
        uint256 total,
        Math.Rounding rounding
    ) internal pure returns (uint256) {
        unchecked {
            return _mulDiv(shares, total + VIRTUAL_ASSETS, supply + VIRTUAL_SHARES, rounding);
        }
    }

    /// @notice After a total loss the old shares would own all that comes in, so nobody may come in. Dust that a withdrawal by
    /// assets has left, no more than the virtual shares, closes nothing: it takes less than a unit.
    function isClosed(uint256 supply, uint256 total) internal pure returns (bool) {
        return total == 0 && supply > VIRTUAL_SHARES;
    }

    function _mulDiv(uint256 x, uint256 y, uint256 z, Math.Rounding rounding) private pure returns (uint256) {
        (uint256 high, uint256 low) = Math.mul512(x, y);
        if (high >= z) revert AmountTooLarge(x);
        // As good as always the product has 256 bits, and needs no division of more.
        uint256 quotient = high == 0 ? low / z : Math.mulDiv(x, y, z);
        return rounding == Math.Rounding.Ceil && mulmod(x, y, z) != 0 ? quotient + 1 : quotient;
    }
}
