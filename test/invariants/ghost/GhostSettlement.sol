// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LeverageMath} from "../../../contracts/libraries/LeverageMath.sol";
import {LiquidationMath} from "../../../contracts/libraries/LiquidationMath.sol";
import {Limit} from "../../../contracts/types/MarketTypes.sol";
import {GhostLenders} from "./GhostLenders.sol";
import {GhostLimits} from "./GhostLimits.sol";

/// @notice What the liquidation of one position moves.
abstract contract GhostSettlement is GhostLenders, GhostLimits {
    /// @dev Of one position, or the sum of a batch.
    struct Settled {
        uint256 shares;
        uint256 seized;
        uint256 payment;
        uint256 fee;
    }

    /// @dev A position at the price of its liquidation.
    struct Case {
        uint256 price;
        uint256 debt;
        uint256 value;
        uint256 budget;
    }

    /// @dev Zeros for one that is skipped.
    /// @param fee Share of the bonus for the buffer, WAD.
    function _settle(
        Held memory held,
        uint256 price,
        uint256 fee,
        uint256 budget
    ) internal view returns (Settled memory nothing) {
        uint256 debt = LeverageMath.debtUp(held.debtShares, _index);
        Case memory here = Case(price, debt, LeverageMath.valueDown(held.collateral, price), budget);
        uint256 limit = _limit(Limit.LiquidationLeverage);
        if (here.value * (limit - 10_000) >= debt * limit) return nothing;
        if (here.value * WAD < debt * (WAD + subject.config[3])) return _settleInsolvent(held, here, fee);
        return _settleSolvent(held.debtShares, here, fee);
    }

    /// @dev Down to the target, or whole where dust would be left.
    function _settleSolvent(
        uint256 debtShares,
        Case memory here,
        uint256 fee
    ) private view returns (Settled memory settled) {
        uint256 bonus = _bonus(here);
        uint256 feeRate = Math.ceilDiv(bonus * fee, WAD);
        uint256 repaid = LiquidationMath.repaymentToTarget(here.debt, here.value, subject.config[0], bonus);
        uint256 affordable = (Math.min(here.budget, 2 * here.debt) * WAD) / (WAD + feeRate);
        repaid = LiquidationMath.withoutDust(repaid, affordable, here.debt, subject.config[10]);
        settled.shares = repaid == here.debt ? debtShares : LeverageMath.sharesDown(repaid, _index);
        uint256 effective = LeverageMath.debtDown(settled.shares, _index);
        settled.seized = LeverageMath.collateralDown((effective * (WAD + bonus)) / WAD, here.price);
        settled.fee = Math.ceilDiv(effective * feeRate, WAD);
        settled.payment = LeverageMath.debtUp(settled.shares, _index) + settled.fee;
    }

    /// @dev As many of the debt shares as of the collateral, all of both if the budget suffices.
    function _settleInsolvent(
        Held memory held,
        Case memory here,
        uint256 fee
    ) private view returns (Settled memory settled) {
        (settled.shares, settled.seized) = (held.debtShares, held.collateral);
        settled.payment = _priceOfInsolvent(held.collateral, here.price, fee);
        if (settled.payment > here.budget) {
            // Less three units, for what three roundings of the payment and one of the debt come to.
            uint256 payable_ = here.budget > 3 ? here.budget - 3 : 0;
            uint256 repaid = (here.debt * payable_) / settled.payment;
            repaid = LiquidationMath.withoutDust(repaid, repaid, here.debt, subject.config[10]);
            settled.seized = (LeverageMath.sharesDown(repaid, _index) * held.collateral) / held.debtShares;
            settled.shares = Math.ceilDiv(settled.seized * held.debtShares, held.collateral);
            settled.payment = _priceOfInsolvent(settled.seized, here.price, fee);
        }
        uint256 owed = LeverageMath.debtUp(settled.shares, _index);
        settled.fee = settled.payment > owed ? settled.payment - owed : 0;
    }

    /// @dev The value less the least bonus, and on top the buffer's share of that bonus; both up.
    function _priceOfInsolvent(uint256 amount, uint256 price, uint256 fee) private view returns (uint256 due) {
        uint256 value = LeverageMath.valueUp(amount, price);
        due = Math.ceilDiv(value * WAD, WAD + subject.config[3]);
        due += Math.ceilDiv((value - due) * fee, WAD);
    }

    function _bonus(Case memory here) private view returns (uint256) {
        (uint256 least, uint256 most, uint256 slope) = (subject.config[3], subject.config[4], subject.config[5]);
        return LiquidationMath.bonus(here.debt, here.value, _limit(Limit.LiquidationLeverage), least, most, slope);
    }
}
