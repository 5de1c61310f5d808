// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LeverageMath} from "../libraries/LeverageMath.sol";
import {MarketStorage} from "./MarketStorage.sol";

/// @title LeverageLimits
/// @notice The checks that bound leverage and debt, of a position and of the market.
abstract contract LeverageLimits is MarketStorage {
    /// @dev A price that can't be used is refused, whatever the oracle took it for.
    function _checkPrice(uint256 price) internal pure returns (uint256) {
        if (price == 0 || price > LeverageMath.MAX_PRICE) revert InvalidPrice(price);
        return price;
    }

    function _openPrice() internal view returns (uint256 price) {
        (price, ) = ORACLE.prices();
        return _checkPrice(price);
    }

    function _liquidationPrice() internal view returns (uint256 price) {
        (uint256 open, uint256 liquidation) = ORACLE.prices();
        return _checkPrice(Math.max(open, liquidation));
    }

    /// @dev Opening limit of a position.
    function _checkPosition(
        IndexAndLimits memory state,
        uint256 price,
        uint256 debtShares,
        uint256 collateral
    ) internal pure {
        uint256 debt = LeverageMath.debtUp(debtShares, state.borrowIndex);
        uint256 value = LeverageMath.valueDown(collateral, price);
        if (!LeverageMath.isWithin(debt, value, state.maxLeverage)) {
            revert LeverageAboveMaximum(debt, value, state.maxLeverage);
        }
    }

    /// @dev System cap.
    function _checkSystem(
        IndexAndLimits memory state,
        uint256 price,
        uint256 debtShares,
        uint256 collateral
    ) internal pure {
        uint256 debt = LeverageMath.debtUp(debtShares, state.borrowIndex);
        uint256 value = LeverageMath.valueDown(collateral, price);
        if (!LeverageMath.isWithin(debt, value, state.systemLeverageCap)) {
            revert SystemLeverageAboveCap(debt, value, state.systemLeverageCap);
        }
    }

    function _checkMinDebt(uint256 debtShares, uint256 index) internal view {
        if (debtShares == 0) return;
        uint256 debt = LeverageMath.debtUp(debtShares, index);
        if (debt < MIN_DEBT) revert DebtBelowMinimum(debt, MIN_DEBT);
    }

    /// @dev Debt ceiling and its speed limit: new debt uses up the allowance, repayments don't give it back.
    function _useAllowance(uint256 newDebt, uint256 totalDebtAfter) internal {
        DebtCeiling memory ceiling = _refilled();
        if (totalDebtAfter > ceiling.cap) revert DebtCapExceeded(totalDebtAfter, ceiling.cap);
        if (newDebt > ceiling.allowance) revert DebtAllowanceExceeded(newDebt, ceiling.allowance);
        // Just compared.
        unchecked {
            ceiling.allowance -= uint112(newDebt);
        }
        _ceiling = ceiling;
    }

    /// @dev The bucket holds what refills in a day. Rounded down.
    function _refilled() internal view returns (DebtCeiling memory ceiling) {
        ceiling = _ceiling;
        uint256 bucket = (ceiling.cap * DAILY_ALLOWANCE) / WAD;
        // The clock of 32 bits is good until 2106; its difference works beyond.
        unchecked {
            uint256 refill = (bucket * uint32(uint32(block.timestamp) - ceiling.lastRefill)) / 1 days;
            ceiling.allowance = uint112(Math.min(bucket, ceiling.allowance + refill));
        }
        ceiling.lastRefill = uint32(block.timestamp);
    }
}
