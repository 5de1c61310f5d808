// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";

/// @title SharesMath
/// @notice Conversions between the assets of a vault and its shares. One virtual asset unit and a
/// million virtual share units prevent anyone from moving the share price of an empty vault.
library SharesMath {
    uint256 internal constant VIRTUAL_SHARES = 1e6;
    uint256 private constant VIRTUAL_ASSETS = 1;
    /// @dev Most share units of one asset unit at which deposits are open: a million times the
    /// initial ones.
    uint256 private constant MOST_SHARES_OF_A_UNIT = VIRTUAL_SHARES * 1e6;

    /// @notice Share units of an amount of assets. Errors: {ILeverageMarket-AmountTooLarge}.
    /// @param assets Asset units.
    /// @param supply Total shares, below 2^255.
    /// @param total Total assets, below 2^255.
    /// @param rounding Floor or Ceil.
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

    /// @notice Asset units of an amount of shares. Errors: {ILeverageMarket-AmountTooLarge}.
    /// @param shares Share units.
    /// @param supply Total shares, below 2^255.
    /// @param total Total assets, below 2^255.
    /// @param rounding Floor or Ceil.
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

    /// @notice Whether all assets, or all but a millionth, are lost. Then deposits are closed: one
    /// asset unit would be worth more share units than contracts that hold shares may be able to
    /// store. A small remainder of the last withdrawal does not close deposits.
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
        // The product nearly always fits 256 bits, and then needs no 512-bit division.
        uint256 quotient = high == 0 ? low / z : Math.mulDiv(x, y, z);
        if (rounding == Math.Rounding.Floor || mulmod(x, y, z) == 0) return quotient;
        if (quotient == type(uint256).max) revert ILeverageMarket.AmountTooLarge(x);
        return quotient + 1;
    }
}
