// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {DebtCeilings} from "../../contracts/libraries/DebtCeilings.sol";
import {DebtCeiling} from "../../contracts/types/MarketBooks.sol";
import {Test} from "../utils/Test.sol";

/// @dev A cap of 1,000,001 and 30% a day: the bucket holds 300,000.3, rounded down. Allowances are
/// in units times seconds.
contract DebtCeilingsTest is Test {
    using DebtCeilings for DebtCeiling;

    uint256 private constant CAP = 1_000_001;
    uint256 private constant DAILY = 0.3e18;
    uint256 private constant BUCKET = 300_000;
    uint256 private constant START = 1_700_000_000;

    uint256 private constant TICKS_OF_A_DAY = 256 * 1 days;

    struct Draw {
        uint256 amount;
        uint256 time;
    }

    DebtCeiling private ceiling;
    Draw[] private draws;

    function setUp() public {
        vm.warp(START);
        ceiling = DebtCeilings.full(CAP, DAILY);
    }

    // ------------------------------------------------------------------ the bucket

    function test_Full_IsFullAtFirst() public view {
        check(CAP, BUCKET * 1 days, START);
        assertEq(ceiling.available(DAILY), BUCKET);
    }

    function test_Full_KeepsTheLowerBitsOfTheTime() public {
        vm.warp(2 ** 32 + 5);
        ceiling = DebtCeilings.full(CAP, DAILY);
        check(CAP, BUCKET * 1 days, 5);
    }

    function test_Refill_IsByTheSecondRoundedDown() public {
        ceiling.use(BUCKET, BUCKET, DAILY);
        assertEq(ceiling.available(DAILY), 0);
        // 300,000 / 86,400 = 3.47 a second; 12,503.5 in an hour and a second.
        vm.warp(START + 1);
        assertEq(ceiling.available(DAILY), 3);
        vm.warp(START + 3601);
        assertEq(ceiling.available(DAILY), 12_503);
    }

    function test_Refill_TakesADayAndStopsAtTheBucket() public {
        ceiling.use(BUCKET, BUCKET, DAILY);
        vm.warp(START + 1 days - 1);
        assertEq(ceiling.available(DAILY), 299_996);
        vm.warp(START + 1 days);
        assertEq(ceiling.available(DAILY), BUCKET);
        vm.warp(START + 1 days + 1);
        assertEq(ceiling.available(DAILY), BUCKET);
    }

    function test_Refill_AcrossTheEndOfThe32Bits() public {
        vm.warp(2 ** 32 - 1);
        ceiling = DebtCeilings.full(CAP, DAILY);
        ceiling.use(BUCKET, BUCKET, DAILY);
        vm.warp(2 ** 32 + 3600);
        assertEq(ceiling.available(DAILY), 12_503);
    }

    function test_MaxCap_IsTheLargestWhoseDayFits120Bits() public pure {
        assertLe(DebtCeilings.MAX_CAP * 1 days, type(uint120).max);
        assertGt((DebtCeilings.MAX_CAP + 1) * 1 days, type(uint120).max);
    }

    function test_Refill_LargestCapDoesNotOverflow() public {
        ceiling = DebtCeilings.full(DebtCeilings.MAX_CAP, 1e18);
        assertEq(ceiling.available(1e18), DebtCeilings.MAX_CAP);
        ceiling.use(DebtCeilings.MAX_CAP, DebtCeilings.MAX_CAP, 1e18);
        vm.warp(START + type(uint32).max);
        assertEq(ceiling.available(1e18), DebtCeilings.MAX_CAP);
    }

    // ------------------------------------------------------------------ use

    function test_Use_TakesFromTheRefilledAllowance() public {
        ceiling.use(100_000, 100_000, DAILY);
        check(CAP, 200_000 * 1 days, START);
        vm.warp(START + 3601);
        ceiling.use(12_000, 112_000, DAILY);
        // 300,000 units times seconds per second.
        check(CAP, 188_000 * 1 days + 3601 * BUCKET, START + 3601);
    }

    /// @dev A bucket with two decimals: 500.00 a day is one unit every 1.728 seconds.
    function test_Use_EverySecondDropsNothingOfTheRefill() public {
        ceiling = DebtCeilings.full(50_000, 1e18);
        ceiling.use(50_000, 50_000, 1e18);
        uint256 used = 0;
        for (uint256 i = 1; i <= 1728; ++i) {
            vm.warp(START + i);
            uint256 left = ceiling.available(1e18);
            ceiling.use(left, 50_000, 1e18);
            used += left;
        }
        assertEq(used, 1000);
    }

    function test_Use_RevertWhen_TheDebtPassesTheCap() public {
        this.use(10, CAP);
        check(CAP, (BUCKET - 10) * 1 days, START);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.DebtCapExceeded.selector, CAP + 1, CAP));
        this.use(1, CAP + 1);
    }

    function test_Use_RevertWhen_TheAllowanceDoesNotSuffice() public {
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.DebtAllowanceExceeded.selector, BUCKET + 1, BUCKET));
        this.use(BUCKET + 1, BUCKET + 1);
        this.use(BUCKET, BUCKET);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.DebtAllowanceExceeded.selector, 1, 0));
        this.use(1, BUCKET + 1);
    }

    /// @dev New debt over any time is at most one bucket and its refill.
    function testFuzz_Use_NewDebtIsAtMostABucketAndItsRefill(uint256[8] memory wanted, uint16[8] memory pauses) public {
        (uint256 used, uint256 elapsed) = (0, 0);
        for (uint256 i = 0; i < wanted.length; ++i) {
            elapsed += pauses[i];
            vm.warp(START + elapsed);
            uint256 debt = bound(wanted[i], 0, ceiling.available(DAILY));
            ceiling.use(debt, CAP, DAILY);
            used += debt;
            assertLe(used, BUCKET + (BUCKET * elapsed) / 1 days);
        }
    }

    // ------------------------------------------------------------------ restore

    function test_Restore_ReturnsTheRepaymentOfANewDebt() public {
        ceiling.use(100_000, 100_000, DAILY);
        ceiling.restore(40_000, 100_000, 0, DAILY);
        check(CAP, 240_000 * 1 days, START);
        vm.warp(START + 3601);
        ceiling.restore(40_000, 60_000, 0, DAILY);
        check(CAP, 280_000 * 1 days + 3601 * BUCKET, START + 3601);
    }

    /// @dev Of 100,000 drawn a quarter of a day ago 75,000 can be restored, and they are restored
    /// first.
    function test_Restore_ReturnsNoMoreThanHasNotAged() public {
        ceiling.use(BUCKET, BUCKET, DAILY);
        uint256 aged = 100_000 * (TICKS_OF_A_DAY / 4);
        ceiling.restore(60_000, 100_000, aged, DAILY);
        check(CAP, 60_000 * 1 days, START);
        ceiling.restore(20_000, 40_000, aged, DAILY);
        check(CAP, 75_000 * 1 days, START);
        ceiling.restore(20_000, 20_000, 20_000 * TICKS_OF_A_DAY, DAILY);
        check(CAP, 75_000 * 1 days, START);
    }

    /// @dev One tick of a debt of one unit is less than a unit times a second: it is dropped.
    function test_Restore_RoundsDown() public {
        ceiling.use(BUCKET, BUCKET, DAILY);
        ceiling.restore(1, 1, 1, DAILY);
        check(CAP, 1 days - 1, START);
    }

    function test_Restore_OfNothingKeepsTheTimeOfTheLastRefill() public {
        ceiling.use(BUCKET, BUCKET, DAILY);
        vm.warp(START + 5);
        ceiling.restore(10, 10, 10 * TICKS_OF_A_DAY, DAILY);
        check(CAP, 0, START);
    }

    /// @dev More than one bucket can be stored, but is never available.
    function test_Restore_MakesNoMoreThanABucketAvailable() public {
        ceiling.restore(5, 5, 0, DAILY);
        check(CAP, (BUCKET + 5) * 1 days, START);
        assertEq(ceiling.available(DAILY), BUCKET);
    }

    function test_Restore_StaysWithinItsBits() public {
        ceiling = DebtCeilings.full(DebtCeilings.MAX_CAP, 1e18);
        ceiling.restore(DebtCeilings.MAX_CAP, DebtCeilings.MAX_CAP, 0, 1e18);
        check(DebtCeilings.MAX_CAP, type(uint120).max, START);
    }

    // ------------------------------------------------------------------ the age of a debt

    function test_Aged_IsTheDebtTimesItsAge() public {
        uint256 drawnAt = DebtCeilings.drawTime(1000, 0);
        assertEq(drawnAt, START * 256);
        assertEq(DebtCeilings.aged(1000, drawnAt), 0);
        vm.warp(START + 3);
        assertEq(DebtCeilings.aged(1000, drawnAt), 1000 * 3 * 256);
        vm.warp(START + 1 days);
        assertEq(DebtCeilings.aged(1000, drawnAt), 1000 * TICKS_OF_A_DAY);
        vm.warp(START + 1000 days);
        assertEq(DebtCeilings.aged(1000, drawnAt), 1000 * TICKS_OF_A_DAY);
    }

    function test_Aged_CountsAcrossTheEndOfThe40Bits() public {
        vm.warp(2 ** 32 - 1);
        uint256 drawnAt = uint40(DebtCeilings.drawTime(1000, 0));
        vm.warp(2 ** 32 + 1);
        assertEq(DebtCeilings.aged(1000, drawnAt), 1000 * 2 * 256);
    }

    function test_DrawTime_IsAnAverageRoundedDown() public view {
        // 1,000 that are a day old and 3,000 new.
        assertEq(DebtCeilings.drawTime(4000, 1000 * TICKS_OF_A_DAY), START * 256 - TICKS_OF_A_DAY / 4);
        assertEq(DebtCeilings.drawTime(3, 1), START * 256 - 1);
        assertEq(DebtCeilings.drawTime(3, 3), START * 256 - 1);
        assertEq(DebtCeilings.drawTime(3, 4), START * 256 - 2);
    }

    function test_DrawTime_IsAtMostADayAgo() public view {
        assertEq(DebtCeilings.drawTime(1, 1000 * TICKS_OF_A_DAY), START * 256 - TICKS_OF_A_DAY);
        assertEq(DebtCeilings.drawTime(0, 1000 * TICKS_OF_A_DAY), 0);
    }

    /// @dev Draws and repayments of one account at any times: a repayment restores at most the
    /// unaged part of each draw, where the last draw is repaid first.
    function testFuzz_Restore_IsAtMostTheUnagedPartOfEachDraw(
        uint256[8] memory amounts,
        uint32[8] memory pauses
    ) public {
        (uint256 debt, uint256 drawnAt) = (0, 0);
        for (uint256 i = 0; i < amounts.length; ++i) {
            vm.warp(vm.getBlockTimestamp() + (pauses[i] % 10 hours));
            uint256 aged = DebtCeilings.aged(debt, drawnAt);
            if (amounts[i] % 2 == 0) {
                uint256 amount = bound(amounts[i], 1, 1e12);
                draws.push(Draw(amount, vm.getBlockTimestamp()));
                debt += amount;
            } else {
                uint256 paid = bound(amounts[i], 0, debt);
                uint256 most = leftOfDraws();
                ceiling = DebtCeilings.full(1e30, 1e18);
                ceiling.use(1e30, 1e30, 1e18);
                ceiling.restore(paid, debt, aged, 1e18);
                assertLe(ceiling.allowance, paid * 1 days);
                assertLe(ceiling.allowance, most);
                debt -= paid;
                repayDraws(paid);
            }
            drawnAt = uint40(DebtCeilings.drawTime(debt, aged));
        }
    }

    // ------------------------------------------------------------------ setCap

    function test_SetCap_RaisedRefillsFasterFromNowOn() public {
        ceiling.use(BUCKET, BUCKET, DAILY);
        vm.warp(START + 3601);
        ceiling.setCap(2 * CAP, DAILY);
        // The earlier refill was at the old speed; from here on 600,000 * 3,601 / 86,400 =
        // 25,006.9.
        check(2 * CAP, 3601 * BUCKET, START + 3601);
        vm.warp(START + 7202);
        assertEq(ceiling.available(DAILY), 37_510);
    }

    function test_SetCap_LoweredDropsTheExcess() public {
        ceiling.setCap(101, DAILY);
        check(101, 30 * 1 days, START);
        // A higher cap doesn't bring it back.
        ceiling.setCap(CAP, DAILY);
        check(CAP, 30 * 1 days, START);
        assertEq(ceiling.available(DAILY), 30);
    }

    function test_SetCap_ToZeroAllowsNothing() public {
        ceiling.setCap(0, DAILY);
        check(0, 0, START);
        vm.warp(START + 365 days);
        assertEq(ceiling.available(DAILY), 0);
    }

    // ------------------------------------------------------------------ helpers

    function use(uint256 newDebt, uint256 totalDebt) external {
        ceiling.use(newDebt, totalDebt, DAILY);
    }

    /// @dev In units times seconds.
    function leftOfDraws() private view returns (uint256 left) {
        for (uint256 i = 0; i < draws.length; ++i) {
            uint256 age = vm.getBlockTimestamp() - draws[i].time;
            if (age < 1 days) left += draws[i].amount * (1 days - age);
        }
    }

    function repayDraws(uint256 paid) private {
        while (paid != 0) {
            Draw storage last = draws[draws.length - 1];
            if (last.amount > paid) {
                last.amount -= paid;
                return;
            }
            paid -= last.amount;
            draws.pop();
        }
    }

    function check(uint256 cap, uint256 allowance, uint256 lastRefill) private view {
        assertEq(ceiling.cap, cap, "cap");
        assertEq(ceiling.allowance, allowance, "allowance");
        assertEq(ceiling.lastRefill, lastRefill, "last refill");
    }
}
