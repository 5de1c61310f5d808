// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {DebtCeilings} from "../../contracts/libraries/DebtCeilings.sol";
import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {MarketTest} from "../support/MarketTest.sol";

/// @dev There are no limits on debt here, so that every utilization can be reached. Ten minimum
/// debts count as virtual cash: the minimum debt is the smallest possible one, and the lenders have
/// ten of them less than ten million, so the total is ten million, and full utilization is a
/// billionth below one. The references are closed forms of the curve, evaluated to 60 digits.
contract InterestTest is MarketTest {
    uint256 private constant MIN_DEBT = 1_000;
    uint256 private constant VIRTUAL_CASH = 10 * MIN_DEBT;
    uint256 private constant LENT = 10_000_000e6 - VIRTUAL_CASH;
    uint256 private constant START_RATE = 1268391679;
    uint256 private constant MAX_RATE = 63419583967;
    uint256 private constant MIN_RATE = 31709791;

    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.limits.debtCap = DebtCeilings.MAX_CAP;
        params.config.dailyAllowance = 1e18;
        params.config.minDebt = MIN_DEBT;
    }

    function setUp() public override {
        super.setUp();
        vm.prank(lender);
        market.withdraw(VIRTUAL_CASH, lender, lender);
    }

    // ------------------------------------------------------------------ the curve

    function test_BorrowRate_UnusedMarketHasAQuarterOfTheTargetRate() public view {
        (uint256 index, uint256 rate, uint256 atTarget, uint256 last) = market.interest();
        assertEq(index, WAD);
        assertEq(rate, 317097919);
        assertEq(atTarget, START_RATE);
        assertEq(last, vm.getBlockTimestamp());
    }

    /// @dev Storage keeps 32 bits of the time.
    function test_Interest_TellsAllBitsOfTheLastAccrualAfter2106() public {
        vm.warp(2 ** 32 + 1_000);
        market.accrue();
        vm.warp(2 ** 32 + 2_000);
        (, , , uint256 last) = market.interest();
        assertEq(last, 2 ** 32 + 1_000);
    }

    function test_BorrowRate_AcrossTheCurve() public {
        // 45%: 1 - 3/4 * 1/2; 90%: 1; 95%: 1 + 3 * 1/2; 100%: 4.
        borrowUpTo(4_500_000e6);
        assertEq(borrowRate(), 792744799);
        borrowUpTo(9_000_000e6);
        assertEq(borrowRate(), START_RATE);
        borrowUpTo(9_500_000e6);
        assertEq(borrowRate(), 3170979197);
        // Everything is borrowed: a utilization of 1 - 1e-9 is an error of 1 - 1e-8.
        borrowUpTo(LENT);
        assertEq(borrowRate(), 5073566677);
    }

    /// @dev Virtual cash equal to the debt: 50% utilization, at 1 - 3/4 * 4/9 of the rate at the
    /// target.
    function test_BorrowRate_TinyMarketIsNotFullyUtilized() public {
        vm.prank(lender);
        market.withdraw(LENT - VIRTUAL_CASH, lender, lender);
        borrowUpTo(VIRTUAL_CASH);
        (uint256 cash, , ) = market.totals();
        assertEq(cash, 0);
        assertEq(borrowRate(), 845594452);
    }

    /// @dev Debt is rounded down, as in an accrual. With 100 lent of 105 one unit changes the rate
    /// by 17.
    function test_BorrowRate_UsesDebtRoundedDown() public {
        borrowUpTo(100e6);
        vm.prank(lender);
        market.withdraw(LENT - 105e6, lender, lender);
        skipTime(1 hours);
        (uint256 index, uint256 rate, uint256 atTarget, ) = market.interest();
        (uint256 cash, uint256 debtShares, ) = market.totals();
        cash += VIRTUAL_CASH;
        uint256 debt = (debtShares * index) / WAD;
        assertEq(market.totalDebt(), debt + 1);
        // Above 90% the rate rises to four times the rate at the target.
        uint256 above = 10 * debt - 9 * (debt + cash);
        assertApproxEqAbs(rate, atTarget + (3 * atTarget * above) / (debt + cash), 2);
    }

    function test_RateAtTarget_StaysAtTheTarget() public {
        borrowUpTo(9_000_000e6);
        skipTime(365 days);
        (uint256 index, , uint256 atTarget, ) = market.interest();
        assertEq(atTarget, START_RATE);
        // e^0.04
        assertApproxEqRel(index, 1040810774180881023, 10);
    }

    function test_RateAtTarget_DoublesInFiveDaysAtFullUtilization() public {
        borrowUpTo(LENT);
        skipTime(437_182);
        (uint256 index, uint256 rate, uint256 atTarget, ) = market.interest();
        assertApproxEqRel(atTarget, 2 * START_RATE, 1e12);
        // One unit for the interest, which has made the virtual cash a smaller part.
        assertApproxEqAbs(rate, (atTarget * 3.99999997e18) / WAD, 1);
        assertApproxEqRel(index, 1003205127569777499, 1e9);
    }

    function test_RateAtTarget_HalvesInTenDaysAtHalfTheTarget() public {
        borrowUpTo(4_500_000e6);
        skipTime(874_364);
        (uint256 index, , uint256 atTarget, ) = market.interest();
        assertApproxEqRel(atTarget, START_RATE / 2, 1e12);
        assertApproxEqRel(index, 1000500125187477191, 1e9);
    }

    function test_RateAtTarget_DoublesInTenDaysHalfwayAboveTheTarget() public {
        borrowUpTo(9_500_000e6);
        skipTime(874_364);
        (uint256 index, , uint256 atTarget, ) = market.interest();
        assertApproxEqRel(atTarget, 2 * START_RATE, 1e12);
        assertApproxEqRel(index, 1004008013354061117, 1e9);
    }

    // ------------------------------------------------------------------ bounds

    /// @dev The bound is reached after ln(50)/50 years; from then on the rate is 800% a year. A
    /// third-order series of the exponential would make the index 109 instead of 1,865.
    function test_Index_AfterAYearAtFullUtilization() public {
        borrowUpTo(LENT);
        skipTime(365 days);
        (uint256 index, uint256 rate, uint256 atTarget, ) = market.interest();
        assertEq(atTarget, MAX_RATE);
        // After the debt has grown 1,865 times, the virtual cash is negligible: one unit, and one
        // for rounding.
        assertEq(rate, 4 * MAX_RATE - 2);
        assertApproxEqRel(index, 1864_738780063142250217, 1e10);
    }

    function test_Index_AfterAYearAtHalfTheTarget() public {
        borrowUpTo(4_500_000e6);
        skipTime(365 days);
        (uint256 index, , uint256 atTarget, ) = market.interest();
        assertEq(atTarget, MIN_RATE);
        assertApproxEqRel(index, 1001508915282157602, 1e9);
    }

    function test_RateAtTarget_DoesNotAdaptWhileNothingIsBorrowed() public {
        skipTime(365 days);
        market.accrue();
        (uint256 index, , uint256 atTarget, uint256 last) = market.interest();
        assertEq(index, WAD);
        assertEq(atTarget, START_RATE);
        assertEq(last, vm.getBlockTimestamp());
        borrowUpTo(9_000_000e6);
        assertEq(borrowRate(), START_RATE);
    }

    /// @dev Linearly, by 24,467 a second, and no further than its start.
    function test_RateAtTarget_ReturnsAfterTheLastRepayment() public {
        borrowUpTo(LENT);
        skipTime(10 days);
        loan.mint(alice, LENT);
        vm.prank(alice);
        market.repay(type(uint256).max, alice);
        (uint256 index, , uint256 atTarget, ) = market.interest();
        assertGt(atTarget, 3 * START_RATE);
        skipTime(1 days);
        (uint256 indexLater, , uint256 atTargetLater, ) = market.interest();
        assertEq(indexLater, index);
        assertEq(atTargetLater, atTarget - 1 days * 24_467);
        market.accrue();
        skipTime(30 days);
        (indexLater, , atTargetLater, ) = market.interest();
        assertEq(indexLater, index);
        assertEq(atTargetLater, START_RATE);
    }

    // ------------------------------------------------------------------ accrual

    function testFuzz_Accrue_DoesWhatTheViewsReport(uint256 debt, uint256 elapsed) public {
        borrowUpTo(bound(debt, 100e6, LENT));
        skipTime(bound(elapsed, 1, 10 * 365 days));
        (uint256 index, , uint256 atTarget, ) = market.interest();
        uint256 total = market.totalDebt();
        vm.expectEmit(address(market));
        emit ILeverageMarket.Accrued(index, atTarget);
        market.accrue();
        (uint256 stored, , uint256 storedAtTarget, uint256 last) = market.interest();
        assertEq(stored, index);
        assertEq(storedAtTarget, atTarget);
        assertEq(last, vm.getBlockTimestamp());
        assertEq(market.totalDebt(), total);
        assertEq(market.debtOf(alice), total);
    }

    function test_Accrue_SecondTimeInABlockDoesNothing() public {
        borrowUpTo(LENT);
        skipTime(1 days);
        market.accrue();
        vm.recordLogs();
        market.accrue();
        assertEq(vm.getRecordedLogs().length, 0);
    }

    /// @dev At full utilization, which interest doesn't change, one step and many steps agree: to a
    /// millionth of the interest for steps of half an hour or more, the effect of rounding the
    /// rate.
    function testFuzz_Accrue_OneStepOrMany(uint256 duration, uint256 steps) public {
        borrowUpTo(LENT);
        duration = bound(duration, 1 days, 90 days);
        steps = bound(steps, 2, 48);
        uint256 start = vm.getBlockTimestamp();
        skipTime(duration);
        (uint256 once, , uint256 rateOnce, ) = market.interest();
        vm.warp(start);
        for (uint256 i = 1; i <= steps; ++i) {
            vm.warp(start + (duration * i) / steps);
            market.accrue();
        }
        (uint256 often, , uint256 rateOften, ) = market.interest();
        assertApproxEqAbs(often - WAD, once - WAD, (once - WAD) / 1e6 + steps);
        assertApproxEqRel(rateOften, rateOnce, 1e12);
    }

    /// @dev Neither the stored index nor, while nobody accrues, the one that views return: after a
    /// block or decades.
    function testFuzz_Index_NeverFalls(uint256 debt, uint256 accruals, uint256[8] memory steps) public {
        borrowUpTo(bound(debt, 100e6, LENT));
        uint256 previous = WAD;
        for (uint256 i = 0; i < steps.length; ++i) {
            skipTime(bound(steps[i], 0, (i % 2 == 0) ? 40 * 365 days : 1 minutes));
            if ((accruals >> i) % 2 == 0) market.accrue();
            (uint256 index, , uint256 atTarget, ) = market.interest();
            assertGe(index, previous);
            assertGe(atTarget, MIN_RATE);
            assertLe(atTarget, MAX_RATE);
            previous = index;
        }
    }

    function testFuzz_Interest_LendersAndBufferReceiveWhatBorrowersOwe(uint256 debt, uint256 elapsed) public {
        debt = bound(debt, 100e6, LENT);
        borrowUpTo(debt);
        skipTime(bound(elapsed, 0, 5 * 365 days));
        assertApproxEqAbs(market.totalAssets() - LENT, market.totalDebt() - debt, 1);
    }

    // ------------------------------------------------------------------ an abandoned market

    function test_Index_StopsAtItsGreatestValue() public {
        borrowUpTo(LENT);
        skipTime(100 * 365 days);
        market.accrue();
        (uint256 index, , , ) = market.interest();
        assertEq(index, type(uint96).max);
        skipTime(100 * 365 days);
        market.accrue();
        (index, , , ) = market.interest();
        assertEq(index, type(uint96).max);
    }

    function test_Repay_InPartAndWholeAtTheGreatestIndex() public {
        abandon();
        uint256 debt = market.debtOf(alice);
        assertGt(debt, 1e23);
        fund(bob, 0, debt);
        vm.startPrank(bob);
        uint256 part = market.repay(debt / 2, alice);
        assertApproxEqAbs(part, debt / 2, 1e11);
        uint256 rest = market.repay(type(uint256).max, alice);
        vm.stopPrank();
        assertEq(part + rest, debt);
        assertEq(market.debtOf(alice), 0);
        assertEq(market.totalDebt(), 0);
        vm.prank(alice);
        market.withdrawCollateral(type(uint256).max, alice, alice);
        assertEq(collateral.balanceOf(alice), 100_000e18);
    }

    function test_Vault_LendersEnterAndLeaveAtTheGreatestIndex() public {
        abandon();
        // One share is worth a hundred thousand units by now.
        lend(bob, 1_000e6);
        vm.startPrank(bob);
        market.withdraw(1e6, bob, bob);
        market.redeem(market.maxRedeem(bob), bob, bob);
        vm.stopPrank();
        vm.startPrank(lender);
        market.withdraw(market.maxWithdraw(lender), lender, lender);
        vm.stopPrank();
        (uint256 cash, , ) = market.totals();
        assertLe(cash, 1);
    }

    /// @dev The supply cap, at its greatest value here, is the binding limit where a share is worth
    /// more than a unit.
    function test_MaxMint_IsExactAtTheGreatestIndex() public {
        abandon();
        loan.mint(bob, type(uint128).max);
        uint256 most = market.maxMint(bob);
        vm.startPrank(bob);
        loan.approve(address(market), type(uint256).max);
        vm.expectPartialRevert(ILeverageMarket.SupplyCapExceeded.selector);
        market.mint(most + 1, bob);
        market.mint(most, bob);
        vm.stopPrank();
    }

    function test_Liquidate_AtTheGreatestIndex() public {
        abandon();
        fund(liquidator, 0, 300_000_000e6);
        (uint256 seized, uint256 payment) = liquidateOne(alice, type(uint256).max);
        assertEq(seized, 100_000e18);
        // Collateral of 200 million less 2%, plus a tenth of that bonus.
        assertApproxEqAbs(payment, 196_470_588_235_294, 1e6);
        assertEq(debtSharesOf(alice), 0);
        assertEq(market.totalDebt(), 0);
    }

    // ------------------------------------------------------------------ helpers

    function borrowRate() private view returns (uint256 rate) {
        (, rate, , ) = market.interest();
    }

    /// @dev Raises Alice's debt to `debt`, in this block.
    function borrowUpTo(uint256 debt) private {
        if (collateralOf(alice) == 0) {
            fund(alice, 100_000e18, 0);
            vm.prank(alice);
            market.supplyCollateral(100_000e18, alice);
        }
        uint256 more = debt - market.debtOf(alice);
        vm.prank(alice);
        market.borrow(more, alice, alice);
    }

    function abandon() private {
        borrowUpTo(LENT);
        skipTime(100 * 365 days);
    }
}
