// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LeverageMath} from "../libraries/LeverageMath.sol";
import {OraclePrices} from "../libraries/OraclePrices.sol";
import {MarketStorage} from "./MarketStorage.sol";

/// @title LeverageLimits
/// @notice The checks that bound leverage and debt, of a position and of the market.
abstract contract LeverageLimits is MarketStorage {
    function _openPrice() internal view returns (uint256 price) {
        (price, ) = OraclePrices.read(oracle);
        _checkPrice(price);
    }

    function _liquidationPrice() internal view returns (uint256 price) {
        (uint256 open, uint256 liquidation) = OraclePrices.read(oracle);
        price = Math.max(open, liquidation);
        _checkPrice(price);
    }

    /// @dev Opening limit of a position.
    function _checkPosition(uint256 price, uint256 index, uint256 debtShares, uint256 collateral) internal view {
        uint256 debt = LeverageMath.debtUp(debtShares, index);
        uint256 value = LeverageMath.valueDown(collateral, price);
        uint256 limit = _state.maxLeverage;
        if (!LeverageMath.isWithin(debt, value, limit)) revert LeverageAboveMaximum(debt, value, limit);
    }

    /// @dev System cap.
    function _checkSystem(uint256 price, uint256 index, uint256 debtShares, uint256 collateral) internal view {
        uint256 debt = LeverageMath.debtUp(debtShares, index);
        uint256 value = LeverageMath.valueDown(collateral, price);
        uint256 limit = _state.systemLeverageCap;
        if (!LeverageMath.isWithin(debt, value, limit)) revert SystemLeverageAboveCap(debt, value, limit);
    }

    function _checkMinDebt(uint256 debtShares, uint256 index) internal view {
        uint256 debt = LeverageMath.debtUp(debtShares, index);
        if (debt != 0 && debt < MIN_DEBT) revert DebtBelowMinimum(debt, MIN_DEBT);
    }

    function _checkCollateralCap() internal view {
        (uint256 total, uint256 cap) = (_collateral.total, _collateral.cap);
        if (total > cap) revert CollateralCapExceeded(total, cap);
    }

    /// @dev A price that can't be used is refused, whatever the oracle took it for.
    function _checkPrice(uint256 price) private pure {
        if (price == 0 || price > LeverageMath.MAX_PRICE) revert InvalidPrice(price);
    }
}
