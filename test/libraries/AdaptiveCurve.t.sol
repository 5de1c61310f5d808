// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AdaptiveCurve} from "../../contracts/libraries/AdaptiveCurve.sol";
import {Exponential} from "../../contracts/libraries/Exponential.sol";
import {Test} from "../utils/Test.sol";

/// @dev The references of `adapt` are the closed forms, evaluated to 60 digits with a speed of
/// exactly 50 a year.
contract AdaptiveCurveTest is Test {
    uint256 private constant WAD = 1e18;
    uint256 private constant START = 1268391679;
    uint256 private constant MIN_RATE = 31709791;
    uint256 private constant MAX_RATE = 63419583967;

    function test_InitialRate_IsFourPercentAYear() public pure {
        assertEq(AdaptiveCurve.INITIAL_RATE_AT_TARGET, START);
    }

    // ------------------------------------------------------------------ utilization

    function test_UtilizationError_AcrossTheRange() public pure {
        assertEq(AdaptiveCurve.utilizationError(0, 1), -1e18);
        assertEq(AdaptiveCurve.utilizationError(45, 55), -0.5e18);
        assertEq(AdaptiveCurve.utilizationError(90, 10), int256(0));
        assertEq(AdaptiveCurve.utilizationError(95, 5), 0.5e18);
        assertEq(AdaptiveCurve.utilizationError(1, 0), 1e18);
    }

    /// @dev Next to the target: 1/0.1 of a unit above it; 1/0.9 of a unit below it, rounded towards
    /// the target.
    function test_UtilizationError_NextToTheTarget() public pure {
        assertEq(AdaptiveCurve.utilizationError(0.9e18 + 1, 0.1e18 - 1), int256(10));
        assertEq(AdaptiveCurve.utilizationError(0.9e18 - 1, 0.1e18 + 1), int256(-1));
    }

    function test_UtilizationError_OfTheLargestBooks() public pure {
        uint256 debt = (uint256(type(uint128).max) * type(uint96).max) / WAD;
        assertEq(AdaptiveCurve.utilizationError(debt, 0), 1e18);
        assertApproxEqAbs(AdaptiveCurve.utilizationError(debt, type(uint128).max), 1e18, 1e9);
    }

    function testFuzz_UtilizationError_GrowsWithDebt(uint256 debt, uint256 more, uint256 cash) public pure {
        debt = bound(debt, 1, type(uint112).max);
        more = bound(more, 0, type(uint112).max);
        cash = bound(cash, 0, type(uint128).max);
        int256 err = AdaptiveCurve.utilizationError(debt, cash);
        assertLe(err, AdaptiveCurve.utilizationError(debt + more, cash));
        assertLe(-1e18, err);
        assertLe(err, 1e18);
    }

    // ------------------------------------------------------------------ curve

    function test_BorrowRate_IsAQuarterToFourTimesTheTargetRate() public pure {
        assertEq(AdaptiveCurve.borrowRate(1000, -1e18), 250);
        assertEq(AdaptiveCurve.borrowRate(1000, -0.5e18), 625);
        assertEq(AdaptiveCurve.borrowRate(1000, 0), 1000);
        assertEq(AdaptiveCurve.borrowRate(1000, 0.5e18), 2500);
        assertEq(AdaptiveCurve.borrowRate(1000, 1e18), 4000);
    }

    function test_BorrowRate_NextToTheTarget() public pure {
        assertEq(AdaptiveCurve.borrowRate(1e18, 1), 1e18 + 3);
        // 3/4, rounded towards the target.
        assertEq(AdaptiveCurve.borrowRate(1e18, -1), 1e18);
        assertEq(AdaptiveCurve.borrowRate(1e18, -2), 1e18 - 1);
    }

    function testFuzz_BorrowRate_GrowsWithUtilization(uint256 rate, int256 low, int256 high) public pure {
        rate = bound(rate, MIN_RATE, MAX_RATE);
        low = bound(low, -1e18, 1e18);
        high = bound(high, low, 1e18);
        assertLe(AdaptiveCurve.borrowRate(rate, low), AdaptiveCurve.borrowRate(rate, high));
    }

    // ------------------------------------------------------------------ adaptation

    function test_Adapt_DoublesInFiveDaysAtFullUtilization() public pure {
        // ln(2) / 50 years is 437,182 seconds.
        checkAdapt(START, 1e18, 437_182, 2536784203, 800000533206749);
    }

    function test_Adapt_HalvesInFiveDaysAtNoUtilization() public pure {
        checkAdapt(START, -1e18, 437_182, 634195628, 400000133246362);
    }

    function test_Adapt_HalfTheErrorTakesTwiceTheTime() public pure {
        checkAdapt(START, 0.5e18, 874_364, 2536784203, 1600001066413499);
        checkAdapt(START, -0.5e18, 874_364, 634195628, 800000266492725);
    }

    function test_Adapt_OverADayAndOverAYear() public pure {
        checkAdapt(START, 1e18, 1 days, 1454607354, 117449950890227);
        checkAdapt(START, 0.01e18, 365 days, 2091224340, 51897701641665727);
        checkAdapt(MAX_RATE, -1e18, 30 days, 1041001955, 39343419246349622);
    }

    function test_Adapt_StaysAtTheUpperBound() public pure {
        checkAdapt(START, 1e18, 365 days, MAX_RATE, 1_882719079756656954);
        checkAdapt(START, 0.3e18, 365 days, MAX_RATE, 1_609063599227795181);
        checkAdapt(MAX_RATE, 1e18, 1 hours, MAX_RATE, 1 hours * MAX_RATE);
        checkAdapt(MIN_RATE, 1e18, 36_500 days, MAX_RATE, 199_735943898711714043);
    }

    function test_Adapt_StaysAtTheLowerBound() public pure {
        checkAdapt(START, -1e18, 365 days, MIN_RATE, 1706222381967005);
        checkAdapt(MIN_RATE, -1e18, 1 hours, MIN_RATE, 1 hours * MIN_RATE);
    }

    /// @dev Exact to the last digit, computed by the same operations on integers of any size.
    function test_Adapt_ReachesItsBoundsToTheUnit() public pure {
        exactAdapt(START, 1e18, 365 days, MAX_RATE, 1_882719079756639990);
        exactAdapt(START, -1e18, 365 days, MIN_RATE, 1706222381967106);
        // Rounded down to the lower bound, without having passed it.
        exactAdapt(MIN_RATE + 1, -631_000, 1, MIN_RATE, MIN_RATE + 1);
        // The upper bound is exceeded by less than a unit: it counts from when it was reached,
        // computed by `ln`, which is a unit off here.
        exactAdapt(MAX_RATE - 1, 0.00000001e18, 1000, MAX_RATE, 63419587967751);
        exactAdapt(63419583729, 2_522_881, 938_196_002, MAX_RATE, 59_500000031709791983);
        // Reached at the end of a second: the integral is the logarithmic mean, 63419558966.997,
        // with no time at the bound.
        exactAdapt(MAX_RATE - 50_000, 497_259_844_027_217_204, 1, MAX_RATE, 63419558966);
    }

    function test_Adapt_DoesNotMoveAtTheTargetOrInNoTime() public pure {
        exactAdapt(START, 0, 365 days, START, 365 days * START);
        exactAdapt(START, 1e18, 0, START, 0);
        // Too close to the target to change by one unit of growth a second.
        exactAdapt(START, -630_719, 365 days, START, 365 days * START);
    }

    function testFuzz_Adapt_StaysWithinItsBounds(uint256 rate, int256 err, uint256 elapsed) public pure {
        rate = bound(rate, MIN_RATE, MAX_RATE);
        err = bound(err, -1e18, 1e18);
        elapsed = bound(elapsed, 1, 1000 * 365 days);
        (uint256 end, uint256 integral) = AdaptiveCurve.adapt(rate, err, elapsed);
        assertGe(end, MIN_RATE);
        assertLe(end, MAX_RATE);
        // The mean lies between both ends, to within a unit of rounding.
        uint256 mean = integral / elapsed;
        assertGe(mean + 1, rate < end ? rate : end);
        assertLe(mean, (rate > end ? rate : end) + 1);
        if (err > 0) assertGe(end, rate);
        if (err < 0) assertLe(end, rate);
    }

    /// @dev The integral over the whole time is the sum of the integrals over its parts, at a bound
    /// or not.
    function testFuzz_Adapt_IntegralIsTheSumOfItsParts(
        uint256 rate,
        int256 err,
        uint256 first,
        uint256 second
    ) public pure {
        rate = bound(rate, MIN_RATE, MAX_RATE);
        err = bound(err, -1e18, 1e18);
        first = bound(first, 1 hours, 100 days);
        second = bound(second, 1 hours, 100 days);
        (uint256 endWhole, uint256 whole) = AdaptiveCurve.adapt(rate, err, first + second);
        (uint256 middle, uint256 ofFirst) = AdaptiveCurve.adapt(rate, err, first);
        (uint256 end, uint256 ofSecond) = AdaptiveCurve.adapt(middle, err, second);
        // The rate in between is rounded to a unit; it is at least 3e7.
        assertApproxEqRel(end, endWhole, 1e11);
        assertApproxEqRel(ofFirst + ofSecond, whole, 1e11);
    }

    /// @dev Errors of every magnitude: next to the target a second adds almost nothing to the
    /// growth.
    function testFuzz_Adapt_IntegralNeverFallsAsTimePasses(
        uint256 rate,
        int256 err,
        uint256 digits,
        uint256 elapsed,
        uint256 more
    ) public pure {
        rate = bound(rate, MIN_RATE, MAX_RATE);
        err = bound(err, -1e18, 1e18) / int256(10 ** bound(digits, 0, 12));
        elapsed = bound(elapsed, 0, 1000 * 365 days);
        more = bound(more, 1, 1 hours);
        (, uint256 integral) = AdaptiveCurve.adapt(rate, err, elapsed);
        (, uint256 later) = AdaptiveCurve.adapt(rate, err, elapsed + more);
        assertGe(later, integral);
    }

    /// @dev Around the second in which the bound is reached, where the formula changes.
    function testFuzz_Adapt_IntegralNeverFallsWhereTheBoundIsReached(
        uint256 rate,
        int256 speed,
        uint256 digits
    ) public pure {
        rate = bound(rate, MIN_RATE, MAX_RATE);
        speed = bound(speed, -1585489599188, 1585489599188) / int256(10 ** bound(digits, 0, 9));
        vm.assume(speed != 0);
        // The error of least absolute value with this speed.
        int256 err = (speed * 1e18) / 1585489599188;
        if ((1585489599188 * err) / 1e18 != speed) err += speed > 0 ? int256(1) : -1;
        int256 toBound = Exponential.ln(((speed > 0 ? MAX_RATE : MIN_RATE) * WAD) / rate);
        uint256 elapsed = uint256(toBound / speed);
        vm.assume(elapsed < 2 ** 40 - 3);
        elapsed = elapsed < 3 ? 0 : elapsed - 3;
        (uint256 end, uint256 previous) = AdaptiveCurve.adapt(rate, err, elapsed);
        for (uint256 i = 0; i < 6; ++i) {
            uint256 integral;
            (end, integral) = AdaptiveCurve.adapt(rate, err, ++elapsed);
            assertGe(integral, previous);
            previous = integral;
        }
        assertEq(end, speed > 0 ? MAX_RATE : MIN_RATE);
    }

    /// @dev Nothing overflows within the range of a market's clock.
    function testFuzz_Adapt_NeverReverts(uint256 rate, int256 err, uint256 elapsed) public pure {
        rate = bound(rate, MIN_RATE, MAX_RATE);
        err = bound(err, -1e18, 1e18);
        elapsed = bound(elapsed, 0, type(uint40).max);
        (uint256 end, uint256 integral) = AdaptiveCurve.adapt(rate, err, elapsed);
        assertLe(end, MAX_RATE);
        // `ln` is off by at most four units: the slowest change, by one a second, takes four
        // seconds for them.
        assertLe(integral, MAX_RATE * (elapsed + 4));
        assertLe(AdaptiveCurve.borrowRate(integral, err), 4 * integral);
    }

    // ------------------------------------------------------------------ without debt

    /// @dev 62,151,192,288 above the start: 2,540,204 seconds at 24,467 leave 21,020.
    function test_Relax_ReachesTheStartWithinAMonth() public pure {
        assertEq(AdaptiveCurve.relax(MAX_RATE, 0), MAX_RATE);
        assertEq(AdaptiveCurve.relax(MAX_RATE, 1), MAX_RATE - 24_467);
        assertEq(AdaptiveCurve.relax(MAX_RATE, 2_540_204), START + 21_020);
        assertEq(AdaptiveCurve.relax(MAX_RATE, 2_540_205), START);
        assertEq(AdaptiveCurve.relax(MIN_RATE, 1), MIN_RATE + 24_467);
        assertEq(AdaptiveCurve.relax(MIN_RATE, 1 days), START);
        assertEq(AdaptiveCurve.relax(START, 1), START);
        assertEq(AdaptiveCurve.relax(START, type(uint40).max), START);
    }

    /// @dev Never past the start, and the same in one step as in several.
    function testFuzz_Relax_MovesTowardsTheStart(uint256 rate, uint256 first, uint256 second) public pure {
        rate = bound(rate, MIN_RATE, MAX_RATE);
        first = bound(first, 0, 60 days);
        second = bound(second, 0, type(uint32).max);
        uint256 middle = AdaptiveCurve.relax(rate, first);
        if (rate > START) assertTrue(middle <= rate && middle >= START, "not towards the start");
        else assertTrue(middle >= rate && middle <= START, "not towards the start");
        assertEq(AdaptiveCurve.relax(middle, second), AdaptiveCurve.relax(rate, first + second));
    }

    function checkAdapt(uint256 rate, int256 err, uint256 elapsed, uint256 end, uint256 integral) private pure {
        (uint256 actualEnd, uint256 actual) = AdaptiveCurve.adapt(rate, err, elapsed);
        // Speed and rates are integers: a relative 1e-9, and a unit for each rounding.
        assertApproxEqAbs(actualEnd, end, 1 + end / 1e9, "end");
        assertApproxEqAbs(actual, integral, 1 + integral / 1e9, "integral");
    }

    function exactAdapt(uint256 rate, int256 err, uint256 elapsed, uint256 end, uint256 integral) private pure {
        (uint256 actualEnd, uint256 actual) = AdaptiveCurve.adapt(rate, err, elapsed);
        assertEq(actualEnd, end, "end");
        assertEq(actual, integral, "integral");
    }
}
