// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ramps} from "../../contracts/libraries/Ramps.sol";
import {Ramp} from "../../contracts/types/MarketTypes.sol";
import {Test} from "../utils/Test.sol";

contract RampsTest is Test {
    Ramp private running;

    function test_FallsFromItsStartToItsEndRoundedUp() public {
        // 15,000 in seven seconds: 2,142.86 a second.
        uint256[8] memory expected = [uint256(65_000), 62_858, 60_715, 58_572, 56_429, 54_286, 52_143, 50_000];
        for (uint256 i = 0; i < expected.length; ++i) {
            vm.warp(1000 + i);
            assertEq(Ramps.current(Ramp(65_000, 50_000, 1000, 1007)), expected[i]);
        }
    }

    function test_StaysAtItsEnd() public {
        vm.warp(1008);
        assertEq(Ramps.current(Ramp(65_000, 50_000, 1000, 1007)), 50_000);
        vm.warp(type(uint40).max);
        assertEq(Ramps.current(Ramp(65_000, 50_000, 1000, 1007)), 50_000);
    }

    function test_ADropOfOneIsWaitedFor() public {
        Ramp memory ramp = Ramp(50_001, 50_000, 1000, 1000 + 2 days);
        vm.warp(1000 + 2 days - 1);
        assertEq(Ramps.current(ramp), 50_001);
        vm.warp(1000 + 2 days);
        assertEq(Ramps.current(ramp), 50_000);
    }

    function testFuzz_NeverRisesNorLeavesItsEnds(
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
        Ramp memory ramp = Ramp(uint24(from), uint24(to), 1000, uint40(1000 + length));
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

    // ------------------------------------------------------------------ at the end of another

    function test_AtTheEndOfARampANewOneIsSoFar() public {
        running = Ramp(65_000, 55_000, 1000, 1000 + 4 days);
        vm.warp(1000 + 2 days);
        assertEq(Ramps.reachedAtEndUp(running, 60_000, 50_000, 4 days), 55_000);
        // Half of 9,999, rounded down, is what it has fallen by.
        assertEq(Ramps.reachedAtEndUp(running, 60_000, 50_001, 4 days), 55_001);
        // It may be there earlier.
        assertEq(Ramps.reachedAtEndUp(running, 60_000, 54_000, 2 days), 54_000);
        assertEq(Ramps.reachedAtEndUp(running, 60_000, 54_000, 1 days), 54_000);
        // One that has ended leaves no time.
        vm.warp(1000 + 4 days);
        assertEq(Ramps.reachedAtEndUp(running, 55_000, 50_000, 4 days), 55_000);
        vm.warp(1000 + 400 days);
        assertEq(Ramps.reachedAtEndUp(running, 55_000, 50_000, 4 days), 55_000);
    }

    /// @dev The new ramp, looked at when the old one ends.
    function testFuzz_AtTheEndOfARampANewOneIsWhatItWillBe(
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
        running = Ramp(60_000, 50_000, uint40(900 days), uint40(1000 days + remaining));
        uint256 predicted = Ramps.reachedAtEndUp(running, from, to, duration);
        Ramp memory next = Ramp(uint24(from), uint24(to), uint40(1000 days), uint40(1000 days + duration));
        vm.warp(1000 days + remaining);
        assertEq(predicted, Ramps.current(next));
    }
}
