// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Limit, Limits, MarketParams} from "../../contracts/types/MarketTypes.sol";
import {LiquidationTest} from "../support/LiquidationTest.sol";

/// @dev Limits at the start: 5x, 6.5x, system 5x, debt cap 8 million with 4 million a day, a million of collateral. The gap of
/// 2% puts the least liquidation limit above 5x at 54_445 (49/9) and, above the target of 4.5x, at 48_462 (63/13).
contract GovernanceTest is LiquidationTest {
    uint256 private constant DEBT_CAP = 8_000_000e6;
    uint256 private constant COLLATERAL_CAP = 1_000_000e18;
    uint256 private constant DELAY = 2 days;

    // ------------------------------------------------------------------ roles

    function test_TheGuardianLowersButCannotRaise() public {
        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, 40_000);
        bytes memory refused = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, guardian);
        vm.expectRevert(refused);
        vm.prank(guardian);
        market.scheduleRaise(Limit.MaxLeverage, 45_000);
        vm.expectRevert(refused);
        vm.prank(guardian);
        market.rampLiquidationLeverage(60_000, 3 days);
    }

    function test_AStrangerDoesNeither() public {
        bytes memory refused = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, bob);
        vm.startPrank(bob);
        vm.expectRevert(refused);
        market.lowerLimit(Limit.DebtCap, 0);
        vm.expectRevert(refused);
        market.scheduleRaise(Limit.DebtCap, DEBT_CAP + 1);
        vm.expectRevert(refused);
        market.rampLiquidationLeverage(60_000, 3 days);
        vm.stopPrank();
    }

    function test_AnyoneAppliesARaise() public {
        schedule(Limit.MaxLeverage, 55_000);
        skipTime(DELAY);
        vm.prank(bob);
        market.applyRaise(Limit.MaxLeverage);
        assertEq(limitOf(Limit.MaxLeverage), 55_000);
    }

    // ------------------------------------------------------------------ lowering

    function test_ALimitIsLoweredAtOnce() public {
        uint256[5] memory values = [uint256(49_999), 0, 30_000, DEBT_CAP / 2, COLLATERAL_CAP - 1];
        for (uint256 i = 0; i < 5; ++i) {
            Limit limit = Limit(i);
            if (limit == Limit.LiquidationLeverage) continue;
            vm.expectEmit(address(market));
            emit ILeverageMarket.RaisesCleared();
            vm.expectEmit(address(market));
            emit ILeverageMarket.LimitSet(limit, values[i]);
            lower(limit, values[i]);
            assertEq(limitOf(limit), values[i]);
        }
        assertEq(limitOf(Limit.LiquidationLeverage), 65_000);
    }

    function testFuzz_EveryLowerValueInRangeIsTaken(uint256 which, uint256 value) public {
        Limit limit = anyButLiquidation(which);
        uint256 current = limitOf(limit);
        bool isCap = limit == Limit.DebtCap || limit == Limit.CollateralCap;
        value = bound(value, isCap ? 0 : ONE_X, current);
        lower(limit, value);
        assertEq(limitOf(limit), value);
    }

    function test_TheSameValueClearsRaisesOnly() public {
        schedule(Limit.DebtCap, DEBT_CAP * 2);
        Limits memory before = market.limits();
        lower(Limit.MaxLeverage, 50_000);
        assertEq(abi.encode(market.limits()), abi.encode(before));
        assertNothingScheduled(Limit.DebtCap);
    }

    function test_RevertWhen_ALoweringIsNone() public {
        for (uint256 i = 0; i < 5; ++i) {
            Limit limit = Limit(i);
            if (limit == Limit.LiquidationLeverage) continue;
            uint256 current = limitOf(limit);
            vm.expectRevert(
                abi.encodeWithSelector(ILeverageMarket.NotATightening.selector, limit, current, current + 1)
            );
            lower(limit, current + 1);
        }
    }

    function test_RevertWhen_ALeverageIsLoweredBelowOne() public {
        vm.expectRevert(invalid(Limit.MaxLeverage, 9_999));
        lower(Limit.MaxLeverage, 9_999);
        vm.expectRevert(invalid(Limit.SystemLeverageCap, 0));
        lower(Limit.SystemLeverageCap, 0);
    }

    function testFuzz_RevertWhen_TheLiquidationLimitIsLowered(uint256 value) public {
        value = bound(value, 0, 65_000);
        vm.expectRevert(invalid(Limit.LiquidationLeverage, value));
        lower(Limit.LiquidationLeverage, value);
    }

    function test_APausedMarketStillLetsBorrowersOut() public {
        open(alice, 10e18, 16_000e6);
        lower(Limit.DebtCap, 0);
        lower(Limit.MaxLeverage, ONE_X);
        lower(Limit.CollateralCap, 0);
        lower(Limit.SystemLeverageCap, ONE_X);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.DebtCapExceeded.selector, 16_000e6 + 1, 0));
        vm.prank(alice);
        market.borrow(1, alice, alice);
        fund(alice, 5e18, 0);
        vm.startPrank(alice);
        market.supplyCollateral(5e18, alice);
        market.repay(8_000e6, alice);
        market.repay(type(uint256).max, alice);
        market.withdrawCollateral(type(uint256).max, alice, alice);
        vm.stopPrank();
        assertEq(collateral.balanceOf(alice), 15e18);
    }

    // ------------------------------------------------------------------ raising

    function test_ARaiseWaitsForItsDelay() public {
        uint256 validFrom = vm.getBlockTimestamp() + DELAY;
        vm.expectEmit(address(market));
        emit ILeverageMarket.RaiseScheduled(Limit.SystemLeverageCap, 60_000, validFrom);
        schedule(Limit.SystemLeverageCap, 60_000);
        (uint256 value, uint256 since) = market.scheduledRaise(Limit.SystemLeverageCap);
        assertEq(value, 60_000);
        assertEq(since, validFrom);
        assertEq(limitOf(Limit.SystemLeverageCap), 50_000);

        vm.warp(validFrom - 1);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.RaiseNotReady.selector, Limit.SystemLeverageCap, validFrom)
        );
        market.applyRaise(Limit.SystemLeverageCap);

        vm.warp(validFrom);
        vm.expectEmit(address(market));
        emit ILeverageMarket.LimitSet(Limit.SystemLeverageCap, 60_000);
        market.applyRaise(Limit.SystemLeverageCap);
        assertEq(limitOf(Limit.SystemLeverageCap), 60_000);
        assertNothingScheduled(Limit.SystemLeverageCap);
    }

    function test_EveryLimitCanBeRaised() public {
        uint256[5] memory values = [uint256(55_000), 70_000, 60_000, DEBT_CAP * 2, COLLATERAL_CAP * 2];
        for (uint256 i = 0; i < 5; ++i) schedule(Limit(i), values[i]);
        skipTime(DELAY);
        for (uint256 i = 0; i < 5; ++i) {
            market.applyRaise(Limit(i));
            assertEq(limitOf(Limit(i)), values[i]);
        }
    }

    function test_ASecondScheduleReplacesTheFirstAndStartsAnew() public {
        schedule(Limit.DebtCap, DEBT_CAP * 4);
        skipTime(DELAY - 1);
        schedule(Limit.DebtCap, DEBT_CAP * 2);
        skipTime(1);
        vm.expectPartialRevert(ILeverageMarket.RaiseNotReady.selector);
        market.applyRaise(Limit.DebtCap);
        skipTime(DELAY - 1);
        market.applyRaise(Limit.DebtCap);
        assertEq(limitOf(Limit.DebtCap), DEBT_CAP * 2);
    }

    function test_RevertWhen_NothingIsScheduled() public {
        for (uint256 i = 0; i < 5; ++i) assertNothingScheduled(Limit(i));
    }

    function test_RevertWhen_ARaiseIsAppliedTwice() public {
        schedule(Limit.DebtCap, DEBT_CAP * 2);
        skipTime(DELAY);
        market.applyRaise(Limit.DebtCap);
        assertNothingScheduled(Limit.DebtCap);
    }

    function test_RevertWhen_ARaiseIsNone() public {
        for (uint256 i = 0; i < 5; ++i) {
            uint256 current = limitOf(Limit(i));
            vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NotALoosening.selector, Limit(i), current, current));
            schedule(Limit(i), current);
        }
    }

    function test_RevertWhen_ARaiseDoesNotFit() public {
        uint256[5] memory tooMuch = [
            uint256(type(uint24).max) + 1,
            uint256(type(uint24).max) + 1,
            uint256(type(uint24).max) + 1,
            uint256(type(uint112).max) + 1,
            uint256(type(uint128).max) + 1
        ];
        for (uint256 i = 0; i < 5; ++i) {
            vm.expectRevert(invalid(Limit(i), tooMuch[i]));
            schedule(Limit(i), tooMuch[i]);
        }
    }

    /// @dev From the opening limit to 6.5x (LTV 11/13) the price must drop by 2%: LTV 0.829230..., leverage 5.8558.
    function test_RevertWhen_TheOpeningLimitComesTooNear() public {
        vm.expectRevert(invalid(Limit.MaxLeverage, 58_559));
        schedule(Limit.MaxLeverage, 58_559);
        schedule(Limit.MaxLeverage, 58_558);
    }

    /// @dev `1.08 * LTV < 1` would allow 13.5x, `1 - 1.02 * LTV >= 10%` ends at LTV 0.882352..., leverage 8.5.
    function test_RevertWhen_TheLiquidationLimitLeavesNoMargin() public {
        vm.expectRevert(invalid(Limit.LiquidationLeverage, 85_001));
        schedule(Limit.LiquidationLeverage, 85_001);
        schedule(Limit.LiquidationLeverage, 85_000);
    }

    // ------------------------------------------------------------------ a tightening clears

    function testFuzz_AScheduledRaiseDoesNotOutliveATightening(
        uint256 scheduled,
        uint256 which,
        uint256 value,
        uint256 wait
    ) public {
        uint256[5] memory values = [uint256(55_000), 70_000, 60_000, DEBT_CAP * 2, COLLATERAL_CAP * 2];
        scheduled = bound(scheduled, 1, 31);
        for (uint256 i = 0; i < 5; ++i) if ((scheduled >> i) & 1 == 1) schedule(Limit(i), values[i]);
        skipTime(bound(wait, 0, 5 days));
        if (bound(which, 0, 4) == uint256(Limit.LiquidationLeverage)) {
            ramp(bound(value, 54_445, 64_999), 2 days);
        } else {
            Limit limit = anyButLiquidation(which);
            uint256 current = limitOf(limit);
            lower(limit, bound(value, current / 2 > ONE_X ? current / 2 : ONE_X, current));
        }
        // Due by now, and not yet forgotten.
        skipTime(DELAY);
        for (uint256 i = 0; i < 5; ++i) assertNothingScheduled(Limit(i));
    }

    function test_ARaiseIsForgottenAWeekAfterItsTime() public {
        schedule(Limit.DebtCap, DEBT_CAP * 2);
        skipTime(DELAY + 7 days);
        uint256 snapshot = vm.snapshotState();
        market.applyRaise(Limit.DebtCap);
        assertEq(limitOf(Limit.DebtCap), DEBT_CAP * 2);
        vm.revertToState(snapshot);
        skipTime(1);
        assertNothingScheduled(Limit.DebtCap);
    }

    function test_AfterATighteningARaiseBeginsAnew() public {
        schedule(Limit.DebtCap, DEBT_CAP * 2);
        lower(Limit.CollateralCap, COLLATERAL_CAP);
        schedule(Limit.DebtCap, DEBT_CAP * 2);
        skipTime(DELAY - 1);
        vm.expectPartialRevert(ILeverageMarket.RaiseNotReady.selector);
        market.applyRaise(Limit.DebtCap);
        skipTime(1);
        market.applyRaise(Limit.DebtCap);
    }

    function test_ALooseningClearsNothing() public {
        schedule(Limit.DebtCap, DEBT_CAP * 2);
        schedule(Limit.SystemLeverageCap, 60_000);
        skipTime(DELAY);
        market.applyRaise(Limit.SystemLeverageCap);
        market.applyRaise(Limit.DebtCap);
        assertEq(limitOf(Limit.DebtCap), DEBT_CAP * 2);
    }

    // ------------------------------------------------------------------ ramp

    function test_TheRampIsAStraightLineRoundedUp() public {
        uint256 start = vm.getBlockTimestamp();
        vm.expectEmit(address(market));
        emit ILeverageMarket.RaisesCleared();
        vm.expectEmit(address(market));
        emit ILeverageMarket.RampStarted(65_000, 55_000, start, start + 4 days);
        ramp(55_000, 4 days);
        assertEq(abi.encode(market.ramp()), abi.encode(65_000, 55_000, start, start + 4 days));

        assertEq(limitOf(Limit.LiquidationLeverage), 65_000);
        vm.warp(start + 1);
        assertEq(limitOf(Limit.LiquidationLeverage), 65_000);
        vm.warp(start + 1 days);
        assertEq(limitOf(Limit.LiquidationLeverage), 62_500);
        vm.warp(start + 2 days + 1);
        assertEq(limitOf(Limit.LiquidationLeverage), 60_000);
        vm.warp(start + 4 days - 1);
        assertEq(limitOf(Limit.LiquidationLeverage), 55_001);
        vm.warp(start + 4 days);
        assertEq(limitOf(Limit.LiquidationLeverage), 55_000);
        vm.warp(start + 4000 days);
        assertEq(limitOf(Limit.LiquidationLeverage), 55_000);
    }

    function testFuzz_TheRampNeverFallsBelowItsLine(uint256 target, uint256 duration, uint256 elapsed) public {
        target = bound(target, 54_445, 64_999);
        duration = bound(duration, 2 days, 365 days);
        elapsed = bound(elapsed, 0, 2 * duration);
        ramp(target, duration);
        skipTime(elapsed);
        uint256 limit = limitOf(Limit.LiquidationLeverage);
        if (elapsed >= duration) {
            assertEq(limit, target);
        } else {
            uint256 exact = 65_000 * duration - (65_000 - target) * elapsed;
            assertGe(limit * duration, exact);
            assertLt((limit - 1) * duration, exact);
        }
    }

    function test_NoRampWithoutOne() public {
        assertEq(abi.encode(market.ramp()), abi.encode(0, 0, 0, 0));
        ramp(55_000, 2 days);
        skipTime(3 days);
        assertEq(market.ramp().to, 55_000);
    }

    function test_ALiquidationUsesTheRamp() public {
        open(alice, 10e18, 16_000e6);
        oracle.setPrice(priceOf(1950));
        ramp(55_000, 2 days);
        // 16,000 of 19,500 are 5.57x: liquidatable once the limit has fallen below.
        skipTime(1 days);
        assertEq(limitOf(Limit.LiquidationLeverage), 60_000);
        expectNothingToLiquidate(only(alice), type(uint256).max);
        skipTime(1 days);
        fund(liquidator, 0, 100_000e6);
        (uint256 seized, ) = liquidateOne(alice, type(uint256).max);
        assertGt(seized, 0);
        assertApproxEqAbs(leverageAt(alice, priceOf(1950)), 45_000, 1);
    }

    function test_RevertWhen_TheRampIsTooShort() public {
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.RampTooShort.selector, 2 days - 1, 2 days));
        ramp(60_000, 2 days - 1);
    }

    function test_ARampMayTakeAYearAndNotMore() public {
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.RampTooLong.selector, 365 days + 1, 365 days));
        ramp(60_000, 365 days + 1);
        ramp(60_000, 365 days);
        (uint256 start, uint256 end) = (market.ramp().start, market.ramp().end);
        assertEq(end - start, 365 days);
    }

    function test_RevertWhen_TheRampDoesNotFall() public {
        bytes memory refused = abi.encodeWithSelector(
            ILeverageMarket.NotATightening.selector,
            Limit.LiquidationLeverage,
            65_000,
            65_000
        );
        vm.expectRevert(refused);
        ramp(65_000, 2 days);
    }

    function test_RevertWhen_TheRampEndsTooNearTheOpeningLimit() public {
        vm.expectRevert(invalid(Limit.LiquidationLeverage, 54_444));
        ramp(54_444, 2 days);
        ramp(54_445, 2 days);
    }

    function test_RevertWhen_TheRampEndsTooNearTheTarget() public {
        lower(Limit.MaxLeverage, 20_000);
        vm.expectRevert(invalid(Limit.LiquidationLeverage, 48_461));
        ramp(48_461, 2 days);
        ramp(48_462, 2 days);
    }

    /// @dev A raise on the way counts with the ramp's end; a new ramp begins where the old one stands.
    function test_ARampCountsWithItsEnd() public {
        ramp(55_000, 4 days);
        // LTV of 5.5x less 2%: 5.0459.
        vm.expectRevert(invalid(Limit.MaxLeverage, 50_459));
        schedule(Limit.MaxLeverage, 50_459);
        schedule(Limit.MaxLeverage, 50_458);
        skipTime(2 days);
        market.applyRaise(Limit.MaxLeverage);
        assertEq(limitOf(Limit.LiquidationLeverage), 60_000);
        uint256 start = vm.getBlockTimestamp();
        ramp(55_000, 2 days);
        assertEq(abi.encode(market.ramp()), abi.encode(60_000, 55_000, start, start + 2 days));
    }

    function test_ARaiseEndsARamp() public {
        ramp(55_000, 4 days);
        skipTime(1 days);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.NotALoosening.selector, Limit.LiquidationLeverage, 62_500, 62_500)
        );
        schedule(Limit.LiquidationLeverage, 62_500);
        schedule(Limit.LiquidationLeverage, 64_000);
        skipTime(DELAY);
        assertEq(limitOf(Limit.LiquidationLeverage), 57_500);
        market.applyRaise(Limit.LiquidationLeverage);
        assertEq(limitOf(Limit.LiquidationLeverage), 64_000);
        assertEq(market.ramp().to, 0);
        skipTime(30 days);
        assertEq(limitOf(Limit.LiquidationLeverage), 64_000);
    }

    // ------------------------------------------------------------------ nobody becomes liquidatable at once

    function testFuzz_ATighteningMakesNobodyLiquidatable(uint256 which, uint256 value, uint256 price) public {
        open(alice, 10e18, 16_000e6);
        price = bound(price, priceOf(1500), priceOf(2000));
        oracle.setPrice(price);
        bool before = isLiquidatable(alice, price);
        if (bound(which, 0, 4) == uint256(Limit.LiquidationLeverage)) {
            ramp(bound(value, 54_445, 64_999), 2 days);
        } else {
            Limit limit = anyButLiquidation(which);
            uint256 current = limitOf(limit);
            lower(limit, bound(value, current < ONE_X ? 0 : ONE_X, current));
        }
        assertEq(isLiquidatable(alice, price), before);
        if (before) return;
        fund(liquidator, 0, 100_000e6);
        expectNothingToLiquidate(only(alice), type(uint256).max);
    }

    /// @dev However the ramp's length is given, the limit doesn't jump, and takes two days for its way.
    function testFuzz_NoLengthOfARampMakesItJump(uint256 duration, uint256 elapsed) public {
        elapsed = bound(elapsed, 0, 2 days);
        tryRamp(duration);
        assertEq(limitOf(Limit.LiquidationLeverage), 65_000);
        skipTime(elapsed);
        assertGe(limitOf(Limit.LiquidationLeverage), 65_000 - (10_000 * elapsed) / 2 days);
    }

    function test_ARampAsLongAsTheClockDoesNotJump() public {
        open(alice, 10e18, 16_000e6);
        oracle.setPrice(priceOf(1950));
        tryRamp(2 ** 40);
        assertEq(limitOf(Limit.LiquidationLeverage), 65_000);
        expectNothingToLiquidate(only(alice), type(uint256).max);
    }

    function test_ARampThatWrapsTheClockIsNotShort() public {
        tryRamp(2 ** 40 + 60);
        skipTime(60);
        assertGe(limitOf(Limit.LiquidationLeverage), 64_995);
    }

    // ------------------------------------------------------------------ debt cap and its allowance

    function test_TheBucketHoldsADay() public {
        assertEq(market.debtAllowance(), 4_000_000e6);
        skipTime(365 days);
        assertEq(market.debtAllowance(), 4_000_000e6);
    }

    function test_NewDebtUsesTheAllowanceAndTimeRefillsIt() public {
        open(alice, 10_000e18, 3_000_000e6);
        assertEq(market.debtAllowance(), 1_000_000e6);
        skipTime(6 hours);
        assertEq(market.debtAllowance(), 2_000_000e6);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.DebtAllowanceExceeded.selector, 2_000_000e6 + 1, 2_000_000e6)
        );
        vm.prank(alice);
        market.borrow(2_000_000e6 + 1, alice, alice);
        vm.prank(alice);
        market.borrow(2_000_000e6, alice, alice);
        assertEq(market.debtAllowance(), 0);
        skipTime(1);
        assertEq(market.debtAllowance(), uint256(4_000_000e6) / 1 days);
    }

    function test_RepaymentsGiveNoAllowanceBack() public {
        open(alice, 10_000e18, 4_000_000e6);
        fund(alice, 0, 0);
        vm.prank(alice);
        market.repay(type(uint256).max, alice);
        assertEq(market.debtAllowance(), 0);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.DebtAllowanceExceeded.selector, 100e6, 0));
        vm.prank(alice);
        market.borrow(100e6, alice, alice);
    }

    function test_RevertWhen_TheDebtCapIsPassed() public {
        lower(Limit.DebtCap, 1_000_000e6);
        assertEq(market.debtAllowance(), 500_000e6);
        open(alice, 10_000e18, 500_000e6);
        skipTime(1 days);
        // Interest counts.
        uint256 debt = market.totalDebt();
        assertGt(debt, 500_000e6);
        uint256 room = 1_000_000e6 - debt;
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.DebtCapExceeded.selector, 1_000_000e6 + 2, 1_000_000e6));
        vm.prank(alice);
        market.borrow(room + 2, alice, alice);
        vm.prank(alice);
        market.borrow(room, alice, alice);
    }

    function test_ALowerCapShrinksTheBucketAtOnce() public {
        open(alice, 10_000e18, 1_000_000e6);
        lower(Limit.DebtCap, 4_000_000e6);
        assertEq(market.debtAllowance(), 2_000_000e6);
        lower(Limit.DebtCap, 0);
        assertEq(market.debtAllowance(), 0);
        skipTime(10 days);
        assertEq(market.debtAllowance(), 0);
    }

    /// @dev A higher cap lets the bucket fill faster from now on; it gives nothing at once, not for the past either.
    function test_AHigherCapGivesNoAllowanceAtOnce() public {
        open(alice, 10_000e18, 4_000_000e6);
        schedule(Limit.DebtCap, 80_000_000e6);
        skipTime(DELAY);
        assertEq(market.debtAllowance(), 4_000_000e6);
        market.applyRaise(Limit.DebtCap);
        assertEq(market.debtAllowance(), 4_000_000e6);
        skipTime(6 hours);
        assertEq(market.debtAllowance(), 14_000_000e6);
        skipTime(1 days);
        assertEq(market.debtAllowance(), 40_000_000e6);
    }

    function testFuzz_NewDebtIsAtMostTheAllowanceAndItsRefill(uint256[6] memory waits, uint256[6] memory debts) public {
        fund(alice, 100_000e18, 0);
        vm.prank(alice);
        market.supplyCollateral(100_000e18, alice);
        uint256 start = vm.getBlockTimestamp();
        uint256 atStart = market.debtAllowance();
        uint256 borrowed = 0;
        for (uint256 i = 0; i < waits.length; ++i) {
            skipTime(bound(waits[i], 0, 8 hours));
            uint256 debt = bound(debts[i], 100e6, 1_500_000e6);
            if (debt > market.debtAllowance() || market.totalDebt() + debt > DEBT_CAP) continue;
            vm.prank(alice);
            market.borrow(debt, alice, alice);
            borrowed += debt;
            uint256 elapsed = vm.getBlockTimestamp() - start;
            assertLe(borrowed, atStart + (4_000_000e6 * elapsed) / 1 days);
        }
    }

    // ------------------------------------------------------------------ collateral cap

    function test_TheCollateralCapBindsIdleCollateral() public {
        lower(Limit.CollateralCap, 10e18);
        fund(alice, 20e18, 0);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.CollateralCapExceeded.selector, 10e18 + 1, 10e18));
        vm.prank(alice);
        market.supplyCollateral(10e18 + 1, alice);
        vm.prank(alice);
        market.supplyCollateral(10e18, alice);
    }

    // ------------------------------------------------------------------ what never changes

    function test_ConfigIsThatOfTheParameters() public view {
        MarketParams memory params = _params();
        (bool success, bytes memory answer) = address(market).staticcall(abi.encodeCall(market.config, ()));
        assertTrue(success);
        assertEq(
            answer,
            bytes.concat(
                abi.encode(
                    params.config.targetLeverage,
                    params.config.entryGap,
                    params.config.safetyMargin,
                    params.config.bonusMin,
                    params.config.bonusMax,
                    params.config.bonusSlope
                ),
                abi.encode(
                    params.config.interestFee,
                    params.config.liquidationFee,
                    params.config.bufferTarget,
                    params.config.dailyAllowance,
                    params.config.minDebt,
                    params.config.raiseDelay
                )
            )
        );
        assertEq(address(market.oracle()), address(oracle));
        assertEq(address(market.collateralToken()), address(collateral));
    }

    // ------------------------------------------------------------------ helpers

    function lower(Limit limit, uint256 value) private {
        vm.prank(guardian);
        market.lowerLimit(limit, value);
    }

    function schedule(Limit limit, uint256 value) private {
        vm.prank(riskManager);
        market.scheduleRaise(limit, value);
    }

    function ramp(uint256 target, uint256 duration) private {
        vm.prank(riskManager);
        market.rampLiquidationLeverage(target, duration);
    }

    /// @dev Refused if and only if it is too short or too long: what follows must hold either way.
    function tryRamp(uint256 duration) private {
        vm.prank(riskManager);
        try market.rampLiquidationLeverage(55_000, duration) {
            assertTrue(duration >= 2 days && duration <= 365 days);
        } catch {
            assertTrue(duration < 2 days || duration > 365 days);
        }
    }

    function limitOf(Limit limit) private view returns (uint256) {
        (bool success, bytes memory answer) = address(market).staticcall(abi.encodeCall(market.limits, ()));
        assertTrue(success);
        uint256[5] memory values = abi.decode(answer, (uint256[5]));
        return values[uint256(limit)];
    }

    function assertNothingScheduled(Limit limit) private {
        (uint256 value, uint256 validFrom) = market.scheduledRaise(limit);
        assertEq(value, 0);
        assertEq(validFrom, 0);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NothingScheduled.selector, limit));
        market.applyRaise(limit);
    }

    function anyButLiquidation(uint256 which) private pure returns (Limit) {
        which = which % 4;
        return Limit(which == 0 ? 0 : which + 1);
    }

    function invalid(Limit limit, uint256 value) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.InvalidLimit.selector, limit, value);
    }
}
