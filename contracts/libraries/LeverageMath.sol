// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title LeverageMath
/// @notice Leverage `L = C / (C - D)` of debt `D` against collateral of value `C`, with four
/// decimals, compared by multiplication only.
library LeverageMath {
    /// @notice Leverage of 1x: no debt.
    uint256 internal constant ONE = 10_000;
    uint256 internal constant WAD = 1e18;
    /// @notice Scale of oracle prices.
    uint256 internal constant PRICE_SCALE = 1e36;
    /// @notice Largest price at which no product in a market overflows: collateral below 2^128 then
    /// has a value below 2^201, which is multiplied by a leverage (24 bits).
    uint256 internal constant MAX_PRICE = type(uint192).max;

    /// @notice Whether `L <= leverage`, computed as `D * leverage <= C * (leverage - 1)`: exact,
    /// and false for `D > C`.
    /// @param debt Loan token units.
    /// @param collateralValue Loan token units.
    /// @param leverage Four decimals, at least 1x.
    function isWithin(uint256 debt, uint256 collateralValue, uint256 leverage) internal pure returns (bool) {
        // Debts are below 2^165, values below 2^201 (see MAX_PRICE), leverages have 24 bits.
        unchecked {
            return debt * leverage <= collateralValue * (leverage - ONE);
        }
    }

    /// @notice Value of collateral in loan token units, rounded down.
    /// @param collateral Collateral token units.
    /// @param price Scaled as in `IPriceOracle`.
    function valueDown(uint256 collateral, uint256 price) internal pure returns (uint256) {
        return Math.mulDiv(collateral, price, PRICE_SCALE);
    }

    /// @notice Value of collateral in loan token units, rounded up.
    /// @param collateral Collateral token units.
    /// @param price Scaled as in `IPriceOracle`.
    function valueUp(uint256 collateral, uint256 price) internal pure returns (uint256) {
        return Math.mulDiv(collateral, price, PRICE_SCALE, Math.Rounding.Ceil);
    }

    /// @notice Collateral token units of value `value`, rounded down.
    /// @param value Loan token units.
    /// @param price Scaled as in `IPriceOracle`.
    function collateralDown(uint256 value, uint256 price) internal pure returns (uint256) {
        return Math.mulDiv(value, PRICE_SCALE, price);
    }

    // Nothing overflows in the following: shares have 128 bits, an index has 96 bits and is at
    // least one WAD; debts are debts of shares, or at most the cash of a market, which has 128
    // bits.

    /// @notice Debt of debt shares in loan token units, rounded down.
    /// @param shares Debt shares.
    /// @param index Borrow index, WAD.
    function debtDown(uint256 shares, uint256 index) internal pure returns (uint256) {
        unchecked {
            return (shares * index) / WAD;
        }
    }

    /// @notice Debt of debt shares in loan token units, rounded up.
    /// @param shares Debt shares.
    /// @param index Borrow index, WAD.
    function debtUp(uint256 shares, uint256 index) internal pure returns (uint256) {
        unchecked {
            return (shares * index + WAD - 1) / WAD;
        }
    }

    /// @notice Debt shares of a debt, rounded down.
    /// @param debt Loan token units.
    /// @param index Borrow index, WAD.
    function sharesDown(uint256 debt, uint256 index) internal pure returns (uint256) {
        unchecked {
            return (debt * WAD) / index;
        }
    }

    /// @notice Debt shares of a debt, rounded up.
    /// @param debt Loan token units.
    /// @param index Borrow index, WAD.
    function sharesUp(uint256 debt, uint256 index) internal pure returns (uint256) {
        unchecked {
            return (debt * WAD + index - 1) / index;
        }
    }
}
