// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DebtCeilings} from "../../contracts/libraries/DebtCeilings.sol";
import {LimitRules} from "../../contracts/libraries/LimitRules.sol";
import {ScheduledRaise} from "../../contracts/types/MarketBooks.sol";
import {Config, Limit} from "../../contracts/types/MarketTypes.sol";
import {Test} from "../utils/Test.sol";

contract LimitRulesTest is Test {
    uint256 private constant WAD = 1e18;

    Config private config;

    function setUp() public {
        (config.entryGap, config.safetyMargin) = (0.02e18, 0.1e18);
        (config.bonusMin, config.bonusMax) = (0.02e18, 0.08e18);
    }

    // ------------------------------------------------------------------ scheduled raises

    function test_IsPending_UntilAWeekAfterItsTime() public {
        ScheduledRaise memory raise = ScheduledRaise(50_000, 1_000_000, 3);
        vm.warp(1);
        assertTrue(LimitRules.isPending(raise, 3));
        vm.warp(1_000_000 + 7 days);
        assertTrue(LimitRules.isPending(raise, 3));
        vm.warp(1_000_000 + 7 days + 1);
        assertFalse(LimitRules.isPending(raise, 3));
    }

    function test_IsPending_InItsEpochOnly() public {
        ScheduledRaise memory raise = ScheduledRaise(50_000, 1_000_000, 3);
        vm.warp(1_000_000);
        assertFalse(LimitRules.isPending(raise, 2));
        assertTrue(LimitRules.isPending(raise, 3));
        assertFalse(LimitRules.isPending(raise, 4));
        vm.warp(1_000_000 + 8 days);
        assertFalse(LimitRules.isPending(raise, 4));
    }

    function test_IsRaiseValid_MaxLeverageUpToTheGap() public view {
        // A price drop of 2% below 6.5x is at 5.8558x.
        assertTrue(LimitRules.isRaiseValid(Limit.MaxLeverage, 58_558, 65_000, config));
        assertFalse(LimitRules.isRaiseValid(Limit.MaxLeverage, 58_559, 65_000, config));
        assertTrue(LimitRules.isRaiseValid(Limit.MaxLeverage, 58_559, 65_001, config));
        assertFalse(LimitRules.isRaiseValid(Limit.MaxLeverage, 9_999, 65_000, config));
    }

    function test_IsRaiseValid_LiquidationLeverageWhileEveryBonusIsPayable() public {
        // At 8.5x, 1.02 * 7.5/8.5 is 0.9, which leaves exactly the margin.
        assertTrue(LimitRules.isRaiseValid(Limit.LiquidationLeverage, 85_000, 65_000, config));
        assertFalse(LimitRules.isRaiseValid(Limit.LiquidationLeverage, 85_001, 65_000, config));
        // 1.14 * (1 - 1/L) < 1 ends at 57/7 = 8.142857...
        config.bonusMax = 0.14e18;
        assertTrue(LimitRules.isRaiseValid(Limit.LiquidationLeverage, 81_428, 65_000, config));
        assertFalse(LimitRules.isRaiseValid(Limit.LiquidationLeverage, 81_429, 65_000, config));
    }

    function test_IsRaiseValid_OtherLimitsUpToTheirStorage() public view {
        assertTrue(LimitRules.isRaiseValid(Limit.SystemLeverageCap, type(uint24).max, 65_000, config));
        assertFalse(LimitRules.isRaiseValid(Limit.SystemLeverageCap, uint256(type(uint24).max) + 1, 65_000, config));
        assertTrue(LimitRules.isRaiseValid(Limit.DebtCap, DebtCeilings.MAX_CAP, 65_000, config));
        assertFalse(LimitRules.isRaiseValid(Limit.DebtCap, DebtCeilings.MAX_CAP + 1, 65_000, config));
        assertTrue(LimitRules.isRaiseValid(Limit.CollateralCap, type(uint128).max, 65_000, config));
        assertFalse(LimitRules.isRaiseValid(Limit.CollateralCap, uint256(type(uint128).max) + 1, 65_000, config));
    }

    function test_IsRaiseValid_NothingOutOfRange() public {
        // Out of range, although the other rules alone would accept it.
        (config.entryGap, config.safetyMargin, config.bonusMin, config.bonusMax) = (1, 1, 1, 1);
        uint256 tooMuch = uint256(type(uint24).max) + 1;
        assertTrue(LimitRules.keepsGap(tooMuch, 100 * tooMuch, 1));
        assertTrue(LimitRules.isPayable(tooMuch, 1, 1, 1));
        assertFalse(LimitRules.isRaiseValid(Limit.MaxLeverage, tooMuch, 100 * tooMuch, config));
        assertFalse(LimitRules.isRaiseValid(Limit.LiquidationLeverage, tooMuch, 65_000, config));
    }

    // ------------------------------------------------------------------ ranges, gap and bonus

    function test_IsInRange_LeverageIsAtLeastOneAndFitsItsStorage() public pure {
        Limit[3] memory leverages = [Limit.MaxLeverage, Limit.LiquidationLeverage, Limit.SystemLeverageCap];
        for (uint256 i = 0; i < leverages.length; ++i) {
            assertFalse(LimitRules.isInRange(leverages[i], 9_999));
            assertTrue(LimitRules.isInRange(leverages[i], 10_000));
            assertTrue(LimitRules.isInRange(leverages[i], type(uint24).max));
            assertFalse(LimitRules.isInRange(leverages[i], uint256(type(uint24).max) + 1));
        }
    }

    function test_IsInRange_CapsFitTheirStorage() public pure {
        assertTrue(LimitRules.isInRange(Limit.DebtCap, 0));
        assertTrue(LimitRules.isInRange(Limit.DebtCap, DebtCeilings.MAX_CAP));
        assertFalse(LimitRules.isInRange(Limit.DebtCap, DebtCeilings.MAX_CAP + 1));
        assertTrue(LimitRules.isInRange(Limit.SupplyCap, 0));
        assertTrue(LimitRules.isInRange(Limit.SupplyCap, type(uint128).max));
        assertFalse(LimitRules.isInRange(Limit.SupplyCap, uint256(type(uint128).max) + 1));
        assertTrue(LimitRules.isInRange(Limit.CollateralCap, 0));
        assertTrue(LimitRules.isInRange(Limit.CollateralCap, type(uint128).max));
        assertFalse(LimitRules.isInRange(Limit.CollateralCap, uint256(type(uint128).max) + 1));
    }

    function test_KeepsGap_GapIsThePriceDropBetweenTheLimits() public pure {
        // From 2x (LTV 1/2) to 3x (LTV 2/3) the price drops by a quarter.
        assertTrue(LimitRules.keepsGap(20_000, 30_000, 0.25e18));
        assertFalse(LimitRules.keepsGap(20_000, 30_000, 0.25e18 + 1));
        assertFalse(LimitRules.keepsGap(20_001, 30_000, 0.25e18));
        assertFalse(LimitRules.keepsGap(20_000, 29_999, 0.25e18));
    }

    function test_KeepsGap_NoGapToALimitOfOne() public pure {
        assertFalse(LimitRules.keepsGap(10_000, 10_000, 0.01e18));
        assertTrue(LimitRules.keepsGap(10_000, 10_001, 0.01e18));
    }

    function testFuzz_KeepsGap_LowerLimitIsBelow(uint256 lower, uint256 upper, uint256 gap) public pure {
        lower = bound(lower, 10_000, type(uint24).max);
        upper = bound(upper, 10_000, type(uint24).max);
        gap = bound(gap, 1, WAD - 1);
        if (LimitRules.keepsGap(lower, upper, gap)) assertLt(lower, upper);
    }

    function testFuzz_KeepsGap_RaisingTheUpperLimitKeepsIt(uint256 lower, uint256 upper, uint256 gap) public pure {
        lower = bound(lower, 10_000, 1_000_000);
        upper = bound(upper, lower, type(uint24).max - 1);
        gap = bound(gap, 1, 0.5e18);
        if (LimitRules.keepsGap(lower, upper, gap)) assertTrue(LimitRules.keepsGap(lower, upper + 1, gap));
    }

    function test_IsPayable_UpToTheMarginExactly() public pure {
        // At 2x the LTV is 1/2: a least bonus of 20% leaves 40%, and a greatest bonus of just below
        // 100% can be paid.
        assertTrue(LimitRules.isPayable(20_000, 0.2e18, 0.9e18, 0.4e18));
        assertFalse(LimitRules.isPayable(20_000, 0.2e18, 0.9e18, 0.4e18 + 1));
        assertTrue(LimitRules.isPayable(20_000, 0.2e18, 1e18 - 1, 0.4e18));
        assertFalse(LimitRules.isPayable(20_000, 0.2e18, 1e18, 0.4e18));
    }

    function testFuzz_IsPayable_LeavesEquityAtTheLimit(
        uint256 limit,
        uint256 bonusMin,
        uint256 bonusMax,
        uint256 debt
    ) public pure {
        limit = bound(limit, 10_001, type(uint24).max);
        bonusMax = bound(bonusMax, 0, WAD);
        bonusMin = bound(bonusMin, 0, bonusMax);
        debt = bound(debt, 1, 2 ** 112);
        if (!LimitRules.isPayable(limit, bonusMin, bonusMax, 1)) return;
        // C = D * L / (L - 1) at the limit.
        assertLt((WAD + bonusMax) * debt * (limit - 10_000), debt * limit * WAD);
    }
}
