// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {LiquidationMath} from "../../contracts/libraries/LiquidationMath.sol";
import {LimitRules} from "../../contracts/libraries/LimitRules.sol";
import {Test} from "../utils/Test.sol";

contract LiquidationMathTest is Test {
    uint256 private constant WAD = 1e18;
    uint256 private constant ONE = 10_000;

    struct Terms {
        uint256 debt;
        uint256 value;
        uint256 limit;
        uint256 target;
        uint256 bonusMin;
        uint256 bonusMax;
        uint256 slope;
    }

    // ------------------------------------------------------------------ bonus

    function test_BonusIsTheLeastAtTheLimit() public pure {
        // At 6.5x the health factor is one.
        assertEq(LiquidationMath.bonus(55, 65, 65_000, 0.02e18, 0.08e18, 0.5e18), 0.02e18);
    }

    function test_BonusRisesWithTheSlope() public pure {
        // HF = 18,500 * 5.5/6.5 / 16,000 = 0.978365384...
        assertEq(LiquidationMath.bonus(16_000e6, 18_500e6, 65_000, 0.02e18, 0.08e18, 0.5e18), 30817307692307692);
    }

    function test_BonusIsAtMostTheGreatest() public pure {
        assertEq(LiquidationMath.bonus(16_000e6, 18_500e6, 65_000, 0.02e18, 0.03e18, 0.5e18), 0.03e18);
    }

    function test_BonusIsAtMostTheExcess() public pure {
        // C/D - 1 = 5%.
        assertEq(LiquidationMath.bonus(16_000e6, 16_800e6, 65_000, 0.02e18, 0.08e18, 0.5e18), 0.05e18);
    }

    function test_BonusIsNeverBelowTheLeast() public pure {
        // C/D - 1 = 1%, and nothing.
        assertEq(LiquidationMath.bonus(100, 101, 65_000, 0.02e18, 0.08e18, 0.5e18), 0.02e18);
        assertEq(LiquidationMath.bonus(100, 100, 65_000, 0.02e18, 0.08e18, 0.5e18), 0.02e18);
    }

    function testFuzz_BonusStaysWithinItsBounds(Terms memory terms) public pure {
        boundTerms(terms);
        uint256 bonus = bonusOf(terms);
        assertGe(bonus, terms.bonusMin);
        assertLe(bonus, terms.bonusMax);
        // The position can pay it for all of its debt.
        assertLe((WAD + bonus) * terms.debt, terms.value * WAD);
        if (bonus > terms.bonusMin) assertLe(bonus * terms.debt, (terms.value - terms.debt) * WAD);
    }

    // ------------------------------------------------------------------ repayment

    function test_RepaymentToTarget() public pure {
        // (4.5 * 16,000 - 3.5 * 18,500) / (4.5 - 1.0308173 * 3.5)
        assertEq(LiquidationMath.repaymentToTarget(16_000e6, 18_500e6, 45_000, 30817307692307692), 8_126_532_482);
    }

    function test_RepaymentIsTheDebtWhenTheBonusTakesAllCollateral() public pure {
        assertEq(LiquidationMath.repaymentToTarget(100e6, 102e6, 45_000, 0.02e18), 100e6);
    }

    function testFuzz_RepaymentReachesTheTargetAndNotMore(Terms memory terms) public pure {
        boundTerms(terms);
        uint256 bonus = bonusOf(terms);
        uint256 repaid = LiquidationMath.repaymentToTarget(terms.debt, terms.value, terms.target, bonus);
        assertGt(repaid, 0);
        assertLe(repaid, terms.debt);
        assertTrue(stands(terms, bonus, repaid));
        assertFalse(stands(terms, bonus, repaid - 1));
    }

    // ------------------------------------------------------------------ dust

    function test_RepaysWhatIsWantedIfEnoughIsLeft() public pure {
        assertEq(LiquidationMath.withoutDust(300, 1000, 1000, 100), 300);
        assertEq(LiquidationMath.withoutDust(900, 1000, 1000, 100), 900);
    }

    function test_RepaysAllRatherThanLeaveDust() public pure {
        assertEq(LiquidationMath.withoutDust(901, 1000, 1000, 100), 1000);
        assertEq(LiquidationMath.withoutDust(10, 100, 99, 100), 99);
    }

    function test_RepaysLessRatherThanPayTooMuch() public pure {
        assertEq(LiquidationMath.withoutDust(300, 200, 1000, 100), 200);
        // All would be due, only 950 can be had: 50 would be dust.
        assertEq(LiquidationMath.withoutDust(901, 950, 1000, 100), 900);
    }

    function test_RepaysNothingIfAllIsDueAndTooMuch() public pure {
        assertEq(LiquidationMath.withoutDust(10, 98, 99, 100), 0);
        assertEq(LiquidationMath.withoutDust(300, 0, 1000, 100), 0);
    }

    function testFuzz_NeverLeavesDust(uint256 wanted, uint256 affordable, uint256 debt, uint256 minDebt) public pure {
        debt = bound(debt, 1, 2 ** 149);
        minDebt = bound(minDebt, 1, 2 ** 112);
        wanted = bound(wanted, 1, debt);
        uint256 repaid = LiquidationMath.withoutDust(wanted, affordable, debt, minDebt);
        assertLe(repaid, affordable);
        assertLe(repaid, debt);
        assertTrue(repaid == 0 || repaid == debt || debt - repaid >= minDebt, "dust");
        // Never less than wanted, but for want of money; never more, but to leave no dust.
        if (repaid < wanted) assertTrue(affordable < debt, "less than could be had");
        if (repaid > wanted) assertTrue(repaid == debt && debt - wanted < minDebt, "more than was wanted");
    }

    // ------------------------------------------------------------------ helpers

    function bonusOf(Terms memory terms) private pure returns (uint256) {
        return LiquidationMath.bonus(terms.debt, terms.value, terms.limit, terms.bonusMin, terms.bonusMax, terms.slope);
    }

    /// @dev Whether the position is at the target after a repayment, with what is seized not rounded.
    function stands(Terms memory terms, uint256 bonus, uint256 repaid) private pure returns (bool) {
        uint256 debt = (terms.debt - repaid) * WAD;
        uint256 value = terms.value * WAD - (WAD + bonus) * repaid;
        return debt * terms.target <= value * (terms.target - ONE);
    }

    /// @dev A liquidatable, solvent position in a market that the factory would create.
    function boundTerms(Terms memory terms) private pure {
        terms.limit = bound(terms.limit, 12_000, 400_000);
        terms.target = bound(terms.target, ONE + 1, terms.limit - 1);
        terms.bonusMin = bound(terms.bonusMin, 0, 0.2e18);
        terms.bonusMax = bound(terms.bonusMax, terms.bonusMin, 0.3e18);
        terms.slope = bound(terms.slope, 0, WAD);
        terms.debt = bound(terms.debt, 1e4, 2 ** 112);
        vm.assume(LimitRules.isPayable(terms.limit, terms.bonusMin, terms.bonusMax, 1));
        uint256 least = (terms.debt * (WAD + terms.bonusMin) + WAD - 1) / WAD;
        // Just above the limit: D * L > C * (L - 1).
        uint256 most = (terms.debt * terms.limit - 1) / (terms.limit - ONE);
        vm.assume(least <= most);
        terms.value = bound(terms.value, least, most);
        assertFalse(LeverageMath.isWithin(terms.debt, terms.value, terms.limit));
    }
}
