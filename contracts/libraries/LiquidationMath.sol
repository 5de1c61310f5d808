// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LiquidationAmounts, LiquidationTerms} from "../types/LiquidationTypes.sol";
import {LeverageMath} from "./LeverageMath.sol";

/// @title LiquidationMath
/// @notice How much a liquidation repays and what it earns. Debt and values in loan token units, bonus and fees in WAD,
/// leverage in four decimals. Nothing overflows for debts below 2^149, which caps of 112 bits and an index of 96 see to.
library LiquidationMath {
    uint256 private constant WAD = LeverageMath.WAD;
    uint256 private constant ONE = LeverageMath.ONE;

    /// @notice What a position loses and its liquidator pays: all zero for a healthy or empty one, or if the budget does not
    /// suffice. No LTV rises by it, and no split of it takes more.
    /// @param debtShares The position's.
    /// @param collateral The position's, collateral token units.
    /// @param budget Most to pay, loan token units.
    function amounts(
        LiquidationTerms memory terms,
        uint256 debtShares,
        uint256 collateral,
        uint256 budget
    ) internal pure returns (LiquidationAmounts memory none) {
        uint256 debt = LeverageMath.debtUp(debtShares, terms.index);
        uint256 value = LeverageMath.valueDown(collateral, terms.price);
        if (LeverageMath.isWithin(debt, value, terms.liquidationLeverage)) return none;
        // Above the limit a position is worth less than its debt times L/(L - 1), which is at most 10,001: less than 2^163.
        unchecked {
            return
                value * WAD >= (WAD + terms.bonusMin) * debt
                    ? _toTarget(terms, debtShares, debt, value, budget)
                    : _proRata(terms, debtShares, collateral, debt, budget);
        }
    }

    /// @notice Adds the amounts of one liquidation to the sums of its batch, which stay within what the market holds.
    function add(LiquidationAmounts memory sums, LiquidationAmounts memory one) internal pure {
        unchecked {
            sums.shares += one.shares;
            sums.seized += one.seized;
            sums.payment += one.payment;
            sums.fee += one.fee;
        }
    }

    /// @notice `min(bonusMax, bonusMin + slope * (1 - HF), C/D - 1)`, but never below `bonusMin`; rounded down.
    /// @dev Along a liquidation `C/D` rises, unless all of `C/D - 1` is the bonus: then it stays. So the bonus never rises from
    /// one part of a liquidation to the next, and splitting gains nothing.
    /// @param debt `D`, of a position above the liquidation limit.
    /// @param value `C`, at least `D`.
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

    /// @notice What to repay so that the position stands at `target`: `(T*D - (T-1)*C) / (T - (1+b)*(T-1))`, rounded up.
    /// At most `debt`, since `C >= (1 + b) * D`.
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

    /// @notice What to repay when at most `affordable` can be paid and no debt below `minDebt` may be left: all of it rather than
    /// leave dust, less than wanted rather than pay too much, zero if neither can be had.
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

    /// @dev A solvent position. The debt repaid is rounded down twice and the collateral with it, so that LTV can't rise, not
    /// even by a wei: collateral seized per share is at most (1 + b) * index / price, and the position holds more per share.
    function _toTarget(
        LiquidationTerms memory terms,
        uint256 debtShares,
        uint256 debt,
        uint256 value,
        uint256 budget
    ) private pure returns (LiquidationAmounts memory) {
        uint256 rate = bonus(debt, value, terms.liquidationLeverage, terms.bonusMin, terms.bonusMax, terms.bonusSlope);
        // Debts have less than 2^149, rates are at most one.
        unchecked {
            uint256 feeRate = (rate * terms.fee + WAD - 1) / WAD;
            // No budget above twice the debt makes a difference.
            uint256 affordable = (Math.min(budget, 2 * debt) * WAD) / (WAD + feeRate);
            // A share at least: at a huge index the target may lie within the first one.
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

    /// @dev An insolvent position, or one without collateral. Linear in the shares burned: splitting gains nothing. What is
    /// paid for the collateral counts as repayment up to the debt burned; the buffer's share of the bonus as well.
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
            // Rounded up: the payment three times, and the debt once. Together that is less than four units, so at most three.
            uint256 affordable = Math.mulDiv(debt, Math.saturatingSub(budget, 3), payment);
            uint256 repaid = withoutDust(affordable, affordable, debt, terms.minDebt);
            // Products of two values of 128 bits.
            unchecked {
                seized = (LeverageMath.sharesDown(repaid, terms.index) * collateral) / debtShares;
                // Only the shares that this much collateral stands for: or else debt would go unpaid where it rounds to nothing.
                shares = Math.ceilDiv(seized * debtShares, collateral);
            }
            payment = _insolventPayment(terms, seized);
        }
        uint256 fee = Math.saturatingSub(payment, LeverageMath.debtUp(shares, terms.index));
        return LiquidationAmounts(shares, seized, payment, fee);
    }

    /// @dev Price of collateral from an insolvent position: its value less the least bonus, and the buffer's share of the
    /// bonus on top; each rounded up, so that no collateral is free.
    function _insolventPayment(LiquidationTerms memory terms, uint256 collateral) private pure returns (uint256) {
        // It is worth at most twice its debt, which has less than 2^149; rates are at most one.
        unchecked {
            uint256 value = LeverageMath.valueUp(collateral, terms.price);
            uint256 payment = Math.ceilDiv(value * WAD, WAD + terms.bonusMin);
            return payment + Math.ceilDiv((value - payment) * terms.fee, WAD);
        }
    }
}
