// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {GuardParams, SourceRole} from "../../contracts/types/OracleTypes.sol";
import {GuardTest} from "../support/GuardTest.sol";

contract OracleGuardTest is GuardTest {
    // Agreement

    function test_Agreement_OpensAtTheLowerAndLiquidatesAtThePrimary() public {
        primary.setPrice(1990e24);
        secondary.setPrice(1980e24);
        assertPrices(1980e24, 1990e24);
        primary.setPrice(1970e24);
        assertPrices(1970e24, 1970e24);
    }

    function test_Agreement_IsMeasuredByTheHigherPriceBothWays() public {
        primary.setPrice(1960e24);
        assertPrices(1960e24, 1960e24);
        primary.setPrice(1960e24 - 1);
        assertPrices(0, 2000e24);
        (uint256 high, uint256 low) = (2000e24, 1960e24);
        primary.setPrice(high);
        secondary.setPrice(low);
        assertPrices(low, high);
        secondary.setPrice(low - 1);
        assertPrices(0, high);
    }

    function test_OpenPrice_SourceWithoutOneIsAvailableAndRefusesOpenings() public {
        primary.setPrices(0, 1990e24);
        assertPrices(0, 1990e24);
        guard.poke();
        assertEq(ceiling(), 1990e24);
        secondary.setPrices(0, 1990e24);
        primary.setPrice(1990e24);
        assertPrices(0, 1990e24);
    }

    /// @dev For liquidations a market uses the higher of an oracle's prices, and so does the guard.
    function test_LiquidationPrice_IsTheHigherOfASourcesTwoPrices() public {
        primary.setPrices(1990e24, 1000e24);
        assertPrices(1990e24, 1990e24);
    }

    // Ceiling

    function test_Ceiling_LimitsAPump() public {
        both(4000e24);
        assertPrices(2000e24, 4000e24);
        skipTime(30 minutes);
        assertPrices(2050e24, 4000e24);
    }

    function test_Ceiling_RisesByAnHourAfterAQuietWeek() public {
        skipTime(7 days);
        both(4000e24);
        assertPrices(2100e24, 4000e24);
        guard.poke();
        assertPrices(2100e24, 4000e24);
        assertEq(ceiling(), 2100e24);
    }

    /// @dev The limit is per poke: many pokes compound to just below `e^maxRisePerHour`, here
    /// 2.718.
    function test_Ceiling_PokedOftenRisesByMoreThanTheMaximumAnHour() public {
        GuardParams memory params = guardParams();
        params.maxRisePerHour = 1e18;
        guard = createGuard(params);
        both(LeverageMath.MAX_PRICE);
        pokeFor(1 hours, 12 seconds);
        assertGt(ceiling(), (START * 2_713) / 1_000);
        assertLt(ceiling(), (START * 2_718) / 1_000);
    }

    /// @dev A rise of less than one unit rounds to zero: the least ceilings that still rise at 5%
    /// an hour, poked by the hour and by the second.
    function test_Ceiling_TinyOneStays() public {
        checkLeastCeiling(20, 1 hours);
        checkLeastCeiling(72_000, 1 seconds);
    }

    function test_Ceiling_FallsAtOnceAndRisesFromThere() public {
        both(1000e24);
        guard.poke();
        both(2000e24);
        assertPrices(1000e24, 2000e24);
        skipTime(1 hours);
        assertPrices(1050e24, 2000e24);
    }

    function test_Ceiling_DoesNotRiseInDisagreementOrOutage() public {
        primary.setPrice(4000e24);
        secondary.setPrice(3000e24);
        pokeFor(3 hours, 10 minutes);
        assertEq(ceiling(), 2000e24);
        primary.setPrice(2000e24);
        secondary.fail();
        pokeFor(3 hours, 10 minutes);
        assertEq(ceiling(), 2000e24);
        secondary.setPrice(4000e24);
        primary.setPrice(4000e24);
        assertPrices(2000e24, 4000e24);
    }

    function test_Poke_OftenInOneBlockChangesNothing() public {
        skipTime(6 minutes);
        both(4000e24);
        guard.poke();
        uint256 value = ceiling();
        assertEq(value, 2010e24);
        for (uint256 i = 0; i < 5; ++i) guard.poke();
        assertEq(ceiling(), value);
    }

    // Disagreement

    function test_Disagreement_KeepsTheHigherForTheGracePeriodAndThenFallsToThePrimary() public {
        primary.setPrice(1400e24);
        assertPrices(0, 2000e24);
        pokeFor(1 hours, 10 minutes);
        assertEq(disagreement(), 1 hours);
        assertPrices(0, 2000e24);
        pokeFor(30 minutes, 10 minutes);
        assertPrices(0, 1700e24);
        pokeFor(30 minutes, 10 minutes);
        assertPrices(0, 1400e24);
        pokeFor(30 minutes, 10 minutes);
        assertPrices(0, 1400e24);
        assertEq(disagreement(), 2 hours);
    }

    /// @dev A fall by 1,000 in an hour from 2,000 would be more than 60% an hour at the end.
    function test_Disagreement_DeclinesNoFasterThanTheFloor() public {
        primary.setPrice(1000e24);
        pokeFor(1 hours, 10 minutes);
        pokeFor(1 hours, 10 minutes);
        // The first poke of the decline only observes it; then five spans lower the floor by a
        // tenth each.
        assertPrices(0, (START * 59049) / 100_000);
        pokeFor(20 minutes, 10 minutes);
        assertPrices(0, 1000e24);
    }

    function test_Disagreement_CountsBetweenPokes() public {
        primary.setPrice(1600e24);
        pokeFor(66 minutes, 6 minutes);
        assertEq(disagreement(), 66 minutes);
        // The first poke that observes the price below the floor doesn't lower the floor.
        assertPrices(0, 2000e24);
        skipTime(6 minutes);
        assertPrices(0, 1920e24);
    }

    /// @dev It changes no liquidation, so it uses up no grace period.
    function test_Disagreement_HigherPrimaryStaysAndCountsNothing() public {
        secondary.setPrice(1);
        assertPrices(0, 2000e24);
        pokeFor(1 hours, 10 minutes);
        assertPrices(0, 2000e24);
        assertEq(disagreement(), 0);
    }

    /// @dev Nor does it add to the time counted for a lower primary: it drains that time, as
    /// agreement does.
    function test_Disagreement_HigherPrimaryDrainsTheCount() public {
        primary.setPrice(1000e24);
        pokeFor(40 minutes, 10 minutes);
        primary.setPrice(3000e24);
        pokeFor(30 minutes, 10 minutes);
        assertEq(disagreement(), 10 minutes);
        primary.setPrice(1000e24);
        pokeFor(10 minutes, 10 minutes);
        assertEq(disagreement(), 20 minutes);
    }

    /// @dev A poke during a blip doesn't start a timer that runs without further pokes.
    function test_Disagreement_PokesFarApartDoNotCount() public {
        primary.setPrice(1000e24);
        guard.poke();
        for (uint256 i = 0; i < 20; ++i) {
            skipTime(10 minutes + 1);
            assertPrices(0, 2000e24);
            guard.poke();
        }
        assertEq(disagreement(), 0);
    }

    function test_Disagreement_OnePokeInABlipAndOneMuchLaterDoNotCount() public {
        primary.setPrice(1000e24);
        guard.poke();
        primary.setPrice(2000e24);
        skipTime(1 days);
        primary.setPrice(1000e24);
        guard.poke();
        assertPrices(0, 2000e24);
    }

    /// @dev Nobody pokes when the disagreement is over: the time counted so far must not remain for
    /// the next one.
    function test_Disagreement_CountDrainsWithoutPokes() public {
        primary.setPrice(1000e24);
        pokeFor(3 hours, 10 minutes);
        assertPrices(0, 1000e24);
        skipTime(2 hours);
        assertPrices(0, 2000e24);
        guard.poke();
        assertEq(disagreement(), 0);
    }

    function test_Disagreement_CountDrainsInAgreement() public {
        primary.setPrice(1000e24);
        pokeFor(40 minutes, 10 minutes);
        primary.setPrice(2000e24);
        pokeFor(30 minutes, 10 minutes);
        assertEq(disagreement(), 10 minutes);
        pokeFor(30 minutes, 10 minutes);
        assertEq(disagreement(), 0);
    }

    /// @dev A feed that is wrong at every second poke never counts.
    function test_Disagreement_FlappingFeedNeverCounts() public {
        for (uint256 i = 0; i < 60; ++i) {
            primary.setPrice(i % 2 == 0 ? 1000e24 : 2000e24);
            guard.poke();
            skipTime(5 minutes);
        }
        assertEq(disagreement(), 0);
        primary.setPrice(1000e24);
        assertPrices(0, 2000e24);
    }

    /// @dev A known limit: the guard observes nothing between two pokes. A feed that is wrong for
    /// thirteen seconds in two hours, and that an attacker pokes in just these seconds, counts as
    /// in disagreement all the time.
    function test_Disagreement_SampledBlipsCountAsAllTheTimeBetween() public {
        pokeInBlips(12, false);
        assertEq(disagreement(), 110 minutes);
        primary.setPrice(1000e24);
        guard.poke();
        assertEq(disagreement(), 2 hours);
        // Only the floor limits it: it has fallen in five of the blips, by a tenth each.
        assertEq(liquidationPrice(), (START * 59049) / 100_000);
    }

    /// @dev One poke by another user between any two blips is enough.
    function test_Disagreement_SampledBlipsWithAPokeBetweenNeverCount() public {
        pokeInBlips(144, true);
        primary.setPrice(1000e24);
        guard.poke();
        assertEq(disagreement(), 0);
        assertPrices(0, 2000e24);
    }

    // Outage

    function test_Outage_UnavailableSecondaryOpensNothingAndLiquidatesAtThePrimary() public {
        secondary.fail();
        assertPrices(0, 2000e24);
        primary.setPrice(3000e24);
        assertPrices(0, 3000e24);
        primary.setPrice(1900e24);
        pokeFor(10 minutes, 5 minutes);
        assertPrices(0, 1900e24);
    }

    function test_Outage_UnavailablePrimaryYieldsToTheSecondaryAfterTheGracePeriod() public {
        primary.fail();
        secondary.setPrice(1900e24);
        expectNoAnswer(primaryUnavailable(1 hours));
        pokeFor(50 minutes, 10 minutes);
        expectNoAnswer(primaryUnavailable(10 minutes));
        skipTime(10 minutes);
        assertPrices(0, 1900e24);
        guard.poke();
        assertPrices(0, 1900e24);
    }

    function test_Outage_UnobservedTimeDoesNotCount() public {
        primary.fail();
        guard.poke();
        skipTime(1 days);
        expectNoAnswer(primaryUnavailable(1 hours));
        guard.poke();
        expectNoAnswer(primaryUnavailable(1 hours));
    }

    function test_Outage_OneRecoveryRestartsTheGracePeriod() public {
        primary.fail();
        pokeFor(50 minutes, 10 minutes);
        primary.setPrice(2000e24);
        guard.poke();
        assertEq(unavailableFor(SourceRole.Primary), 0);
        primary.fail();
        guard.poke();
        expectNoAnswer(primaryUnavailable(1 hours));
    }

    /// @dev A day's outage must not count as the grace period of the next one: nobody has to poke
    /// while all is well.
    function test_Outage_UnobservedRecoveryAfterADayRestartsTheGracePeriod() public {
        primary.fail();
        pokeFor(25 hours, 10 minutes);
        assertEq(unavailableFor(SourceRole.Primary), 25 hours);
        primary.setPrice(2000e24);
        skipTime(23 hours + 50 minutes);
        assertPrices(2000e24, 2000e24);

        primary.fail();
        secondary.setPrice(1000e24);
        skipTime(1);
        expectNoAnswer(primaryUnavailable(1 hours));
        guard.poke();
        assertEq(unavailableFor(SourceRole.Primary), 0);
        pokeFor(50 minutes, 10 minutes);
        expectNoAnswer(primaryUnavailable(10 minutes));
        skipTime(10 minutes);
        // A tenth less for each of the six spans.
        assertPrices(0, (START * 531441) / 1_000_000);
    }

    /// @dev Nor do two outages, each shorter than the grace period, add up to one.
    function test_Outage_UnobservedRecoveryBetweenTwoShortOnesRestartsTheGracePeriod() public {
        primary.fail();
        secondary.setPrice(1000e24);
        pokeFor(50 minutes, 10 minutes);
        primary.setPrice(2000e24);
        skipTime(11 minutes);
        primary.fail();
        pokeFor(50 minutes, 10 minutes);
        assertEq(unavailableFor(SourceRole.Primary), 50 minutes);
        expectNoAnswer(primaryUnavailable(10 minutes));
    }

    /// @dev An outage that nobody observed can't be told from a recovery: each missed poke costs a
    /// grace period.
    function test_Outage_MissedPokeRestartsTheGracePeriod() public {
        primary.fail();
        pokeFor(3 hours, 10 minutes);
        skipTime(10 minutes);
        assertPrices(0, 2000e24);
        skipTime(1);
        expectNoAnswer(primaryUnavailable(1 hours));
        guard.poke();
        assertEq(unavailableFor(SourceRole.Primary), 0);
    }

    /// @dev Time counted as disagreement is no grace period for an outage: otherwise a wrong
    /// secondary could determine the price.
    function test_Outage_DisagreementDoesNotCountAsOne() public {
        secondary.setPrice(1000e24);
        pokeFor(3 hours, 10 minutes);
        primary.fail();
        guard.poke();
        expectNoAnswer(primaryUnavailable(1 hours));
    }

    function test_Outage_BothUnavailableRevertAndAPokeRecordsIt() public {
        primary.fail();
        secondary.setPrice(0);
        expectNoAnswer(noSourceAvailable());
        pokeFor(1 hours, 10 minutes);
        assertEq(unavailableFor(SourceRole.Primary), 1 hours);
        assertEq(unavailableFor(SourceRole.Secondary), 1 hours);
        expectNoAnswer(noSourceAvailable());
    }

    function testFuzz_Outage_ZeroOrTooHighAPriceIsUnavailable(uint256 price, bool isPrimary) public {
        price = bound(price, LeverageMath.MAX_PRICE + 1, type(uint248).max);
        (isPrimary ? primary : secondary).setPrice(price % 2 == 0 ? price : 0);
        if (isPrimary) expectNoAnswer(primaryUnavailable(1 hours));
        else assertPrices(0, 2000e24);
    }

    function test_Outage_HighestPriceIsAvailable() public {
        both(LeverageMath.MAX_PRICE);
        assertPrices(2000e24, LeverageMath.MAX_PRICE);
        primary.setPrice(1);
        assertPrices(0, LeverageMath.MAX_PRICE);
    }

    // Theorems, for any prices and any history

    function testFuzz_LiquidationPrice_NeverBelowAnAvailablePrimary(uint256 seed) public {
        for (uint256 i = 0; i < 12; ++i) {
            (uint256 first, uint256 second) = (anyPrice(seed, 2 * i), anyPrice(seed, 2 * i + 1));
            primary.setPrice(first);
            secondary.setPrice(i % 3 == 0 ? (first * 99) / 100 + 1 : second);
            skipTime(uint256(keccak256(abi.encode(seed, i, "time"))) % 15 minutes);
            (uint256 open, uint256 liquidation) = guard.prices();
            assertGe(liquidation, first);
            assertLe(open, first);
            uint256 before = ceiling();
            guard.poke();
            assertPrices(open, liquidation);
            assertLe(ceiling(), before + before / 20);
        }
    }

    /// @dev For less than the grace period, no price of the primary liquidates anybody whom the
    /// secondary would not.
    function testFuzz_GracePeriod_WrongPrimaryForLessChangesNothing(uint256 seed, uint256 step) public {
        step = bound(step, 1 minutes, 10 minutes);
        for (uint256 passed = 0; passed <= GRACE_PERIOD; passed += step) {
            primary.setPrice(bound(anyPrice(seed, passed), 1, START));
            assertGe(liquidationPrice(), (START * 98) / 100);
            guard.poke();
            skipTime(step);
        }
    }

    /// @dev The guarantee: without a grace period of close pokes that observed a lower primary, the
    /// liquidation price is at most the maximum deviation below the secondary's price.
    function testFuzz_GracePeriod_WithoutOneNotBelowTheSecondary(uint256 seed) public {
        uint256 lowerFor = 0;
        bool wasLower = false;
        for (uint256 i = 0; i < 24; ++i) {
            (uint256 first, uint256 second) = (START, START);
            uint256 kind = uint256(keccak256(abi.encode(seed, i, "kind"))) % 4;
            if (kind == 0) first = bound(anyPrice(seed, i), 1, START);
            if (kind == 1) second = bound(anyPrice(seed, i), 1, START);
            if (kind == 2) (first, second) = (START, bound(anyPrice(seed, i), START, 2 * START));
            primary.setPrice(first);
            secondary.setPrice(second);
            uint256 span = uint256(keccak256(abi.encode(seed, i, "time"))) % 11 minutes;
            skipTime(span);
            bool isLower = first < (second * 98) / 100;
            if (isLower && wasLower && span <= 10 minutes) lowerFor += span;
            wasLower = isLower;
            if (lowerFor <= GRACE_PERIOD) assertGe(liquidationPrice(), (second * 98) / 100);
            guard.poke();
        }
    }

    // Helpers

    /// @dev The primary is wrong, and poked, for one second in every ten minutes.
    function pokeInBlips(uint256 blips, bool isAlsoPokedBetween) private {
        for (uint256 i = 0; i < blips; ++i) {
            primary.setPrice(1000e24);
            guard.poke();
            skipTime(1);
            primary.setPrice(2000e24);
            assertPrices(2000e24, 2000e24);
            skipTime(299);
            if (isAlsoPokedBetween) guard.poke();
            skipTime(300);
        }
    }

    /// @dev A smaller ceiling never rises, however often it is poked.
    function checkLeastCeiling(uint256 least, uint256 step) private {
        for (uint256 price = least - 1; price <= least; ++price) {
            both(price);
            guard = createGuard(guardParams());
            both(2000e24);
            pokeFor(20 * step, step);
            if (price < least) assertEq(ceiling(), price);
            else assertGt(ceiling(), price);
        }
    }

    function anyPrice(uint256 seed, uint256 salt) private pure returns (uint256) {
        uint256 random = uint256(keccak256(abi.encode(seed, salt)));
        return bound(random >> 8, 1, (random % 2 == 0) ? 4000e24 : LeverageMath.MAX_PRICE);
    }
}
