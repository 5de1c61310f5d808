// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ramps} from "../../contracts/libraries/Ramps.sol";
import {Ramp} from "../../contracts/types/MarketTypes.sol";
import {Test} from "../utils/Test.sol";

contract RampsTest is Test {
    uint256 private constant UNIT = 2 ** 40;

    Ramp private running;

    function test_Current_FallsFromItsStartToItsEndRoundedUp() public {
        // 15,000 in seven seconds: 2,142.86 a second.
        uint256[8] memory expected = [uint256(65_000), 62_858, 60_715, 58_572, 56_429, 54_286, 52_143, 50_000];
        for (uint256 i = 0; i < expected.length; ++i) {
            vm.warp(1000 + i);
            assertEq(Ramps.current(Ramp(65_000, 50_000, 1000, 1007, 0)), expected[i]);
        }
    }

    function test_Current_StaysAtItsEnd() public {
        vm.warp(1008);
        assertEq(Ramps.current(Ramp(65_000, 50_000, 1000, 1007, 0)), 50_000);
        vm.warp(type(uint40).max);
        assertEq(Ramps.current(Ramp(65_000, 50_000, 1000, 1007, 0)), 50_000);
    }

    function test_Current_DropOfOneWaitsForTheEnd() public {
        Ramp memory ramp = Ramp(50_001, 50_000, 1000, 1000 + 2 days, 0);
        vm.warp(1000 + 2 days - 1);
        assertEq(Ramps.current(ramp), 50_001);
        vm.warp(1000 + 2 days);
        assertEq(Ramps.current(ramp), 50_000);
    }

    function testFuzz_Current_NeverRisesNorLeavesItsEnds(
        uint256 from,
        uint256 to,
        uint256 length,
        uint256 first,
        uint256 second
    ) public {
        to = bound(to, 10_000, type(uint24).max - 1);
        from = bound(from, to + 1, type(uint24).max);
        length = bound(length, 2 days, 3650 days);
        first = bound(first, 0, 2 * length);
        second = bound(second, first, 2 * length);
        Ramp memory ramp = Ramp(uint24(from), uint24(to), 1000, uint40(1000 + length), 0);
        vm.warp(1000 + first);
        uint256 earlier = Ramps.current(ramp);
        vm.warp(1000 + second);
        uint256 later = Ramps.current(ramp);
        assertLe(later, earlier);
        assertLe(earlier, from);
        assertGe(later, to);
        // Never below the line, and less than one above it.
        if (first < length) assertEq(earlier, from - ((from - to) * first) / length);
    }

    function test_ExactUp_IncludesTheFraction() public {
        // A line from 59,999.5 to 50,000 in two seconds.
        Ramp memory ramp = Ramp(60_000, 50_000, 1000, 1002, 2 ** 39);
        vm.warp(1000);
        assertEq(Ramps.current(ramp), 60_000);
        assertEq(Ramps.exactUp(ramp), 59_999 * UNIT + UNIT / 2);
        vm.warp(1001);
        assertEq(Ramps.current(ramp), 55_000);
        assertEq(Ramps.exactUp(ramp), 54_999 * UNIT + (UNIT * 3) / 4);
        vm.warp(1002);
        assertEq(Ramps.current(ramp), 50_000);
        assertEq(Ramps.exactUp(ramp), 50_000 * UNIT);
    }

    function test_ExactUp_IsRoundedUp() public {
        // Two thirds of a unit are left, and one third.
        Ramp memory ramp = Ramp(50_001, 50_000, 1000, 1003, 0);
        vm.warp(1001);
        assertEq(Ramps.exactUp(ramp), 50_000 * UNIT + (2 * UNIT) / 3 + 1);
        vm.warp(1002);
        assertEq(Ramps.exactUp(ramp), 50_000 * UNIT + UNIT / 3 + 1);
    }

    /// @dev A ramp that replaces another one with the same end and target is the same line, except
    /// for the rounding of its start.
    function testFuzz_ExactUp_ReplacedRampIsTheSameLine(
        uint256 from,
        uint256 to,
        uint256 length,
        uint256[2] memory times
    ) public {
        to = bound(to, 10_000, type(uint24).max - 1);
        from = bound(from, to + 1, type(uint24).max);
        length = bound(length, 2 days, 365 days);
        Ramp memory old = Ramp(uint24(from), uint24(to), 1000, uint40(1000 + length), 0);
        vm.warp(1000 + bound(times[0], 0, length - 1));
        (uint256 limit, uint256 exact) = (Ramps.current(old), Ramps.exactUp(old));
        uint40 fraction = uint40(limit * UNIT - exact);
        Ramp memory next = Ramp(uint24(limit), uint24(to), uint40(vm.getBlockTimestamp()), old.end, fraction);
        assertEq(Ramps.exactUp(next), exact);
        vm.warp(bound(times[1], vm.getBlockTimestamp(), old.end));
        assertGe(Ramps.exactUp(next), Ramps.exactUp(old));
        assertLe(Ramps.exactUp(next), Ramps.exactUp(old) + 1);
    }

    // ----------------------------------------------------------------- at the end of another ramp

    function test_ReachedAtEndUp_OfAnExample() public {
        running = Ramp(65_000, 55_000, 1000, 1000 + 4 days, 0);
        vm.warp(1000 + 2 days);
        assertEq(Ramps.reachedAtEndUp(running, 60_000, 50_000, 4 days), 55_000);
        // Its fall is half of 9,999, rounded down.
        assertEq(Ramps.reachedAtEndUp(running, 60_000, 50_001, 4 days), 55_001);
        // It may arrive earlier.
        assertEq(Ramps.reachedAtEndUp(running, 60_000, 54_000, 2 days), 54_000);
        assertEq(Ramps.reachedAtEndUp(running, 60_000, 54_000, 1 days), 54_000);
        // A ramp that has ended leaves no time.
        vm.warp(1000 + 4 days);
        assertEq(Ramps.reachedAtEndUp(running, 55_000, 50_000, 4 days), 55_000);
        vm.warp(1000 + 400 days);
        assertEq(Ramps.reachedAtEndUp(running, 55_000, 50_000, 4 days), 55_000);
    }

    /// @dev Compares with the new ramp at the old one's end.
    function testFuzz_ReachedAtEndUp_IsTheNewRampsLimitThen(
        uint256 from,
        uint256 to,
        uint256 duration,
        uint256 remaining
    ) public {
        to = bound(to, 10_000, type(uint24).max - 1);
        from = bound(from, to + 1, type(uint24).max);
        duration = bound(duration, 2 days, 365 days);
        remaining = bound(remaining, 1, 365 days);
        vm.warp(1000 days);
        running = Ramp(60_000, 50_000, uint40(900 days), uint40(1000 days + remaining), 0);
        uint256 predicted = Ramps.reachedAtEndUp(running, from, to, duration);
        Ramp memory next = Ramp(uint24(from), uint24(to), uint40(1000 days), uint40(1000 days + duration), 0);
        vm.warp(1000 days + remaining);
        assertEq(predicted, Ramps.current(next));
    }
}
