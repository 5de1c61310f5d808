// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";

/// @title SharesMath
/// @notice Conversions between the assets of a vault and its shares. A million virtual shares per virtual asset make an
/// empty vault's share price immovable.
library SharesMath {
    uint256 internal constant VIRTUAL_SHARES = 1e6;
    uint256 private constant VIRTUAL_ASSETS = 1;
    /// @dev Shares that a unit may be worth for others to come in: a million times those that it is worth at first.
    uint256 private constant MOST_SHARES_OF_A_UNIT = VIRTUAL_SHARES * 1e6;

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

    /// @notice Whether all is lost, or all but a millionth. Then nobody may come in: each unit would be a great many shares, more
    /// than contracts that hold them may have room for. Dust that the last withdrawal has left closes nothing: it is what a
    /// unit is at most.
    /// @param supply Total shares.
    /// @param total Total assets, below 2^200.
    function isClosed(uint256 supply, uint256 total) internal pure returns (bool) {
        unchecked {
            return supply > (total + VIRTUAL_ASSETS) * MOST_SHARES_OF_A_UNIT;
        }
    }

    function _mulDiv(uint256 x, uint256 y, uint256 z, Math.Rounding rounding) private pure returns (uint256) {
        (uint256 high, uint256 low) = Math.mul512(x, y);
        if (high >= z) revert ILeverageMarket.AmountTooLarge(x);
        // As good as always the product has 256 bits, and needs no division of more.
        uint256 quotient = high == 0 ? low / z : Math.mulDiv(x, y, z);
        if (rounding == Math.Rounding.Floor || mulmod(x, y, z) == 0) return quotient;
        if (quotient == type(uint256).max) revert ILeverageMarket.AmountTooLarge(x);
        return quotient + 1;
    }
}
