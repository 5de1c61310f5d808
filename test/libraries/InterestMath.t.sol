// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {InterestMath} from "../../contracts/libraries/InterestMath.sol";
import {IMathHarness} from "../support/IMathHarness.sol";
import {Test} from "../utils/Test.sol";

/// @dev The expected values were computed by the same formulas on integers of any size, outside of
/// Solidity.
contract InterestMathTest is Test {
    uint256 private constant WAD = 1e18;
    /// @dev 4% and 200% a year, per second.
    uint256 private constant START = 1_268_391_679;
    uint256 private constant MAX_RATE = 63_419_583_967;
    /// @dev 0.1% a year.
    uint256 private constant MIN_RATE = 31_709_791;
    uint256 private constant MAX_INDEX = type(uint96).max;

    /// @dev Compiled like the market: without the optimizer, `accrue` has too many variables.
    IMathHarness private math;

    function setUp() public {
        math = IMathHarness(deployCode("MathHarness.sol:MathHarness", ""));
    }

    function test_Accrue_AYearAtTheTargetCompounds() public view {
        // 90 of 100 are borrowed. e^0.04 = 1.0408107741923882, at a rate rounded down to units of
        // 1e-18 a second.
        check(WAD, START, 90, 10, 365 days, 1.040810774180881022e18, START);
        // 60 shares at 1.5 are the same debt. The growth is rounded up.
        check(1.5e18, START, 60, 10, 365 days, 1.561216161271321533e18, START);
    }

    function test_Accrue_GrowthRoundsUp() public view {
        // A second's growth, 1,268,391,679e-18, times this index leaves a remainder of one.
        check(1.324869460926193919e18, START, 68, 10, 1, 1.324869462606647320e18, START);
        check(WAD, START, 90, 10, 1, WAD + START, START);
    }

    function test_Accrue_RateAdaptsMeanwhile() public view {
        check(WAD, START, 100, 0, 1 days, 1.000469910176772377e18, 1_454_607_354);
        // 1 share is 1.5, rounded down to 1: half of 2 is borrowed.
        check(1.5e18, START, 1, 1, 1 days, 1.500106323449750406e18, 1_193_472_234);
    }

    function test_Accrue_NothingGrowsInNoTimeOrWithNothingBorrowed() public view {
        check(1.5e18, START, 100, 10, 0, 1.5e18, START);
        check(1.5e18, START, 0, 10, 365 days, 1.5e18, START);
        check(1.5e18, START, 0, 0, 365 days, 1.5e18, START);
        check(1.5e18, START, 0, 0, 0, 1.5e18, START);
    }

    function test_Accrue_IndexStaysAtItsGreatest() public view {
        check(MAX_INDEX, START, 90, 10, 1, MAX_INDEX, 1_268_393_690);
        check(WAD, MAX_RATE, 1, 0, type(uint40).max, MAX_INDEX, MAX_RATE);
        // At 800% a year, e^25.07 takes the index there from one.
        check(WAD, MAX_RATE, 1, 0, 1145 days, MAX_INDEX, MAX_RATE);
    }

    function test_Accrue_IndexGrowsUpToItsGreatest() public view {
        (uint256 index, ) = math.accrue(WAD, MAX_RATE, 1, 0, 0, 1143 days);
        assertLt(index, MAX_INDEX);
        assertGt(index, MAX_INDEX / 2);
    }

    function testFuzz_Accrue_IndexNeverFallsNorReverts(
        uint256 index,
        uint256 debtShares,
        uint256 cash,
        uint256 from,
        uint256 to
    ) public view {
        index = bound(index, WAD, MAX_INDEX);
        debtShares = bound(debtShares, 0, type(uint128).max);
        cash = bound(cash, 0, type(uint128).max);
        from = bound(from, 0, type(uint40).max);
        to = bound(to, from, type(uint40).max);
        (uint256 newIndex, uint256 newRate) = math.accrue(index, START, debtShares, cash, from, to);
        assertGe(newIndex, index);
        assertLe(newIndex, MAX_INDEX);
        assertLe(newRate, MAX_RATE);
    }

    /// @dev A view a moment later returns no less: utilization on both sides of the target, any
    /// rate, any time.
    function testFuzz_Accrue_IndexNeverFallsAsTimePasses(
        uint256 rate,
        uint256 debtShares,
        uint256 cash,
        uint256 elapsed,
        uint256 more
    ) public view {
        rate = bound(rate, MIN_RATE, MAX_RATE);
        debtShares = bound(debtShares, 1, 100e18);
        cash = bound(cash, 0, 10e18);
        elapsed = bound(elapsed, 0, 40 * 365 days);
        more = bound(more, 0, 1 minutes);
        (uint256 index, ) = math.accrue(WAD, rate, debtShares, cash, 0, elapsed);
        (uint256 later, ) = math.accrue(WAD, rate, debtShares, cash, 0, elapsed + more);
        assertGe(later, index);
    }

    function test_CountedCash_IncludesTenMinimumDebts() public pure {
        assertEq(InterestMath.countedCash(0, 1_000), 10_000);
        assertEq(InterestMath.countedCash(7, 100e6), 1_000e6 + 7);
        uint256 most = type(uint112).max;
        assertEq(InterestMath.countedCash(type(uint128).max, most), type(uint128).max + 10 * most);
    }

    /// @dev The index stays; the rate returns to 4%, by 24,467 a second.
    function test_Accrue_RateReturnsWithNothingBorrowed() public view {
        check(1.5e18, MAX_RATE, 0, 10, 1, 1.5e18, MAX_RATE - 24_467);
        check(1.5e18, MAX_RATE, 0, 10, 30 days, 1.5e18, START);
        check(1.5e18, START - 24_468, 0, 10, 1, 1.5e18, START - 1);
        check(1.5e18, START - 24_467, 0, 10, 1, 1.5e18, START);
    }

    function test_BorrowRate_OfTheBooks() public pure {
        assertEq(InterestMath.borrowRate(START, 90, 10), START);
        // Half of the way down: 1 - 3/8; the remainder is dropped.
        assertEq(InterestMath.borrowRate(START, 45, 55), 792_744_799);
        assertEq(InterestMath.borrowRate(START, 1, 0), 4 * START);
    }

    function test_BorrowRate_WithNothingBorrowedIsTheLowest() public pure {
        assertEq(InterestMath.borrowRate(START, 0, 1), 317_097_919);
        assertEq(InterestMath.borrowRate(START, 0, 100), 317_097_919);
    }

    function check(
        uint256 index,
        uint256 rate,
        uint256 debtShares,
        uint256 cash,
        uint256 elapsed,
        uint256 newIndex,
        uint256 newRate
    ) private view {
        uint256 from = 1_700_000_000;
        if (elapsed > type(uint40).max - from) from = 0;
        (uint256 actualIndex, uint256 actualRate) = math.accrue(index, rate, debtShares, cash, from, from + elapsed);
        assertEq(actualIndex, newIndex, "index");
        assertEq(actualRate, newRate, "rate");
    }
}
