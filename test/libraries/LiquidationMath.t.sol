// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {LimitRules} from "../../contracts/libraries/LimitRules.sol";
import {LiquidationMath} from "../../contracts/libraries/LiquidationMath.sol";
import {LiquidationAmounts, LiquidationTerms} from "../../contracts/types/LiquidationTypes.sol";
import {IMathHarness} from "../support/IMathHarness.sol";
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

    /// @dev Compiled like the market: without the optimizer, `amounts` has too many variables.
    IMathHarness private math;

    function setUp() public {
        math = IMathHarness(deployCode("MathHarness.sol:MathHarness", ""));
    }

    // ------------------------------------------------------------------ bonus

    function test_Bonus_IsTheLeastAtTheLimit() public pure {
        // At 6.5x the health factor is one.
        assertEq(LiquidationMath.bonus(55, 65, 65_000, 0.02e18, 0.08e18, 0.5e18), 0.02e18);
    }

    function test_Bonus_RisesWithTheSlope() public pure {
        // HF = 18,500 * 5.5/6.5 / 16,000 = 0.978365384...
        assertEq(LiquidationMath.bonus(16_000e6, 18_500e6, 65_000, 0.02e18, 0.08e18, 0.5e18), 30817307692307692);
    }

    function test_Bonus_IsAtMostTheGreatest() public pure {
        assertEq(LiquidationMath.bonus(16_000e6, 18_500e6, 65_000, 0.02e18, 0.03e18, 0.5e18), 0.03e18);
    }

    function test_Bonus_IsAtMostTheExcess() public pure {
        // C/D - 1 = 5%.
        assertEq(LiquidationMath.bonus(16_000e6, 16_800e6, 65_000, 0.02e18, 0.08e18, 0.5e18), 0.05e18);
    }

    function test_Bonus_IsNeverBelowTheLeast() public pure {
        // C/D - 1 = 1%, and zero.
        assertEq(LiquidationMath.bonus(100, 101, 65_000, 0.02e18, 0.08e18, 0.5e18), 0.02e18);
        assertEq(LiquidationMath.bonus(100, 100, 65_000, 0.02e18, 0.08e18, 0.5e18), 0.02e18);
    }

    /// @dev (5,001 * 7,299e18) / (15,001 * 4,957) leaves a remainder of one: the health factor is
    /// 0.490886499571267908.
    function test_Bonus_HealthRoundsUpAndTheBonusDown() public pure {
        assertEq(LiquidationMath.bonus(4957, 7299, 15_001, 0.02e18, 0.9e18, 0.7e18), 0.376379450300112464e18);
    }

    function testFuzz_Bonus_StaysWithinItsBounds(Terms memory terms) public pure {
        boundTerms(terms);
        uint256 bonus = bonusOf(terms);
        assertGe(bonus, terms.bonusMin);
        assertLe(bonus, terms.bonusMax);
        // The position can pay the bonus on all of its debt.
        assertLe((WAD + bonus) * terms.debt, terms.value * WAD);
        if (bonus > terms.bonusMin) assertLe(bonus * terms.debt, (terms.value - terms.debt) * WAD);
    }

    // ------------------------------------------------------------------ repayment

    function test_RepaymentToTarget_OfAnExample() public pure {
        // (4.5 * 16,000 - 3.5 * 18,500) / (4.5 - 1.0308173 * 3.5)
        assertEq(LiquidationMath.repaymentToTarget(16_000e6, 18_500e6, 45_000, 30817307692307692), 8_126_532_482);
    }

    function test_RepaymentToTarget_IsTheDebtWhenTheBonusTakesAllCollateral() public pure {
        assertEq(LiquidationMath.repaymentToTarget(100e6, 102e6, 45_000, 0.02e18), 100e6);
    }

    /// @dev The division leaves a remainder of one.
    function test_RepaymentToTarget_RoundsUp() public pure {
        uint256 repaid = LiquidationMath.repaymentToTarget(
            855_624_875_024_999_691,
            872_737_372_525_508_970,
            15_001,
            0.02e18 + 1
        );
        assertEq(repaid, 855_624_875_024_995_002);
    }

    function testFuzz_RepaymentToTarget_ReachesTheTargetAndNotMore(Terms memory terms) public pure {
        boundTerms(terms);
        uint256 bonus = bonusOf(terms);
        uint256 repaid = LiquidationMath.repaymentToTarget(terms.debt, terms.value, terms.target, bonus);
        assertGt(repaid, 0);
        assertLe(repaid, terms.debt);
        assertTrue(stands(terms, bonus, repaid));
        assertFalse(stands(terms, bonus, repaid - 1));
    }

    // ------------------------------------------------------------------ dust

    function test_WithoutDust_RepaysTheWantedAmountIfEnoughIsLeft() public pure {
        assertEq(LiquidationMath.withoutDust(300, 1000, 1000, 100), 300);
        assertEq(LiquidationMath.withoutDust(900, 1000, 1000, 100), 900);
    }

    function test_WithoutDust_RepaysAllRatherThanLeaveDust() public pure {
        assertEq(LiquidationMath.withoutDust(901, 1000, 1000, 100), 1000);
        assertEq(LiquidationMath.withoutDust(10, 100, 99, 100), 99);
    }

    function test_WithoutDust_RepaysLessRatherThanPayTooMuch() public pure {
        assertEq(LiquidationMath.withoutDust(300, 200, 1000, 100), 200);
        // All would be due, but only 950 is affordable: the other 50 would be dust.
        assertEq(LiquidationMath.withoutDust(901, 950, 1000, 100), 900);
    }

    function test_WithoutDust_RepaysNothingIfAllIsDueAndTooMuch() public pure {
        assertEq(LiquidationMath.withoutDust(10, 98, 99, 100), 0);
        assertEq(LiquidationMath.withoutDust(300, 0, 1000, 100), 0);
    }

    function testFuzz_WithoutDust_NeverLeavesDust(
        uint256 wanted,
        uint256 affordable,
        uint256 debt,
        uint256 minDebt
    ) public pure {
        debt = bound(debt, 1, 2 ** 149);
        minDebt = bound(minDebt, 1, 2 ** 112);
        wanted = bound(wanted, 1, debt);
        uint256 repaid = LiquidationMath.withoutDust(wanted, affordable, debt, minDebt);
        assertLe(repaid, affordable);
        assertLe(repaid, debt);
        assertTrue(repaid == 0 || repaid == debt || debt - repaid >= minDebt, "dust");
        // Less than wanted only if the budget is too low; more only to avoid dust.
        if (repaid < wanted) assertTrue(affordable < debt, "less than could be had");
        if (repaid > wanted) assertTrue(repaid == debt && debt - wanted < minDebt, "more than was wanted");
    }

    // ---------------------------------------------------------- liquidation of a solvent position

    // 10,001 shares at 1.1 are 11,001.1, and 9,901 units of collateral at 1.3 are 12,871.3: D =
    // 11,002, C = 12,871. HF = 12,871 * 11/13 / 11,002 = 0.98989..., so b = 2% + (1 - HF)/2 =
    // 2.50515...%, and a tenth of it goes to the buffer.

    function test_Amounts_LiquidateToTheTarget() public view {
        // R = (4.5 * 11,002 - 3.5 * 12,871) / (4.5 - 3.5 * 1.0250515) = 4,889.3 up: 4,445.4 shares
        // down, and these 4,889.5 down. Seized: 1.0250515 * 4,889 = 5,011.4 down, in collateral
        // 3,854.6 down. Fee: 12.2 up. Paid: 4,889.5 up, and the fee.
        check(exampleTerms(), 10_001, 9_901, type(uint256).max, LiquidationAmounts(4_445, 3_854, 4_903, 13));
        check(exampleTerms(), 10_001, 9_901, 4_903, LiquidationAmounts(4_445, 3_854, 4_903, 13));
    }

    function test_Amounts_LiquidateWhatTheBudgetPaysFor() public view {
        // 4,902 / 1.0025051 = 4,889.8: one unit less, so one share less.
        check(exampleTerms(), 10_001, 9_901, 4_902, LiquidationAmounts(4_444, 3_853, 4_902, 13));
        // 1,000 / 1.0025051 = 997.5: 906.4 shares, which repay 996.6; 1,020.9 seized, 784.6 of
        // collateral; fee 2.5.
        check(exampleTerms(), 10_001, 9_901, 1_000, LiquidationAmounts(906, 784, 1_000, 3));
    }

    function test_Amounts_LiquidateNothingForLessThanAShare() public view {
        check(exampleTerms(), 10_001, 9_901, 0, LiquidationAmounts(0, 0, 0, 0));
        check(exampleTerms(), 10_001, 9_901, 2, LiquidationAmounts(0, 0, 0, 0));
        // 2.99 for a share of 1.1.
        check(exampleTerms(), 10_001, 9_901, 3, LiquidationAmounts(1, 0, 3, 1));
    }

    function test_Amounts_LiquidateAllRatherThanLeaveDust() public view {
        LiquidationTerms memory t = exampleTerms();
        t.minDebt = 11_002 - 4_890;
        check(t, 10_001, 9_901, type(uint256).max, LiquidationAmounts(4_445, 3_854, 4_903, 13));
        // All shares, which repay 11,001.1 down: 11,276.5 seized, 8,673.8 of collateral; fee 27.6.
        t.minDebt += 1;
        check(t, 10_001, 9_901, type(uint256).max, LiquidationAmounts(10_001, 8_673, 11_030, 28));
        check(t, 10_001, 9_901, 11_030, LiquidationAmounts(10_001, 8_673, 11_030, 28));
        // Too little for all: the most that leaves no dust.
        check(t, 10_001, 9_901, 11_029, LiquidationAmounts(4_444, 3_853, 4_902, 13));
    }

    function test_Amounts_LiquidateAllOrNothingOfASmallDebt() public view {
        LiquidationTerms memory t = exampleTerms();
        t.minDebt = 11_003;
        check(t, 10_001, 9_901, 11_030, LiquidationAmounts(10_001, 8_673, 11_030, 28));
        check(t, 10_001, 9_901, 11_029, LiquidationAmounts(0, 0, 0, 0));
    }

    // One share is worth 1e9 at this index: the repayment for a few shares is less than one of
    // them.

    function test_Amounts_LiquidateAShareIfTheTargetLiesWithinTheFirst() public view {
        LiquidationTerms memory t = exampleTerms();
        (t.index, t.price) = (1e9 * WAD, 1e36);
        // C/D = 1.1812: HF = 1.1812 * 11/13 = 0.99947..., b = 2% + (1 - HF)/2 = 2.026154%. Fee: a
        // tenth of it, up.
        check(t, 1, 1.1812e9, type(uint256).max, LiquidationAmounts(1, 1_020_261_538, 1_002_026_154, 2_026_154));
        check(t, 1, 1.1812e9, 1_002_026_153, LiquidationAmounts(0, 0, 0, 0));
        // The same for two shares: 0.39 * 2 shares would be enough.
        check(t, 2, 2.3624e9, type(uint256).max, LiquidationAmounts(1, 1_020_261_538, 1_002_026_154, 2_026_154));
        // The remaining share would be dust.
        t.minDebt = 1e9 + 1;
        check(t, 2, 2.3624e9, type(uint256).max, LiquidationAmounts(2, 2_040_523_076, 2_004_052_308, 4_052_308));
    }

    /// @dev At an index of 1e9 and a half, rounding the value of a share down would repay less than
    /// one.
    function test_Amounts_LiquidateAShareAtAnIndexThatIsNoWholeNumber() public view {
        LiquidationTerms memory t = exampleTerms();
        (t.index, t.price) = (1e9 * WAD + WAD / 2, 1e36);
        assertEq(math.amounts(t, 2, 2.3624e9, type(uint256).max).shares, 1);
    }

    function testFuzz_Amounts_EnoughBudgetLiquidatesEveryPositionAboveTheLimit(
        uint256 index,
        uint256 shares,
        uint256 minDebt,
        uint256 ratio
    ) public view {
        LiquidationTerms memory t = exampleTerms();
        t.price = 1e36;
        t.index = bound(index, WAD, type(uint96).max);
        shares = bound(shares, 1, shares % 2 == 0 ? 10 : type(uint64).max);
        t.minDebt = bound(minDebt, 1, LeverageMath.debtUp(2 * shares, t.index));
        uint256 debt = LeverageMath.debtUp(shares, t.index);
        uint256 collateral = (debt * bound(ratio, 0, 1.2e18)) / WAD;
        LiquidationAmounts memory result = math.amounts(t, shares, collateral, type(uint256).max);
        assertTrue((result.shares != 0) == !LeverageMath.isWithin(debt, collateral, t.liquidationLeverage));
    }

    function test_Amounts_FeeRoundsUpTwice() public view {
        LiquidationTerms memory t = exampleTerms();
        (t.index, t.price, t.minDebt) = (WAD, 1e36, 2e18);
        (t.bonusMin, t.bonusMax, t.bonusSlope) = (1, 1, 0);
        // A rate of 1e-18 times a share of 1e-18 is a fee rate of 1e-18.
        t.fee = 1;
        check(t, 1e18 + 1, 1.17e18, type(uint256).max, LiquidationAmounts(1e18 + 1, 1e18 + 2, 1e18 + 3, 2));
        // And by no more, if there is nothing to round.
        t.fee = WAD;
        check(t, 1e18, 1.17e18, type(uint256).max, LiquidationAmounts(1e18, 1e18 + 1, 1e18 + 1, 1));
    }

    // ------------------------------------------------------------------ where liquidation starts

    function test_Amounts_LiquidateNothingWithinTheLimit() public view {
        LiquidationTerms memory t = exampleTerms();
        t.minDebt = 1;
        // 50 shares are 55, and 50 of collateral are worth 65: 6.5x. With one less they are worth
        // 63.7.
        check(t, 50, 50, 1_000, LiquidationAmounts(0, 0, 0, 0));
        check(t, 50, 49, 1_000, LiquidationAmounts(28, 23, 32, 1));
    }

    function test_Amounts_DebtRoundsUpAgainstTheBorrower() public view {
        LiquidationTerms memory t = exampleTerms();
        t.minDebt = 1;
        // 53.9 and 63.7: a debt of 53 would be 6.3x, one of 54 is 7x.
        check(t, 49, 49, 1_000, LiquidationAmounts(22, 18, 26, 1));
    }

    function test_Amounts_ValueRoundsDownAgainstTheBorrower() public view {
        LiquidationTerms memory t = exampleTerms();
        (t.price, t.minDebt) = (1.32e36, 1);
        // 49 at 1.32 is 64.68: at 65 it would be 6.5x.
        check(t, 50, 49, 1_000, LiquidationAmounts(24, 19, 28, 1));
    }

    function test_Amounts_LiquidateNothingOfNothing() public view {
        check(exampleTerms(), 0, 0, 1_000, LiquidationAmounts(0, 0, 0, 0));
        check(exampleTerms(), 0, 9_901, 1_000, LiquidationAmounts(0, 0, 0, 0));
    }

    function test_Amounts_SolventUpToTheLeastBonusExactly() public view {
        // D = 550. 432 of collateral are worth 561, the debt and 2%: 299.4 can be repaid, with
        // 271.8 shares.
        check(exampleTerms(), 500, 432, 300, LiquidationAmounts(271, 233, 300, 1));
        // 431 are worth 560.3, which is less: pro rata.
        check(exampleTerms(), 500, 431, 300, LiquidationAmounts(268, 231, 297, 2));
    }

    // ------------------------------------------------------- liquidation of an insolvent position

    function test_Amounts_TakeAllOfAnInsolventPosition() public view {
        // 5,001 of collateral are worth 6,501.3: 6,502 / 1.02 = 6,374.5 up, and a tenth of the
        // other 127. All of it repays.
        check(exampleTerms(), 10_001, 5_001, type(uint256).max, LiquidationAmounts(10_001, 5_001, 6_388, 0));
        check(exampleTerms(), 10_001, 5_001, 6_388, LiquidationAmounts(10_001, 5_001, 6_388, 0));
    }

    function test_Amounts_TakeAPartOfAnInsolventPosition() public view {
        // 11,002 * (999 - 3) / 6,388 = 1,715.3: 1,559.1 shares, for 779.6 of collateral; for these
        // 1,557.8 shares are burned, up. 1,012.7 of value, up: 993.1 up, and a tenth of the other
        // 19.
        check(exampleTerms(), 10_001, 5_001, 999, LiquidationAmounts(1_558, 779, 996, 0));
        check(exampleTerms(), 10_001, 5_001, 5, LiquidationAmounts(2, 1, 2, 0));
        check(exampleTerms(), 10_001, 5_001, 4, LiquidationAmounts(0, 0, 0, 0));
        check(exampleTerms(), 10_001, 5_001, 2, LiquidationAmounts(0, 0, 0, 0));
    }

    function test_Amounts_FeeOfAnInsolventPositionIsTheExcessOverItsDebt() public view {
        // 8,632 of collateral are worth 11,221.6: 11,222 / 1.02 = 11,001.96 up, and 22 of the other
        // 220. The debt takes 11,002.
        check(exampleTerms(), 10_001, 8_632, type(uint256).max, LiquidationAmounts(10_001, 8_632, 11_024, 22));
        // 561 / 1.02 = 550 for a debt of 550; and a tenth of the other 11, up.
        check(exampleTerms(), 500, 431, type(uint256).max, LiquidationAmounts(500, 431, 552, 2));
    }

    function test_Amounts_LeaveNoDustOfAnInsolventPosition() public view {
        LiquidationTerms memory t = exampleTerms();
        // At least half of the debt can be repaid: 11,002 * 6,384 / 6,388 = 10,995.1.
        t.minDebt = 5_501;
        // 5,501 of 11,002: 5,000.9 shares, for 2,500.2 of collateral, and 4,999.5 shares up.
        check(t, 10_001, 5_001, 6_387, LiquidationAmounts(5_000, 2_500, 3_194, 0));
        t.minDebt = 11_003;
        check(t, 10_001, 5_001, 6_387, LiquidationAmounts(0, 0, 0, 0));
        check(t, 10_001, 5_001, 6_388, LiquidationAmounts(10_001, 5_001, 6_388, 0));
    }

    function test_Amounts_WriteOffADebtWithoutCollateral() public view {
        check(exampleTerms(), 10_001, 0, 0, LiquidationAmounts(10_001, 0, 0, 0));
        check(exampleTerms(), 1, 0, 1_000, LiquidationAmounts(1, 0, 0, 0));
    }

    // --------------------------------------------------------------- liquidations of any position

    function testFuzz_Amounts_NeverRaiseLtvNorCostMoreThanTheBudget(
        Terms memory seeds,
        uint256 index,
        uint256 price,
        uint256 collateral,
        uint256 budget
    ) public view {
        LiquidationTerms memory t = exampleTerms();
        t.index = bound(index, WAD, type(uint96).max);
        t.price = bound(price, 1e24, 1e48);
        t.minDebt = bound(seeds.target, 1, type(uint112).max);
        uint256 shares = bound(seeds.debt, 0, type(uint112).max);
        uint256 debt = LeverageMath.debtUp(shares, t.index);
        // Worth between zero and twice the debt, so that each branch is taken.
        collateral = bound(collateral, 0, type(uint128).max);
        uint256 most = LeverageMath.collateralDown(2 * debt, t.price);
        if (most < type(uint128).max) collateral = bound(collateral, 0, most);
        budget = bound(budget, 0, 2 * debt);

        LiquidationAmounts memory result = math.amounts(t, shares, collateral, budget);
        assertLe(result.payment, budget);
        assertLe(result.fee, result.payment);
        assertLe(result.shares, shares);
        assertLe(result.seized, collateral);
        // LTV of the rest; an insolvent position may be taken whole.
        assertLe((shares - result.shares) * collateral, shares * (collateral - result.seized));
        uint256 left = LeverageMath.debtUp(shares - result.shares, t.index);
        if (result.shares != 0) assertTrue(left == 0 || left >= t.minDebt, "dust");
        if (result.seized != 0) assertGt(result.payment, 0);
    }

    function test_Add_SumsOfABatch() public pure {
        LiquidationAmounts memory sums = LiquidationAmounts(1, 20, 300, 4_000);
        LiquidationMath.add(sums, LiquidationAmounts(5, 60, 700, 8_000));
        assertEq(abi.encode(sums), abi.encode(LiquidationAmounts(6, 80, 1_000, 12_000)));
    }

    // ------------------------------------------------------------------ helpers

    /// @dev 6.5x to 4.5x, a bonus of 2% to 8% with a slope of one half, a tenth of it to the
    /// buffer; an index of 1.1 and a price of 1.3.
    function exampleTerms() private pure returns (LiquidationTerms memory) {
        return LiquidationTerms(1.1e18, 1.3e36, 65_000, 45_000, 0.02e18, 0.08e18, 0.5e18, 0.1e18, 100);
    }

    function check(
        LiquidationTerms memory t,
        uint256 shares,
        uint256 collateral,
        uint256 budget,
        LiquidationAmounts memory expected
    ) private view {
        LiquidationAmounts memory actual = math.amounts(t, shares, collateral, budget);
        assertEq(actual.shares, expected.shares, "shares");
        assertEq(actual.seized, expected.seized, "seized");
        assertEq(actual.payment, expected.payment, "payment");
        assertEq(actual.fee, expected.fee, "fee");
    }

    function bonusOf(Terms memory terms) private pure returns (uint256) {
        return LiquidationMath.bonus(terms.debt, terms.value, terms.limit, terms.bonusMin, terms.bonusMax, terms.slope);
    }

    /// @dev Whether the position is at the target after a repayment, without rounding the seized
    /// collateral.
    function stands(Terms memory terms, uint256 bonus, uint256 repaid) private pure returns (bool) {
        uint256 debt = (terms.debt - repaid) * WAD;
        uint256 value = terms.value * WAD - (WAD + bonus) * repaid;
        return debt * terms.target <= value * (terms.target - ONE);
    }

    /// @dev Bounds the terms to a liquidatable, solvent position in a market that the factory would
    /// create.
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
