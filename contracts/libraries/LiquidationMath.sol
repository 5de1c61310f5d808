// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LiquidationAmounts, LiquidationTerms} from "../types/LiquidationTypes.sol";
import {LeverageMath} from "./LeverageMath.sol";

/// @title LiquidationMath
/// @notice Repayment and bonus of a liquidation. Debt and values are loan token units, bonus and
/// fees WAD, leverage has four decimals. Nothing overflows for debts below 2^149, which caps of 112
/// bits and an index of 96 bits guarantee.
library LiquidationMath {
    uint256 private constant WAD = LeverageMath.WAD;
    uint256 private constant ONE = LeverageMath.ONE;

    /// @notice Amounts of a liquidation: all zero for a healthy or empty position, or if the budget
    /// does not suffice. It never raises the LTV, and splitting it never seizes more.
    /// @param terms Terms of the batch.
    /// @param debtShares Debt shares of the position.
    /// @param collateral Collateral of the position, collateral token units.
    /// @param budget Most loan token units to pay.
    function amounts(
        LiquidationTerms memory terms,
        uint256 debtShares,
        uint256 collateral,
        uint256 budget
    ) internal pure returns (LiquidationAmounts memory none) {
        uint256 debt = LeverageMath.debtUp(debtShares, terms.index);
        uint256 value = LeverageMath.valueDown(collateral, terms.price);
        if (LeverageMath.isWithin(debt, value, terms.liquidationLeverage)) return none;
        // Above the limit the collateral value is below the debt times L/(L - 1), which is at most
        // 10,001: below 2^163.
        unchecked {
            return
                value * WAD >= (WAD + terms.bonusMin) * debt
                    ? _toTarget(terms, debtShares, debt, value, budget)
                    : _proRata(terms, debtShares, collateral, debt, budget);
        }
    }

    /// @notice Adds the amounts of one liquidation to the sums of its batch, which are at most the
    /// market's totals.
    /// @param sums Sums so far; updated in place.
    /// @param one Amounts of one liquidation.
    function add(LiquidationAmounts memory sums, LiquidationAmounts memory one) internal pure {
        unchecked {
            sums.shares += one.shares;
            sums.seized += one.seized;
            sums.payment += one.payment;
            sums.fee += one.fee;
        }
    }

    /// @notice The bonus `min(bonusMax, bonusMin + slope * (1 - HF), C/D - 1)`, but never below
    /// `bonusMin`; WAD, rounded down.
    /// @dev A liquidation raises `C/D`, or leaves it unchanged if the bonus is all of `C/D - 1`. So
    /// the bonus never rises from one part of a liquidation to the next, and splitting gains
    /// nothing.
    /// @param debt `D` of a position above the liquidation limit, loan token units.
    /// @param value `C`, at least `D`, loan token units.
    /// @param liquidationLeverage Liquidation limit, four decimals.
    /// @param bonusMin Least bonus, WAD.
    /// @param bonusMax Greatest bonus, WAD.
    /// @param slope Growth of the bonus per unit of `1 - HF`, WAD.
    function bonus(
        uint256 debt,
        uint256 value,
        uint256 liquidationLeverage,
        uint256 bonusMin,
        uint256 bonusMax,
        uint256 slope
    ) internal pure returns (uint256) {
        unchecked {
            uint256 limitedDebt = debt * liquidationLeverage;
            uint256 health = (value * (liquidationLeverage - ONE) * WAD + limitedDebt - 1) / limitedDebt;
            uint256 rising = bonusMin + (slope * (WAD - health)) / WAD;
            uint256 bearable = ((value - debt) * WAD) / debt;
            return Math.max(bonusMin, Math.min(Math.min(rising, bonusMax), bearable));
        }
    }

    /// @notice The repayment that brings a position to `target`:
    /// `(T*D - (T-1)*C) / (T - (1+b)*(T-1))`, loan token units, rounded up. It is at most `debt`,
    /// because `C >= (1 + b) * D`.
    /// @param debt `D`, loan token units.
    /// @param value `C`, loan token units.
    /// @param target `T`, four decimals.
    /// @param bonusRate `b`, WAD.
    function repaymentToTarget(
        uint256 debt,
        uint256 value,
        uint256 target,
        uint256 bonusRate
    ) internal pure returns (uint256) {
        unchecked {
            uint256 excess = target * debt - (target - ONE) * value;
            uint256 perUnit = target * WAD - (WAD + bonusRate) * (target - ONE);
            return (excess * WAD + perUnit - 1) / perUnit;
        }
    }

    /// @notice The repayment if at most `affordable` can be paid and no debt below `minDebt` may
    /// remain: the whole debt if `wanted` would leave less than `minDebt`; less than wanted if it
    /// is not affordable; zero if neither is possible. In loan token units.
    /// @param wanted Repayment without these bounds.
    /// @param affordable Largest possible repayment.
    /// @param debt Debt of the position.
    /// @param minDebt Least debt that may remain, above zero.
    function withoutDust(
        uint256 wanted,
        uint256 affordable,
        uint256 debt,
        uint256 minDebt
    ) internal pure returns (uint256) {
        uint256 most = Math.saturatingSub(debt, minDebt);
        if (wanted > most) wanted = debt;
        return wanted <= affordable ? wanted : Math.min(affordable, most);
    }

    /// @dev Amounts for a solvent position. The repaid debt is rounded down twice, and the
    /// collateral with it, so that the LTV can't rise even by a wei: the collateral seized per
    /// share is at most (1 + b) * index / price, and the position has at least that much per share.
    function _toTarget(
        LiquidationTerms memory terms,
        uint256 debtShares,
        uint256 debt,
        uint256 value,
        uint256 budget
    ) private pure returns (LiquidationAmounts memory) {
        uint256 rate = bonus(debt, value, terms.liquidationLeverage, terms.bonusMin, terms.bonusMax, terms.bonusSlope);
        // Debts are below 2^149; rates are at most one.
        unchecked {
            uint256 feeRate = (rate * terms.fee + WAD - 1) / WAD;
            // A budget above twice the debt makes no difference.
            uint256 affordable = (Math.min(budget, 2 * debt) * WAD) / (WAD + feeRate);
            // At least one share: at a huge index, repaying part of one share may reach the target.
            uint256 wanted = Math.max(
                repaymentToTarget(debt, value, terms.targetLeverage, rate),
                LeverageMath.debtUp(1, terms.index)
            );
            uint256 repaid = withoutDust(wanted, affordable, debt, terms.minDebt);
            uint256 shares = repaid == debt ? debtShares : LeverageMath.sharesDown(repaid, terms.index);
            uint256 effective = LeverageMath.debtDown(shares, terms.index);
            uint256 seized = LeverageMath.collateralDown(((WAD + rate) * effective) / WAD, terms.price);
            uint256 fee = (effective * feeRate + WAD - 1) / WAD;
            return LiquidationAmounts(shares, seized, LeverageMath.debtUp(shares, terms.index) + fee, fee);
        }
    }

    /// @dev Amounts for an insolvent position, or one without collateral. They are linear in the
    /// burned shares, so splitting gains nothing. The payment, including the buffer's share of the
    /// bonus, counts as repayment up to the burned debt.
    function _proRata(
        LiquidationTerms memory terms,
        uint256 debtShares,
        uint256 collateral,
        uint256 debt,
        uint256 budget
    ) private pure returns (LiquidationAmounts memory) {
        (uint256 shares, uint256 seized) = (debtShares, collateral);
        uint256 payment = _insolventPayment(terms, seized);
        if (payment > budget) {
            // The payment is rounded up three times and the debt once: together by less than four
            // units, so at most three.
            uint256 affordable = Math.mulDiv(debt, Math.saturatingSub(budget, 3), payment);
            uint256 repaid = withoutDust(affordable, affordable, debt, terms.minDebt);
            // Products of two values of 128 bits each.
            unchecked {
                seized = (LeverageMath.sharesDown(repaid, terms.index) * collateral) / debtShares;
                // Only the shares that correspond to the seized collateral: otherwise debt could be
                // burned for collateral that rounds to zero.
                shares = Math.ceilDiv(seized * debtShares, collateral);
            }
            payment = _insolventPayment(terms, seized);
        }
        uint256 fee = Math.saturatingSub(payment, LeverageMath.debtUp(shares, terms.index));
        return LiquidationAmounts(shares, seized, payment, fee);
    }

    /// @dev Payment for collateral of an insolvent position: its value less the least bonus, plus
    /// the buffer's share of the bonus; both rounded up, so that no collateral is free.
    function _insolventPayment(LiquidationTerms memory terms, uint256 collateral) private pure returns (uint256) {
        // The value is at most twice the debt, which is below 2^149; rates are at most one.
        unchecked {
            uint256 value = LeverageMath.valueUp(collateral, terms.price);
            uint256 payment = Math.ceilDiv(value * WAD, WAD + terms.bonusMin);
            return payment + Math.ceilDiv((value - payment) * terms.fee, WAD);
        }
    }
}
