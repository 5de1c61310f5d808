// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {IOracleGuard} from "../../contracts/interfaces/IOracleGuard.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {LiquidationTest} from "../support/LiquidationTest.sol";

/// @notice A market on a guard. The market's entry gap is 2%, the guard's maximum deviation 1.5%.
contract OracleGuardMarketTest is LiquidationTest {
    MockOracle private primary;
    MockOracle private secondary;
    IOracleGuard private guard;

    function setUp() public override {
        super.setUp();
        primary = new MockOracle(startPrice);
        secondary = new MockOracle(startPrice);
        guard = newGuard(primary, secondary);
        MarketParams memory params = _params();
        params.oracle = address(guard);
        assertLt(guard.maxDeviation(), params.config.entryGap);
        market = createMarket(params, bytes32(uint256(1)));
        lend(lender, 10_000_000 * loanUnit);
        fund(liquidator, 0, 10_000_000 * loanUnit);
    }

    // (a) Nobody borrows against a pumped price

    function test_Open_RevertWhen_OneSourceIsPumped() public {
        primary.setPrice(2 * startPrice);
        expectOpenError(10_000, abi.encodeWithSelector(ILeverageMarket.InvalidPrice.selector, 0));
        primary.setPrice(startPrice);
        secondary.setPrice(2 * startPrice);
        expectOpenError(10_000, abi.encodeWithSelector(ILeverageMarket.InvalidPrice.selector, 0));
    }

    function test_Open_RevertWhen_TwoSourcesArePumped() public {
        set(2 * startPrice);
        // At the price before, at most 16,000 can be borrowed against ten: 5x. One more is refused.
        bytes4 selector = ILeverageMarket.LeverageAboveMaximum.selector;
        expectOpenError(16_001, abi.encodeWithSelector(selector, 16_001 * loanUnit, 20_000 * loanUnit, 50_000));
        open(alice, 10 * collateralUnit, 16_000 * loanUnit);
        assertEq(market.debtOf(alice), 16_000 * loanUnit);
    }

    function test_Open_RevertWhen_TwoSourcesArePumpedAfterAQuietWeek() public {
        skipTime(7 days);
        set(2 * startPrice);
        bytes4 selector = ILeverageMarket.LeverageAboveMaximum.selector;
        expectOpenError(16_801, abi.encodeWithSelector(selector, 16_801 * loanUnit, 21_000 * loanUnit, 50_000));
    }

    // (b) A wrong feed liquidates nobody

    function test_Liquidate_PrimaryWronglyLowForLessThanTheGracePeriodLiquidatesNobody() public {
        openFullyLeveraged(alice);
        primary.setPrice(startPrice / 2);
        guard.poke();
        for (uint256 i = 0; i < 6; ++i) {
            expectNothingToLiquidate(only(alice), type(uint256).max);
            skipTime(10 minutes - 1);
            guard.poke();
        }
        expectNothingToLiquidate(only(alice), type(uint256).max);
        primary.setPrice(startPrice);
        guard.poke();
        skipTime(1 hours);
        guard.poke();
        expectNothingToLiquidate(only(alice), type(uint256).max);
    }

    function test_Liquidate_SecondaryWronglyLowLiquidatesNobody() public {
        openFullyLeveraged(alice);
        secondary.setPrice(1);
        for (uint256 i = 0; i < 20; ++i) {
            guard.poke();
            skipTime(10 minutes);
        }
        expectNothingToLiquidate(only(alice), type(uint256).max);
    }

    /// @dev As far as the primary can deviate without disagreeing: the maximum deviation is smaller
    /// than the gap between the opening and the liquidation limit.
    function testFuzz_Liquidate_WrongWithinTheMaximumDeviationLiquidatesNobodyAtEntry(uint256 drop) public {
        drop = bound(drop, 0, 0.015e18);
        openFullyLeveraged(alice);
        primary.setPrice((startPrice * (1e18 - drop)) / 1e18);
        expectNothingToLiquidate(only(alice), type(uint256).max);
    }

    function test_Liquidate_UnavailablePrimaryRefusesItButNotRepayingOrClosing() public {
        openFullyLeveraged(alice);
        primary.fail();
        secondary.setPrice(startPrice / 2);
        expectPrimaryUnavailable(1 hours);
        fund(alice, 0, 16_000 * loanUnit);
        vm.prank(alice);
        market.adjust(alice, type(int256).min, type(int256).min, alice, 0, type(uint256).max, "");
        assertEq(collateralOf(alice), 0);
    }

    // (c) A true fall liquidates

    function test_Liquidate_FallOfBothSourcesTakesEffectAtOnce() public {
        openFullyLeveraged(alice);
        set((startPrice * 92) / 100);
        (uint256 seized, uint256 payment) = liquidateOne(alice, type(uint256).max);
        assertGt(seized, 0);
        assertGt(payment, 0);
        assertLe(leverageAt(alice, (startPrice * 92) / 100), 45_001);
    }

    /// @dev By 1% a minute, and by 5.5% in total.
    function test_Liquidate_FallWithoutTheSecondaryTakesEffectSixMinutesLate() public {
        openFullyLeveraged(alice);
        secondary.fail();
        primary.setPrice((startPrice * 92) / 100);
        guard.poke();
        for (uint256 i = 0; i < 6; ++i) {
            expectNothingToLiquidate(only(alice), type(uint256).max);
            skipTime(1 minutes);
            guard.poke();
        }
        (uint256 seized, ) = liquidateOne(alice, type(uint256).max);
        assertGt(seized, 0);
    }

    function test_Liquidate_TruePrimaryAgainstAStuckSecondaryAfterTwiceTheGracePeriod() public {
        openFullyLeveraged(alice);
        // Liquidatable below 94.545%: at the price of the last half minute of the decline.
        primary.setPrice((startPrice * 945) / 1000);
        guard.poke();
        for (uint256 i = 0; i < 11; ++i) {
            expectNothingToLiquidate(only(alice), type(uint256).max);
            skipTime(10 minutes);
            guard.poke();
        }
        skipTime(9 minutes);
        expectNothingToLiquidate(only(alice), type(uint256).max);
        skipTime(1 minutes);
        (uint256 seized, ) = liquidateOne(alice, type(uint256).max);
        assertGt(seized, 0);
    }

    function test_Liquidate_UnavailablePrimaryYieldsToTheSecondaryAfterTheGracePeriod() public {
        openFullyLeveraged(alice);
        primary.fail();
        secondary.setPrice((startPrice * 92) / 100);
        guard.poke();
        for (uint256 i = 0; i < 6; ++i) {
            expectPrimaryUnavailable(1 hours - i * 10 minutes);
            skipTime(10 minutes);
            guard.poke();
        }
        (uint256 seized, ) = liquidateOne(alice, type(uint256).max);
        assertGt(seized, 0);
    }

    // Helpers

    function set(uint256 price) private {
        primary.setPrice(price);
        secondary.setPrice(price);
    }

    function openFullyLeveraged(address account) private {
        open(account, 10 * collateralUnit, 16_000 * loanUnit);
    }

    /// @dev Nobody is liquidated either.
    function expectPrimaryUnavailable(uint256 left) private {
        vm.expectRevert(abi.encodeWithSelector(IOracleGuard.PrimaryUnavailable.selector, left));
        vm.prank(liquidator);
        market.liquidate(only(alice), type(uint256).max, 0, liquidator, "");
    }

    function expectOpenError(uint256 debt, bytes memory reason) private {
        fund(alice, 10 * collateralUnit, 0);
        vm.expectRevert(reason);
        vm.prank(alice);
        market.adjust(
            alice,
            int256(10 * collateralUnit),
            int256(debt * loanUnit),
            alice,
            type(uint256).max,
            type(uint256).max,
            ""
        );
    }
}
