// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LeverageMath} from "../../../contracts/libraries/LeverageMath.sol";
import {LiquidationMath} from "../../../contracts/libraries/LiquidationMath.sol";
import {Limit} from "../../../contracts/types/MarketTypes.sol";
import {ModelLenders} from "./ModelLenders.sol";
import {ModelLimits} from "./ModelLimits.sol";

/// @notice The amounts of one position's liquidation.
abstract contract ModelLiquidationAmounts is ModelLenders, ModelLimits {
    /// @dev Amounts of one position, or the sums of a batch.
    struct Amounts {
        uint256 shares;
        uint256 seized;
        uint256 payment;
        uint256 fee;
    }

    /// @dev A position at the price of its liquidation.
    struct PricedPosition {
        uint256 price;
        uint256 debt;
        uint256 value;
        uint256 budget;
    }

    /// @dev Zeros for a position that is skipped.
    /// @param fee Share of the bonus for the buffer, WAD.
    function _amountsOf(
        ModelPosition memory held,
        uint256 price,
        uint256 fee,
        uint256 budget
    ) internal view returns (Amounts memory nothing) {
        uint256 debt = LeverageMath.debtUp(held.debtShares, _index);
        PricedPosition memory priced = PricedPosition(
            price,
            debt,
            LeverageMath.valueDown(held.collateral, price),
            budget
        );
        uint256 limit = _limit(Limit.LiquidationLeverage);
        if (priced.value * (limit - ONE_X) >= debt * limit) return nothing;
        if (priced.value * WAD < debt * (WAD + params.config.bonusMin)) return _insolventAmounts(held, priced, fee);
        return _solventAmounts(held.debtShares, priced, fee);
    }

    /// @dev Down to the target, or the whole position if dust would be left.
    function _solventAmounts(
        uint256 debtShares,
        PricedPosition memory priced,
        uint256 fee
    ) private view returns (Amounts memory amounts) {
        uint256 bonus = _bonus(priced);
        uint256 feeRate = Math.ceilDiv(bonus * fee, WAD);
        uint256 repaid = LiquidationMath.repaymentToTarget(
            priced.debt,
            priced.value,
            params.config.targetLeverage,
            bonus
        );
        // Shares are whole: less than one is rounded up to one.
        if (repaid * WAD < _index) repaid = Math.ceilDiv(_index, WAD);
        uint256 affordable = (Math.min(priced.budget, 2 * priced.debt) * WAD) / (WAD + feeRate);
        repaid = LiquidationMath.withoutDust(repaid, affordable, priced.debt, params.config.minDebt);
        amounts.shares = repaid == priced.debt ? debtShares : LeverageMath.sharesDown(repaid, _index);
        uint256 effective = LeverageMath.debtDown(amounts.shares, _index);
        amounts.seized = LeverageMath.collateralDown((effective * (WAD + bonus)) / WAD, priced.price);
        amounts.fee = Math.ceilDiv(effective * feeRate, WAD);
        amounts.payment = LeverageMath.debtUp(amounts.shares, _index) + amounts.fee;
    }

    /// @dev The same proportion of debt shares and of collateral; all of both if the budget
    /// suffices.
    function _insolventAmounts(
        ModelPosition memory held,
        PricedPosition memory priced,
        uint256 fee
    ) private view returns (Amounts memory amounts) {
        (amounts.shares, amounts.seized) = (held.debtShares, held.collateral);
        amounts.payment = _priceOfInsolvent(held.collateral, priced.price, fee);
        if (amounts.payment > priced.budget) {
            // Less three units, for three roundings of the payment and one of the debt.
            uint256 payable_ = priced.budget > 3 ? priced.budget - 3 : 0;
            uint256 repaid = (priced.debt * payable_) / amounts.payment;
            repaid = LiquidationMath.withoutDust(repaid, repaid, priced.debt, params.config.minDebt);
            amounts.seized = (LeverageMath.sharesDown(repaid, _index) * held.collateral) / held.debtShares;
            amounts.shares = Math.ceilDiv(amounts.seized * held.debtShares, held.collateral);
            amounts.payment = _priceOfInsolvent(amounts.seized, priced.price, fee);
        }
        uint256 owed = LeverageMath.debtUp(amounts.shares, _index);
        amounts.fee = amounts.payment > owed ? amounts.payment - owed : 0;
    }

    /// @dev The value less the least bonus, plus the buffer's share of that bonus; both rounded up.
    function _priceOfInsolvent(uint256 amount, uint256 price, uint256 fee) private view returns (uint256 due) {
        uint256 value = LeverageMath.valueUp(amount, price);
        due = Math.ceilDiv(value * WAD, WAD + params.config.bonusMin);
        due += Math.ceilDiv((value - due) * fee, WAD);
    }

    function _bonus(PricedPosition memory priced) private view returns (uint256) {
        (uint256 least, uint256 most, uint256 slope) = (
            params.config.bonusMin,
            params.config.bonusMax,
            params.config.bonusSlope
        );
        return LiquidationMath.bonus(priced.debt, priced.value, _limit(Limit.LiquidationLeverage), least, most, slope);
    }
}
