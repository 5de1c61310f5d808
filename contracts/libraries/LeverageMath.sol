// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title LeverageMath
/// @notice Leverage `L = C / (C - D)` of debt `D` against collateral worth `C`, in four decimals, as multiplications only.
library LeverageMath {
    /// @notice Leverage of 1x: no debt.
    uint256 internal constant ONE = 10_000;
    uint256 internal constant WAD = 1e18;
    /// @notice Scale of oracle prices.
    uint256 internal constant PRICE_SCALE = 1e36;
    /// @notice Prices up to here can't overflow any product in a market: collateral below 2^128 is then worth less than
    /// 2^201, times a leverage (24 bits).
    uint256 internal constant MAX_PRICE = type(uint192).max;

    /// @notice Whether `L <= leverage`, which is `D * L <= C * (L - 1)`: exact, and false for `D > C`.
    /// @param debt Loan token units.
    /// @param collateralValue Loan token units.
    /// @param leverage Four decimals, at least 1x.
    function isWithin(uint256 debt, uint256 collateralValue, uint256 leverage) internal pure returns (bool) {
        // Debts have less than 2^165, values less than 2^201 (see MAX_PRICE), leverages 24 bits.
        unchecked {
            return debt * leverage <= collateralValue * (leverage - ONE);
        }
    }

    /// @notice Value of collateral in loan token units, rounded down.
    function valueDown(uint256 collateral, uint256 price) internal pure returns (uint256) {
        return Math.mulDiv(collateral, price, PRICE_SCALE);
    }

    /// @notice Value of collateral in loan token units, rounded up.
    function valueUp(uint256 collateral, uint256 price) internal pure returns (uint256) {
        return Math.mulDiv(collateral, price, PRICE_SCALE, Math.Rounding.Ceil);
    }

    /// @notice Collateral worth `value`, rounded down.
    function collateralDown(uint256 value, uint256 price) internal pure returns (uint256) {
        return Math.mulDiv(value, PRICE_SCALE, price);
    }

    // In the following nothing overflows: shares have 128 bits, an index 96 and is at least one WAD; debts are of shares, or
    // no greater than the cash of a market, which has 128 bits.

    /// @notice Debt of shares at a borrow index, rounded down.
    function debtDown(uint256 shares, uint256 index) internal pure returns (uint256) {
        unchecked {
            return (shares * index) / WAD;
        }
    }

    /// @notice Debt of shares at a borrow index, rounded up.
    function debtUp(uint256 shares, uint256 index) internal pure returns (uint256) {
        unchecked {
            return (shares * index + WAD - 1) / WAD;
        }
    }

    /// @notice Debt shares worth `debt`, rounded down.
    function sharesDown(uint256 debt, uint256 index) internal pure returns (uint256) {
        unchecked {
            return (debt * WAD) / index;
        }
    }

    /// @notice Debt shares worth `debt`, rounded up.
    function sharesUp(uint256 debt, uint256 index) internal pure returns (uint256) {
        unchecked {
            return (debt * WAD + index - 1) / index;
        }
    }
}
