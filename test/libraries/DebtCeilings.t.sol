// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {DebtCeilings} from "../../contracts/libraries/DebtCeilings.sol";
import {DebtCeiling} from "../../contracts/types/MarketBooks.sol";
import {Test} from "../utils/Test.sol";

/// @dev A cap of 1,000,001 and 30% a day: the bucket holds 300,000.3, rounded down.
contract DebtCeilingsTest is Test {
    using DebtCeilings for DebtCeiling;

    uint256 private constant CAP = 1_000_001;
    uint256 private constant DAILY = 0.3e18;
    uint256 private constant BUCKET = 300_000;
    uint256 private constant START = 1_700_000_000;

    DebtCeiling private ceiling;

    function setUp() public {
        vm.warp(START);
        ceiling = DebtCeilings.full(CAP, DAILY);
    }

    // ------------------------------------------------------------------ the bucket

    function test_IsFullAtFirst() public view {
        check(CAP, BUCKET, START);
        assertEq(ceiling.available(DAILY), BUCKET);
    }

    function test_KeepsTheLowerBitsOfTheTime() public {
        vm.warp(2 ** 32 + 5);
        ceiling = DebtCeilings.full(CAP, DAILY);
        check(CAP, BUCKET, 5);
    }

    function test_RefillsByTheSecondRoundedDown() public {
        ceiling.use(BUCKET, BUCKET, DAILY);
        assertEq(ceiling.available(DAILY), 0);
        // 300,000 / 86,400 = 3.47 a second; 12,503.5 in an hour and a second.
        vm.warp(START + 1);
        assertEq(ceiling.available(DAILY), 3);
        vm.warp(START + 3601);
        assertEq(ceiling.available(DAILY), 12_503);
    }

    function test_RefillsInADayAndNotFurther() public {
        ceiling.use(BUCKET, BUCKET, DAILY);
        vm.warp(START + 1 days - 1);
        assertEq(ceiling.available(DAILY), 299_996);
        vm.warp(START + 1 days);
        assertEq(ceiling.available(DAILY), BUCKET);
        vm.warp(START + 1 days + 1);
        assertEq(ceiling.available(DAILY), BUCKET);
    }

    function test_RefillsAcrossTheEndOfThe32Bits() public {
        vm.warp(2 ** 32 - 1);
        ceiling = DebtCeilings.full(CAP, DAILY);
        ceiling.use(BUCKET, BUCKET, DAILY);
        vm.warp(2 ** 32 + 3600);
        assertEq(ceiling.available(DAILY), 12_503);
    }

    function test_TheLargestCapDoesNotOverflow() public {
        ceiling = DebtCeilings.full(type(uint112).max, 1e18);
        assertEq(ceiling.available(1e18), type(uint112).max);
        ceiling.use(type(uint112).max, type(uint112).max, 1e18);
        vm.warp(START + type(uint32).max);
        assertEq(ceiling.available(1e18), type(uint112).max);
    }

    // ------------------------------------------------------------------ use

    function test_UseTakesFromWhatHasRefilled() public {
        ceiling.use(100_000, 100_000, DAILY);
        check(CAP, 200_000, START);
        vm.warp(START + 3601);
        ceiling.use(12_000, 112_000, DAILY);
        check(CAP, 200_503, START + 3601);
    }

    function test_RevertWhen_TheDebtPassesTheCap() public {
        this.use(10, CAP);
        check(CAP, BUCKET - 10, START);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.DebtCapExceeded.selector, CAP + 1, CAP));
        this.use(1, CAP + 1);
    }

    function test_RevertWhen_TheAllowanceDoesNotSuffice() public {
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.DebtAllowanceExceeded.selector, BUCKET + 1, BUCKET));
        this.use(BUCKET + 1, BUCKET + 1);
        this.use(BUCKET, BUCKET);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.DebtAllowanceExceeded.selector, 1, 0));
        this.use(1, BUCKET + 1);
    }

    /// @dev New debt over any time is at most a bucket and what refills.
    function testFuzz_NewDebtIsAtMostABucketAndItsRefill(uint256[8] memory wanted, uint16[8] memory pauses) public {
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

    function test_RestoreGivesBack() public {
        ceiling.use(100_000, 100_000, DAILY);
        vm.warp(START + 3601);
        ceiling.restore(40_000, DAILY);
        check(CAP, 252_503, START + 3601);
        assertEq(ceiling.available(DAILY), 252_503);
    }

    /// @dev More than a bucket is kept, but never available.
    function test_RestoreMakesNoMoreThanABucketAvailable() public {
        ceiling.restore(5, DAILY);
        check(CAP, BUCKET + 5, START);
        assertEq(ceiling.available(DAILY), BUCKET);
    }

    function test_RestoreStaysWithinItsBits() public {
        ceiling = DebtCeilings.full(type(uint112).max, 1e18);
        ceiling.restore(1, 1e18);
        check(type(uint112).max, type(uint112).max, START);
    }

    // ------------------------------------------------------------------ setCap

    function test_ARaisedCapRefillsFromNowOn() public {
        ceiling.use(BUCKET, BUCKET, DAILY);
        vm.warp(START + 3601);
        ceiling.setCap(2 * CAP, DAILY);
        // What has refilled did so at the old speed; 600,000 * 3,601 / 86,400 = 25,006.9 from here on.
        check(2 * CAP, 12_503, START + 3601);
        vm.warp(START + 7202);
        assertEq(ceiling.available(DAILY), 37_509);
    }

    function test_ALoweredCapTakesWhatNoLongerFits() public {
        ceiling.setCap(101, DAILY);
        check(101, 30, START);
        // It does not come back with the cap.
        ceiling.setCap(CAP, DAILY);
        check(CAP, 30, START);
        assertEq(ceiling.available(DAILY), 30);
    }

    function test_ACapOfZeroAllowsNothing() public {
        ceiling.setCap(0, DAILY);
        check(0, 0, START);
        vm.warp(START + 365 days);
        assertEq(ceiling.available(DAILY), 0);
    }

    // ------------------------------------------------------------------ helpers

    function use(uint256 newDebt, uint256 totalDebt) external {
        ceiling.use(newDebt, totalDebt, DAILY);
    }

    function check(uint256 cap, uint256 allowance, uint256 lastRefill) private view {
        assertEq(ceiling.cap, cap, "cap");
        assertEq(ceiling.allowance, allowance, "allowance");
        assertEq(ceiling.lastRefill, lastRefill, "last refill");
    }
}
