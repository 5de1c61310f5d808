// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Ramps} from "../../contracts/libraries/Ramps.sol";
import {Limit, Ramp} from "../../contracts/types/MarketTypes.sol";
import {GovernanceTest} from "../support/GovernanceTest.sol";
import {LiquidationTest} from "../support/LiquidationTest.sol";

/// @dev The liquidation limit starts at 6.5x. With the gap of 2% the least limit is 54_445 (49/9)
/// above the opening limit of 5x, and 48_462 (63/13) above the target of 4.5x.
contract LiquidationRampTest is LiquidationTest, GovernanceTest {
    function test_Ramp_IsAStraightLineRoundedUp() public {
        uint256 start = vm.getBlockTimestamp();
        vm.expectEmit(address(market));
        emit ILeverageMarket.RaisesCleared();
        vm.expectEmit(address(market));
        emit ILeverageMarket.RampStarted(65_000, 55_000, start, start + 4 days, 0);
        ramp(55_000, 4 days);
        assertEq(abi.encode(market.ramp()), abi.encode(65_000, 55_000, start, start + 4 days, 0));

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

    function testFuzz_Ramp_NeverFallsBelowItsLine(uint256 target, uint256 duration, uint256 elapsed) public {
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

    function test_Ramp_ViewIsZeroBeforeAndKeepsTheTargetAfterwards() public {
        assertEq(abi.encode(market.ramp()), abi.encode(0, 0, 0, 0, 0));
        ramp(55_000, 2 days);
        skipTime(3 days);
        assertEq(market.ramp().to, 55_000);
    }

    function test_Ramp_LiquidationsUseIt() public {
        open(alice, 10e18, 16_000e6);
        oracle.setPrice(priceOf(1950));
        ramp(55_000, 2 days);
        // A debt of 16,000 on 19,500 is 5.57x: liquidatable once the limit has fallen below that.
        skipTime(1 days);
        assertEq(limitOf(Limit.LiquidationLeverage), 60_000);
        expectNothingToLiquidate(only(alice), type(uint256).max);
        skipTime(1 days);
        fund(liquidator, 0, 100_000e6);
        (uint256 seized, ) = liquidateOne(alice, type(uint256).max);
        assertGt(seized, 0);
        assertApproxEqAbs(leverageAt(alice, priceOf(1950)), 45_000, 1);
    }

    function test_Ramp_RevertWhen_TooShort() public {
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.RampTooShort.selector, 2 days - 1, 2 days));
        ramp(60_000, 2 days - 1);
    }

    function test_Ramp_RevertWhen_LongerThanAYear() public {
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.RampTooLong.selector, 365 days + 1, 365 days));
        ramp(60_000, 365 days + 1);
        ramp(60_000, 365 days);
        (uint256 start, uint256 end) = (market.ramp().start, market.ramp().end);
        assertEq(end - start, 365 days);
    }

    function test_Ramp_RevertWhen_TargetIsNotLower() public {
        bytes memory refused = abi.encodeWithSelector(
            ILeverageMarket.NotATightening.selector,
            Limit.LiquidationLeverage,
            65_000,
            65_000
        );
        vm.expectRevert(refused);
        ramp(65_000, 2 days);
    }

    function test_Ramp_RevertWhen_TargetIsTooNearMaxLeverage() public {
        vm.expectRevert(invalid(Limit.LiquidationLeverage, 54_444));
        ramp(54_444, 2 days);
        ramp(54_445, 2 days);
    }

    function test_Ramp_RevertWhen_TargetIsTooNearTargetLeverage() public {
        lower(Limit.MaxLeverage, 20_000);
        vm.expectRevert(invalid(Limit.LiquidationLeverage, 48_461));
        ramp(48_461, 2 days);
        ramp(48_462, 2 days);
    }

    /// @dev A raise during a ramp is checked against the ramp's target; a new ramp starts at the
    /// current limit.
    function test_Ramp_TargetBindsRaisesAndANewRampStartsFromTheCurrentLimit() public {
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
        assertEq(abi.encode(market.ramp()), abi.encode(60_000, 55_000, start, start + 2 days, 0));
    }

    function test_Ramp_EndsWithARaise() public {
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

    // ------------------------------------------------------------------ while another is running

    /// @dev Half way to 5.5x the limit is 6x; a ramp that reaches 5.5x two days later can't be
    /// stretched to a year.
    function test_Ramp_RevertWhen_ItRelaxesARunningOne() public {
        uint256 start = vm.getBlockTimestamp();
        ramp(55_000, 4 days);
        skipTime(2 days);
        vm.expectRevert(notATightening(59_995));
        ramp(59_000, 365 days);
        // Not even with a lower target, if that is reached too late.
        vm.expectRevert(notATightening(59_970));
        ramp(54_500, 365 days);
        // Nor with a higher target that is reached earlier: the running ramp would continue to fall
        // until its end.
        skipTime(1 days);
        vm.expectRevert(notATightening(56_251));
        ramp(55_001, 2 days);
        assertEq(abi.encode(market.ramp()), abi.encode(65_000, 55_000, start, start + 4 days, 0));
        skipTime(1 days);
        assertEq(limitOf(Limit.LiquidationLeverage), 55_000);
        // Once the first ramp has ended, it no longer binds.
        ramp(54_900, 365 days);
    }

    /// @dev At the running ramp's end, exact to the unit: half of the way from 6x to the new target
    /// must be at least 0.5x.
    function test_Ramp_MayFallFasterThanARunningOne() public {
        lower(Limit.MaxLeverage, 20_000);
        ramp(55_000, 4 days);
        skipTime(2 days);
        vm.expectRevert(notATightening(55_001));
        ramp(50_001, 4 days);
        ramp(50_000, 4 days);
        skipTime(2 days);
        assertEq(limitOf(Limit.LiquidationLeverage), 55_000);
        skipTime(2 days);
        assertEq(limitOf(Limit.LiquidationLeverage), 50_000);
    }

    /// @dev An applied raise has ended the ramp, although the ramp's slot still holds it.
    function test_Ramp_IsNotBoundByOneThatARaiseHasEnded() public {
        ramp(55_000, 30 days);
        schedule(Limit.LiquidationLeverage, 66_000);
        skipTime(DELAY);
        market.applyRaise(Limit.LiquidationLeverage);
        ramp(65_000, 30 days);
        assertEq(market.ramp().to, 65_000);
    }

    /// @dev At every time, whether or not the new ramp was refused. The start of the new line is
    /// rounded up to 2^-40 of the last decimal.
    function testFuzz_Ramp_LiesNowhereAboveARunningOne(
        uint256[2] memory targets,
        uint256[2] memory durations,
        uint256 elapsed,
        uint256[4] memory waits
    ) public {
        lower(Limit.MaxLeverage, 20_000);
        ramp(bound(targets[0], 48_462, 64_999), bound(durations[0], 2 days, 30 days));
        Ramp memory old = market.ramp();
        skipTime(bound(elapsed, 0, old.end - old.start - 1));
        uint256 present = limitOf(Limit.LiquidationLeverage);

        vm.prank(riskManager);
        try
            market.rampLiquidationLeverage(bound(targets[1], 48_462, old.to), bound(durations[1], 2 days, 60 days))
        {} catch (bytes memory reason) {
            assertEq(bytes32(bytes4(reason)), bytes32(ILeverageMarket.NotATightening.selector));
            assertEq(abi.encode(market.ramp()), abi.encode(old));
        }

        assertEq(limitOf(Limit.LiquidationLeverage), present);
        for (uint256 i = 0; i < waits.length; ++i) {
            skipTime(bound(waits[i], 0, 10 days));
            assertLe(Ramps.exactUp(market.ramp()), Ramps.exactUp(old) + 1);
        }
        vm.warp(Math.max(vm.getBlockTimestamp(), old.end));
        assertLe(limitOf(Limit.LiquidationLeverage), old.to);
    }

    // ------------------------------------------------------------------ any duration

    /// @dev Whatever duration is passed, the limit doesn't jump, and takes at least two days.
    function testFuzz_Ramp_NeverJumpsWhateverItsDuration(uint256 duration, uint256 elapsed) public {
        elapsed = bound(elapsed, 0, 2 days);
        tryRamp(duration);
        assertEq(limitOf(Limit.LiquidationLeverage), 65_000);
        skipTime(elapsed);
        assertGe(limitOf(Limit.LiquidationLeverage), 65_000 - (10_000 * elapsed) / 2 days);
    }

    function test_Ramp_DurationAsLongAsTheClockDoesNotJump() public {
        open(alice, 10e18, 16_000e6);
        oracle.setPrice(priceOf(1950));
        tryRamp(2 ** 40);
        assertEq(limitOf(Limit.LiquidationLeverage), 65_000);
        expectNothingToLiquidate(only(alice), type(uint256).max);
    }

    function test_Ramp_DurationBeyondTheClockDoesNotWrap() public {
        tryRamp(2 ** 40 + 60);
        skipTime(60);
        assertGe(limitOf(Limit.LiquidationLeverage), 64_995);
    }

    // ------------------------------------------------------------------ helpers

    function notATightening(uint256 value) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(ILeverageMarket.NotATightening.selector, Limit.LiquidationLeverage, 55_000, value);
    }

    /// @dev Refused if and only if the duration is too short or too long; the test's assertions
    /// must hold either way.
    function tryRamp(uint256 duration) private {
        vm.prank(riskManager);
        try market.rampLiquidationLeverage(55_000, duration) {
            assertTrue(duration >= 2 days && duration <= 365 days);
        } catch {
            assertTrue(duration < 2 days || duration > 365 days);
        }
    }
}
