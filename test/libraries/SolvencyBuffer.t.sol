// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SolvencyBuffer} from "../../contracts/libraries/SolvencyBuffer.sol";
import {Buffer} from "../../contracts/types/MarketBooks.sol";
import {Test} from "../utils/Test.sol";

contract SolvencyBufferTest is Test {
    uint256 private constant TARGET = 0.05e18;
    uint256 private constant FEE = 0.15e18;
    uint256 private constant SUPPLY = 7_000_003;
    uint256 private constant MOST = type(uint128).max;

    // ------------------------------------------------------------------ isFull

    function test_IsFull_AtTheTargetExactly() public pure {
        assertFalse(SolvencyBuffer.isFull(49, 1000, TARGET));
        assertTrue(SolvencyBuffer.isFull(50, 1000, TARGET));
        assertTrue(SolvencyBuffer.isFull(51, 1000, TARGET));
        assertFalse(SolvencyBuffer.isFull(50, 1001, TARGET));
        assertFalse(SolvencyBuffer.isFull(50, 1000, TARGET + 1));
    }

    function test_IsFull_NeverWithoutShares() public pure {
        assertFalse(SolvencyBuffer.isFull(0, 0, TARGET));
        assertTrue(SolvencyBuffer.isFull(1, 1, 1e18));
        assertTrue(SolvencyBuffer.isFull(1, 20, TARGET));
    }

    // ------------------------------------------------------------------ dueShares

    function test_DueShares_AreAShareOfTheGrowth() public pure {
        // Fee: 101 * 15% = 15.15. Shares: 15 * 8,000,003 / (1,101 - 15 + 1) = 110,395.6.
        assertEq(due(0, 0, SUPPLY, 1000, 1101, FEE), 110_395);
    }

    function test_DueShares_PendingFeesAreDueAndAreNoGrowth() public pure {
        // 1,111 is 1,000, fees of 10, and a growth of 101. 25 * 8,000,003 / (1,111 - 25 + 1) =
        // 183,992.7.
        assertEq(due(0, 10, SUPPLY, 1000, 1111, FEE), 183_992);
    }

    function test_DueShares_OfTheLeastFee() public pure {
        // 8,000,003 / (1,001 - 1 + 1) = 7,992.01
        assertEq(due(0, 1, SUPPLY, 1000, 1001, FEE), 7_992);
    }

    function test_DueShares_FullBufferReceivesPendingFeesOnly() public pure {
        // 5% of the shares are 350,000.15. 10 * 8,000,003 / (1,111 - 10 + 1) = 72,595.3.
        assertEq(due(350_001, 10, SUPPLY, 1000, 1111, FEE), 72_595);
        assertEq(due(350_000, 10, SUPPLY, 1000, 1111, FEE), 183_992);
    }

    function test_DueShares_WithoutGrowthPendingFeesOnly() public pure {
        // 10 * 8,000,003 / (1,010 - 10 + 1), and / (900 - 10 + 1) after a loss.
        assertEq(due(0, 10, SUPPLY, 1000, 1010, FEE), 79_920);
        assertEq(due(0, 10, SUPPLY, 1000, 900, FEE), 89_786);
        // 15% of a growth of 6 is 0.9, less than a unit; 15% of 7 is 1.05.
        assertEq(due(0, 10, SUPPLY, 1000, 1016, FEE), 79_443);
        assertEq(due(0, 10, SUPPLY, 1000, 1017, FEE), 87_388);
    }

    function test_DueShares_NothingIsDueOnNothing() public pure {
        assertEq(due(0, 0, SUPPLY, 1000, 1000, FEE), 0);
        assertEq(due(0, 0, SUPPLY, 1000, 900, FEE), 0);
        assertEq(due(0, 0, SUPPLY, 1000, 1101, 0), 0);
        assertEq(due(350_001, 0, SUPPLY, 1000, 1101, FEE), 0);
        assertEq(due(0, 0, 0, 0, 0, FEE), 0);
    }

    /// @dev Total assets beyond 128 bits are cut to 128 bits for the growth, but not for the price
    /// of a share.
    function test_DueShares_AbsurdGrowthSaturates() public pure {
        // 101 below 2^128 - 1, so a growth of 101: a fee of 15. 15 * (2^127 + 1e6) / (2^130 - 15 +
        // 1) = 1.9.
        assertEq(due(0, 0, 2 ** 127, MOST - 101, 2 ** 130, FEE), 1);
        // Six shares a unit: 15 * (3 * 2^126 + 1e6) / (2^128 + 1 - 15 + 1) = 11.25.
        assertEq(due(0, 0, 3 * 2 ** 126, MOST - 101, 2 ** 128 + 1, FEE), 11);
    }

    function test_DueShares_Saturate() public pure {
        // 15 shares are due, of which 10, 14 and all 15 fit.
        assertEq(due(0, 0, MOST - 10, MOST - 101, MOST, FEE), 10);
        assertEq(due(0, 0, MOST - 14, MOST - 101, MOST, FEE), 14);
        assertEq(due(0, 0, MOST - 16, MOST - 101, MOST, FEE), 15);
        assertEq(due(0, 0, MOST, MOST - 101, MOST, FEE), 0);
    }

    /// @dev The new shares are worth at most the fee, and less by at most a unit, the effect of
    /// rounding.
    function testFuzz_DueShares_AreWorthAtMostTheFee(
        uint256 supply,
        uint256 last,
        uint256 growth,
        uint256 fee
    ) public pure {
        supply = bound(supply, 0, 2 ** 100);
        last = bound(last, 0, 2 ** 100);
        growth = bound(growth, 0, 2 ** 100);
        fee = bound(fee, 0, 0.5e18);
        uint256 shares = due(0, 0, supply, last, last + growth, fee);
        uint256 rest = last + growth - (growth * fee) / 1e18;
        assertLe(shares * (rest + 1), ((growth * fee) / 1e18) * (supply + 1e6));
        assertGt((shares + 1) * (rest + 1), ((growth * fee) / 1e18) * (supply + 1e6));
    }

    // ------------------------------------------------------------------ the fraction of a fee

    function test_DueShares_FeeOfLessThanAUnitIsKeptForTheNextTime() public pure {
        // 15% of 6 are 0.9 of a unit: 58,982.4 of 65,536.
        (uint256 shares, uint256 left) = SolvencyBuffer.dueShares(buffer(0, 0, 0), SUPPLY, 1000, 1006, FEE, TARGET);
        assertEq(shares, 0);
        assertEq(left, 58_982);
        // With 0.15 of another one it is a unit, and 0.05 is left: 3,276 after rounding.
        (shares, left) = SolvencyBuffer.dueShares(buffer(0, 0, left), SUPPLY, 1006, 1007, FEE, TARGET);
        assertEq(shares, uint256(8_000_003) / 1007);
        assertEq(left, 3_276);
    }

    function test_DueShares_FullBufferKeepsTheFraction() public pure {
        (uint256 shares, uint256 left) = SolvencyBuffer.dueShares(
            buffer(350_001, 0, 7),
            SUPPLY,
            1000,
            1101,
            FEE,
            TARGET
        );
        assertEq(shares, 0);
        assertEq(left, 7);
    }

    function test_DueShares_PendingFeesKeepTheFraction() public pure {
        (uint256 shares, uint256 left) = SolvencyBuffer.dueShares(
            buffer(0, 10, 65_535),
            SUPPLY,
            1000,
            1010,
            FEE,
            TARGET
        );
        assertEq(shares, 79_920);
        assertEq(left, 65_535);
    }

    /// @dev However a growth is split, the fee is the same except for 2^-16 of a unit per part. In
    /// a market of 10^30 units a unit stays a million shares.
    function testFuzz_DueShares_ManyPartsPayTheFeeOfTheWhole(uint256[8] memory parts, uint256 fee) public pure {
        fee = bound(fee, 0, 0.5e18);
        (uint256 last, uint256 paid, uint256 fraction) = (1e30, 0, 0);
        for (uint256 i = 0; i < parts.length; ++i) {
            uint256 total = last + bound(parts[i], 0, 100);
            uint256 shares;
            (shares, fraction) = SolvencyBuffer.dueShares(buffer(0, 0, fraction), 1e36, last, total, fee, TARGET);
            // Rounded down, by less than a share.
            paid += (shares + 1) / 1e6;
            last = total;
        }
        uint256 whole = ((last - 1e30) * fee) / 1e18;
        assertLe(paid, whole);
        assertGe((paid << 16) + fraction + parts.length, (((last - 1e30) * fee) << 16) / 1e18);
    }

    function due(
        uint256 held,
        uint256 fees,
        uint256 supply,
        uint256 last,
        uint256 total,
        uint256 fee
    ) private pure returns (uint256 shares) {
        (shares, ) = SolvencyBuffer.dueShares(buffer(held, fees, 0), supply, last, total, fee, TARGET);
    }

    function buffer(uint256 shares, uint256 fees, uint256 fraction) private pure returns (Buffer memory) {
        return Buffer(uint128(shares), uint112(fees), uint16(fraction));
    }
}
