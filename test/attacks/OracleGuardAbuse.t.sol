// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IOracleGuard} from "../../contracts/interfaces/IOracleGuard.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice Attacks on a market through the rules of its guard: maximum deviation 1.5%, grace period an hour. The primary is a
/// feed, the secondary a pool; both are set by the test.
contract OracleGuardAbuseTest is AttackTest {
    MockOracle private feed;
    MockOracle private pool;
    IOracleGuard private guard;

    function setUp() public override {
        super.setUp();
        feed = new MockOracle(startPrice);
        pool = new MockOracle(startPrice);
        guard = newGuard(feed, pool);
        MarketParams memory params = _params();
        params.oracle = address(guard);
        market = createMarket(params, "guard");
        lend(lender, 10_000_000e6);
        fund(liquidator, 0, 10_000_000e6);
    }

    // ------------------------------------------------------------------ the grace period

    /// @notice A pool that is 3% low for two hours, while the feed is right, used up the grace period. In the second in which
    /// the pool recovers and the feed halves, the guard answered half the price.
    function test_APoolThatIsLowUsesUpNoGracePeriodOfTheFeed() public {
        open(alice, 10e18, 15_000e6);
        pool.setPrice((startPrice * 97) / 100);
        pokeFor(2 hours, 5 minutes);
        pool.setPrice(startPrice);
        feed.setPrice(startPrice / 2);
        assertLiquidationPrice(startPrice);
        guard.poke();
        assertLiquidationPrice(startPrice);
        expectNothingToLiquidate(only(alice), type(uint256).max);
    }

    /// @notice The same after 20 minutes of agreement, poked each minute: a position that was opened then was lost as well.
    function test_APositionOpenedAfterAPoolWasLowKeepsTheGracePeriod() public {
        pool.setPrice((startPrice * 97) / 100);
        pokeFor(2 hours, 5 minutes);
        pool.setPrice(startPrice);
        pokeFor(20 minutes, 1 minutes);
        open(alice, 10e18, 16_000e6);
        feed.setPrice(startPrice / 2);
        guard.poke();
        assertLiquidationPrice(startPrice);
        expectNothingToLiquidate(only(alice), type(uint256).max);
        pokeFor(1 hours, 5 minutes);
        assertLiquidationPrice(startPrice);
        expectNothingToLiquidate(only(alice), type(uint256).max);
    }

    /// @notice The mirror image: a borrower who is due pushes the pool onto the feed, or below it, for one block in each grace
    /// period, and pokes. That holds the decline up by some minutes, and not for good.
    function test_AgreementForcedOnceInEachGracePeriodHoldsLiquidationsUpForHoursOnly() public {
        for (uint256 forced = 100; forced >= 90; forced -= 10) {
            uint256 snapshot = vm.snapshotState();
            open(alice, 10e18, 16_000e6);
            uint256 price = (startPrice * 90) / 100;
            feed.setPrice(price);
            uint256 begun = vm.getBlockTimestamp();
            guard.poke();
            // Liquidatable below 94.5%.
            while (liquidationPrice() > (startPrice * 94) / 100) {
                pokeFor(25 minutes, 5 minutes);
                skipTime(2 minutes);
                pool.setPrice((price * forced) / 100);
                guard.poke();
                skipTime(12);
                pool.setPrice(startPrice);
                skipTime(3 minutes - 12);
                assertLt(vm.getBlockTimestamp() - begun, 4 hours);
            }
            (uint256 seized, ) = liquidateOne(alice, type(uint256).max);
            assertGt(seized, 0);
            vm.revertToState(snapshot);
        }
    }

    // ------------------------------------------------------------------ helpers

    /// @dev Pokes now, and then every `step` seconds until `duration` has passed.
    function pokeFor(uint256 duration, uint256 step) private {
        guard.poke();
        for (uint256 passed = 0; passed < duration; passed += step) {
            skipTime(step);
            guard.poke();
        }
    }

    function liquidationPrice() private view returns (uint256 price) {
        (, price) = guard.prices();
    }

    function assertLiquidationPrice(uint256 expected) private view {
        assertEq(liquidationPrice(), expected, "liquidation price");
    }
}
