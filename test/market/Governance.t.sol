// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {DebtCeilings} from "../../contracts/libraries/DebtCeilings.sol";
import {DecimalFloat} from "../../contracts/libraries/DecimalFloat.sol";
import {Limit, Limits, MarketParams} from "../../contracts/types/MarketTypes.sol";
import {GovernanceTest} from "../support/GovernanceTest.sol";
import {LIMITS, LimitValues} from "../support/LimitValues.sol";
import {LiquidationTest} from "../support/LiquidationTest.sol";
import {MarketPresets} from "../../contracts/mocks/MarketPresets.sol";

/// @dev Limits at the start: 5x, 6.5x, system cap 5x, debt cap 8 million with 4 million a day, a
/// million of collateral. With the gap of 2% the least liquidation limit is 54_445 (49/9) above 5x,
/// and 48_462 (63/13) above the target of 4.5x.
contract GovernanceUnitTest is LiquidationTest, GovernanceTest {
    using LimitValues for Limits;

    uint256 private constant DEBT_CAP = MarketPresets.DEBT_CAP * 1e6;
    uint256 private constant COLLATERAL_CAP = MarketPresets.COLLATERAL_CAP * 1e18;

    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.limits.supplyCap = 15_000_000e6;
    }

    // ------------------------------------------------------------------ roles

    function test_LowerLimit_GuardianMayLowerButNotRaise() public {
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

    function test_Governance_RevertWhen_CallerHasNoRole() public {
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

    function test_ApplyRaise_AnyoneMayCallIt() public {
        schedule(Limit.MaxLeverage, 55_000);
        skipTime(DELAY);
        vm.prank(bob);
        market.applyRaise(Limit.MaxLeverage);
        assertEq(limitOf(Limit.MaxLeverage), 55_000);
    }

    // ------------------------------------------------------------------ lowering

    function test_LowerLimit_TakesEffectAtOnce() public {
        Limits memory values = Limits({
            maxLeverage: 49_999,
            liquidationLeverage: 0, // is not lowered but by a ramp
            systemLeverageCap: 30_000,
            debtCap: DEBT_CAP / 2,
            collateralCap: COLLATERAL_CAP - 1,
            supplyCap: 12_300_000e6
        });
        for (uint256 i = 0; i < LIMITS; ++i) {
            Limit limit = Limit(i);
            if (limit == Limit.LiquidationLeverage) continue;
            vm.expectEmit(address(market));
            emit ILeverageMarket.RaisesCleared();
            vm.expectEmit(address(market));
            emit ILeverageMarket.LimitSet(limit, values.get(limit));
            lower(limit, values.get(limit));
            assertEq(limitOf(limit), values.get(limit));
        }
        assertEq(limitOf(Limit.LiquidationLeverage), 65_000);
    }

    function testFuzz_LowerLimit_TakesEveryLowerValueInRange(uint256 which, uint256 value) public {
        Limit limit = anyButLiquidation(which);
        uint256 current = limitOf(limit);
        bool isLeverage = limit == Limit.MaxLeverage || limit == Limit.SystemLeverageCap;
        value = bound(value, isLeverage ? ONE_X : 0, current);
        lower(limit, value);
        // A supply cap keeps three digits.
        if (limit == Limit.SupplyCap) value = DecimalFloat.decode(DecimalFloat.encodeDown(value));
        assertEq(limitOf(limit), value);
    }

    function test_LowerLimit_SameValueOnlyClearsRaises() public {
        schedule(Limit.DebtCap, DEBT_CAP * 2);
        Limits memory before = market.limits();
        lower(Limit.MaxLeverage, 50_000);
        assertEq(abi.encode(market.limits()), abi.encode(before));
        assertNothingScheduled(Limit.DebtCap);
    }

    function test_LowerLimit_RevertWhen_ValueIsHigher() public {
        for (uint256 i = 0; i < LIMITS; ++i) {
            Limit limit = Limit(i);
            if (limit == Limit.LiquidationLeverage) continue;
            uint256 current = limitOf(limit);
            vm.expectRevert(
                abi.encodeWithSelector(ILeverageMarket.NotATightening.selector, limit, current, current + 1)
            );
            lower(limit, current + 1);
        }
    }

    function test_LowerLimit_RevertWhen_LeverageIsBelowOne() public {
        vm.expectRevert(invalid(Limit.MaxLeverage, 9_999));
        lower(Limit.MaxLeverage, 9_999);
        vm.expectRevert(invalid(Limit.SystemLeverageCap, 0));
        lower(Limit.SystemLeverageCap, 0);
    }

    function testFuzz_LowerLimit_RevertWhen_LimitIsLiquidationLeverage(uint256 value) public {
        value = bound(value, 0, 65_000);
        vm.expectRevert(invalid(Limit.LiquidationLeverage, value));
        lower(Limit.LiquidationLeverage, value);
    }

    function test_LowerLimit_PausedMarketLetsBorrowersOut() public {
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

    function test_ApplyRaise_WaitsForTheDelay() public {
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

    function test_ApplyRaise_RaisesEveryLimit() public {
        Limits memory values = raised();
        for (uint256 i = 0; i < LIMITS; ++i) schedule(Limit(i), values.get(Limit(i)));
        skipTime(DELAY);
        for (uint256 i = 0; i < LIMITS; ++i) {
            market.applyRaise(Limit(i));
            assertEq(limitOf(Limit(i)), values.get(Limit(i)));
        }
    }

    function test_ScheduleRaise_SecondReplacesTheFirstAndItsDelay() public {
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

    function test_ApplyRaise_RevertWhen_NothingIsScheduled() public {
        for (uint256 i = 0; i < LIMITS; ++i) assertNothingScheduled(Limit(i));
    }

    function test_ApplyRaise_RevertWhen_AppliedTwice() public {
        schedule(Limit.DebtCap, DEBT_CAP * 2);
        skipTime(DELAY);
        market.applyRaise(Limit.DebtCap);
        assertNothingScheduled(Limit.DebtCap);
    }

    function test_ScheduleRaise_RevertWhen_ValueIsNotHigher() public {
        for (uint256 i = 0; i < LIMITS; ++i) {
            uint256 current = limitOf(Limit(i));
            vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NotALoosening.selector, Limit(i), current, current));
            schedule(Limit(i), current);
        }
    }

    function test_ScheduleRaise_RevertWhen_ValueDoesNotFitItsStorage() public {
        Limits memory tooMuch = Limits({
            maxLeverage: uint256(type(uint24).max) + 1,
            liquidationLeverage: uint256(type(uint24).max) + 1,
            systemLeverageCap: uint256(type(uint24).max) + 1,
            debtCap: DebtCeilings.MAX_CAP + 1,
            collateralCap: uint256(type(uint128).max) + 1,
            supplyCap: uint256(type(uint128).max) + 1
        });
        for (uint256 i = 0; i < LIMITS; ++i) {
            vm.expectRevert(invalid(Limit(i), tooMuch.get(Limit(i))));
            schedule(Limit(i), tooMuch.get(Limit(i)));
        }
    }

    /// @dev From the opening limit to 6.5x (LTV 11/13) the price must drop by 2%: LTV 0.829230...,
    /// leverage 5.8558.
    function test_ScheduleRaise_RevertWhen_MaxLeverageIsTooNearTheLiquidationLimit() public {
        vm.expectRevert(invalid(Limit.MaxLeverage, 58_559));
        schedule(Limit.MaxLeverage, 58_559);
        schedule(Limit.MaxLeverage, 58_558);
    }

    /// @dev `1.08 * LTV < 1` would allow 13.5x, `1 - 1.02 * LTV >= 10%` ends at LTV 0.882352...,
    /// leverage 8.5.
    function test_ScheduleRaise_RevertWhen_LiquidationLeverageLeavesNoMargin() public {
        vm.expectRevert(invalid(Limit.LiquidationLeverage, 85_001));
        schedule(Limit.LiquidationLeverage, 85_001);
        schedule(Limit.LiquidationLeverage, 85_000);
    }

    // ----------------------------------------------------------------- a tightening clears raises

    function testFuzz_ScheduleRaise_AnyTighteningClearsIt(
        uint256 scheduled,
        uint256 which,
        uint256 value,
        uint256 wait
    ) public {
        Limits memory values = raised();
        scheduled = bound(scheduled, 1, 31);
        for (uint256 i = 0; i < LIMITS; ++i) if ((scheduled >> i) & 1 == 1) schedule(Limit(i), values.get(Limit(i)));
        skipTime(bound(wait, 0, 5 days));
        if (bound(which, 0, LIMITS - 1) == uint256(Limit.LiquidationLeverage)) {
            ramp(bound(value, 54_445, 64_999), 2 days);
        } else {
            Limit limit = anyButLiquidation(which);
            uint256 current = limitOf(limit);
            lower(limit, bound(value, current / 2 > ONE_X ? current / 2 : ONE_X, current));
        }
        // Due by now, and not expired yet.
        skipTime(DELAY);
        for (uint256 i = 0; i < LIMITS; ++i) assertNothingScheduled(Limit(i));
    }

    function test_ApplyRaise_RevertWhen_MoreThanAWeekLate() public {
        schedule(Limit.DebtCap, DEBT_CAP * 2);
        skipTime(DELAY + 7 days);
        uint256 snapshot = vm.snapshotState();
        market.applyRaise(Limit.DebtCap);
        assertEq(limitOf(Limit.DebtCap), DEBT_CAP * 2);
        vm.revertToState(snapshot);
        skipTime(1);
        assertNothingScheduled(Limit.DebtCap);
    }

    function test_ScheduleRaise_RestartsTheDelayAfterATightening() public {
        schedule(Limit.DebtCap, DEBT_CAP * 2);
        lower(Limit.CollateralCap, COLLATERAL_CAP);
        schedule(Limit.DebtCap, DEBT_CAP * 2);
        skipTime(DELAY - 1);
        vm.expectPartialRevert(ILeverageMarket.RaiseNotReady.selector);
        market.applyRaise(Limit.DebtCap);
        skipTime(1);
        market.applyRaise(Limit.DebtCap);
    }

    function test_ApplyRaise_ClearsNoOtherRaise() public {
        schedule(Limit.DebtCap, DEBT_CAP * 2);
        schedule(Limit.SystemLeverageCap, 60_000);
        skipTime(DELAY);
        market.applyRaise(Limit.SystemLeverageCap);
        market.applyRaise(Limit.DebtCap);
        assertEq(limitOf(Limit.DebtCap), DEBT_CAP * 2);
    }

    // -------------------------------------------------------- nobody becomes liquidatable at once

    function testFuzz_Tightening_MakesNobodyLiquidatable(uint256 which, uint256 value, uint256 price) public {
        open(alice, 10e18, 16_000e6);
        price = bound(price, priceOf(1500), priceOf(2000));
        oracle.setPrice(price);
        bool before = isLiquidatable(alice, price);
        if (bound(which, 0, LIMITS - 1) == uint256(Limit.LiquidationLeverage)) {
            ramp(bound(value, 54_445, 64_999), 2 days);
        } else {
            Limit limit = anyButLiquidation(which);
            uint256 current = limitOf(limit);
            lower(limit, bound(value, current < ONE_X ? 0 : ONE_X, current));
        }
        assertTrue(isLiquidatable(alice, price) == before);
        if (before) return;
        fund(liquidator, 0, 100_000e6);
        expectNothingToLiquidate(only(alice), type(uint256).max);
    }

    // ------------------------------------------------------------------ helpers

    /// @dev A higher value for each limit.
    function raised() private pure returns (Limits memory) {
        return
            Limits({
                maxLeverage: 55_000,
                liquidationLeverage: 70_000,
                systemLeverageCap: 60_000,
                debtCap: DEBT_CAP * 2,
                collateralCap: COLLATERAL_CAP * 2,
                supplyCap: 30_000_000e6
            });
    }
}
