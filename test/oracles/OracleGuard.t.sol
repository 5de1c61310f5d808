// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {GuardParams, SourceRole} from "../../contracts/types/OracleTypes.sol";
import {GuardTest} from "../support/GuardTest.sol";

contract OracleGuardTest is GuardTest {
    // Agreement

    function test_AgreementOpensAtTheLowerAndLiquidatesAtThePrimary() public {
        primary.setPrice(1990e24);
        secondary.setPrice(1980e24);
        assertPrices(1980e24, 1990e24);
        primary.setPrice(1970e24);
        assertPrices(1970e24, 1970e24);
    }

    function test_AgreementIsMeasuredByTheHigherBothWays() public {
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

    function test_ASourceWithoutAnOpenPriceIsAvailableAndRefusesOpenings() public {
        primary.setPrices(0, 1990e24);
        assertPrices(0, 1990e24);
        guard.poke();
        assertEq(ceiling(), 1990e24);
        secondary.setPrices(0, 1990e24);
        primary.setPrice(1990e24);
        assertPrices(0, 1990e24);
    }

    /// @dev A market takes the higher of an oracle's prices for liquidations, and so does the guard.
    function test_ASourceWithOpenAboveLiquidationLiquidatesAtTheHigher() public {
        primary.setPrices(1990e24, 1000e24);
        assertPrices(1990e24, 1990e24);
    }

    // Ceiling

    function test_TheCeilingHoldsBackAPump() public {
        both(4000e24);
        assertPrices(2000e24, 4000e24);
        skipTime(30 minutes);
        assertPrices(2050e24, 4000e24);
    }

    function test_TheCeilingHasRisenByAnHourAfterAQuietWeek() public {
        skipTime(7 days);
        both(4000e24);
        assertPrices(2100e24, 4000e24);
        guard.poke();
        assertPrices(2100e24, 4000e24);
        assertEq(ceiling(), 2100e24);
    }

    /// @dev The limit is per poke: many of them compound to just below `e^maxRisePerHour`, here 2.718.
    function test_PokedOftenTheCeilingRisesByMoreThanTheMaximumAnHour() public {
        GuardParams memory params = guardParams();
        params.maxRisePerHour = 1e18;
        guard = createGuard(params);
        both(LeverageMath.MAX_PRICE);
        pokeFor(1 hours, 12 seconds);
        assertGt(ceiling(), (START * 2_713) / 1_000);
        assertLt(ceiling(), (START * 2_718) / 1_000);
    }

    /// @dev A rise of less than a unit is none: the least ceilings that still rise at 5% an hour, by hours and by seconds.
    function test_ACeilingOfNextToNothingStays() public {
        checkLeastCeiling(20, 1 hours);
        checkLeastCeiling(72_000, 1 seconds);
    }

    function test_TheCeilingFallsAtOnceAndRisesFromThere() public {
        both(1000e24);
        guard.poke();
        both(2000e24);
        assertPrices(1000e24, 2000e24);
        skipTime(1 hours);
        assertPrices(1050e24, 2000e24);
    }

    function test_TheCeilingDoesNotRiseInDisagreementOrOutage() public {
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

    function test_PokingOftenInOneBlockChangesNothing() public {
        skipTime(6 minutes);
        both(4000e24);
        guard.poke();
        uint256 value = ceiling();
        assertEq(value, 2010e24);
        for (uint256 i = 0; i < 5; ++i) guard.poke();
        assertEq(ceiling(), value);
    }

    // Disagreement

    function test_DisagreementKeepsTheHigherForTheGracePeriodAndThenFallsToThePrimary() public {
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

    /// @dev 1,000 in an hour from 2,000 on are more than 60% an hour in the end.
    function test_TheDeclineIsNoFasterThanTheFloor() public {
        primary.setPrice(1000e24);
        pokeFor(1 hours, 10 minutes);
        pokeFor(1 hours, 10 minutes);
        // The first poke of the decline sees it, five spans lower the floor by a tenth each.
        assertPrices(0, (START * 59049) / 100_000);
        pokeFor(20 minutes, 10 minutes);
        assertPrices(0, 1000e24);
    }

    function test_DisagreementCountsBetweenPokes() public {
        primary.setPrice(1600e24);
        pokeFor(66 minutes, 6 minutes);
        assertEq(disagreement(), 66 minutes);
        // The first poke that sees the price below the floor doesn't lower it.
        assertPrices(0, 2000e24);
        skipTime(6 minutes);
        assertPrices(0, 1920e24);
    }

    /// @dev It moves no liquidation, so it uses up no grace period.
    function test_DisagreementWithTheHigherPrimaryStaysThereAndCountsForNothing() public {
        secondary.setPrice(1);
        assertPrices(0, 2000e24);
        pokeFor(1 hours, 10 minutes);
        assertPrices(0, 2000e24);
        assertEq(disagreement(), 0);
    }

    /// @dev Nor does it add to what a lower primary counts: it drains it, as agreement does.
    function test_AHigherPrimaryDrainsWhatALowerOneHasCounted() public {
        primary.setPrice(1000e24);
        pokeFor(40 minutes, 10 minutes);
        primary.setPrice(3000e24);
        pokeFor(30 minutes, 10 minutes);
        assertEq(disagreement(), 10 minutes);
        primary.setPrice(1000e24);
        pokeFor(10 minutes, 10 minutes);
        assertEq(disagreement(), 20 minutes);
    }

    /// @dev A poke in a blip leaves a timer that nothing fills.
    function test_PokesFarApartDoNotCount() public {
        primary.setPrice(1000e24);
        guard.poke();
        for (uint256 i = 0; i < 20; ++i) {
            skipTime(10 minutes + 1);
            assertPrices(0, 2000e24);
            guard.poke();
        }
        assertEq(disagreement(), 0);
    }

    function test_OnePokeInABlipAndOneMuchLaterDoNotCount() public {
        primary.setPrice(1000e24);
        guard.poke();
        primary.setPrice(2000e24);
        skipTime(1 days);
        primary.setPrice(1000e24);
        guard.poke();
        assertPrices(0, 2000e24);
    }

    /// @dev Nobody pokes when trouble is over: what has counted must not wait for the next trouble.
    function test_WhatHasCountedDrainsWithoutPokes() public {
        primary.setPrice(1000e24);
        pokeFor(3 hours, 10 minutes);
        assertPrices(0, 1000e24);
        skipTime(2 hours);
        assertPrices(0, 2000e24);
        guard.poke();
        assertEq(disagreement(), 0);
    }

    function test_AgreementDrainsWhatHasCounted() public {
        primary.setPrice(1000e24);
        pokeFor(40 minutes, 10 minutes);
        primary.setPrice(2000e24);
        pokeFor(30 minutes, 10 minutes);
        assertEq(disagreement(), 10 minutes);
        pokeFor(30 minutes, 10 minutes);
        assertEq(disagreement(), 0);
    }

    /// @dev A feed that is wrong in every second poke never counts.
    function test_AFlappingFeedNeverCounts() public {
        for (uint256 i = 0; i < 60; ++i) {
            primary.setPrice(i % 2 == 0 ? 1000e24 : 2000e24);
            guard.poke();
            skipTime(5 minutes);
        }
        assertEq(disagreement(), 0);
        primary.setPrice(1000e24);
        assertPrices(0, 2000e24);
    }

    /// @dev A known limit: nothing is seen between two pokes. A feed that is wrong for thirteen seconds in two hours, and poked
    /// in just these by somebody who wishes it so, has disagreed all the time.
    function test_BlipsThatAreSampledCountAsAllTheTimeBetween() public {
        pokeInBlips(12, false);
        assertEq(disagreement(), 110 minutes);
        primary.setPrice(1000e24);
        guard.poke();
        assertEq(disagreement(), 2 hours);
        // Only the floor holds still: it has fallen in five of the blips, by a tenth each.
        assertEq(liquidationPrice(), (START * 59049) / 100_000);
    }

    /// @dev One poke of somebody else's between any two blips is enough.
    function test_BlipsThatAreSampledWithAPokeBetweenNeverCount() public {
        pokeInBlips(144, true);
        primary.setPrice(1000e24);
        guard.poke();
        assertEq(disagreement(), 0);
        assertPrices(0, 2000e24);
    }

    // Outage

    function test_AnUnavailableSecondaryOpensNothingAndLiquidatesAtThePrimary() public {
        secondary.fail();
        assertPrices(0, 2000e24);
        primary.setPrice(3000e24);
        assertPrices(0, 3000e24);
        primary.setPrice(1900e24);
        pokeFor(10 minutes, 5 minutes);
        assertPrices(0, 1900e24);
    }

    function test_AnUnavailablePrimaryGivesWayToTheSecondaryAfterTheGracePeriod() public {
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

    function test_UnseenTimeOfAnUnavailablePrimaryDoesNotCount() public {
        primary.fail();
        guard.poke();
        skipTime(1 days);
        expectNoAnswer(primaryUnavailable(1 hours));
        guard.poke();
        expectNoAnswer(primaryUnavailable(1 hours));
    }

    function test_OneSignOfLifeOfThePrimaryBeginsAnew() public {
        primary.fail();
        pokeFor(50 minutes, 10 minutes);
        primary.setPrice(2000e24);
        guard.poke();
        assertEq(unavailableFor(SourceRole.Primary), 0);
        primary.fail();
        guard.poke();
        expectNoAnswer(primaryUnavailable(1 hours));
    }

    /// @dev An outage of a day must not be the grace period of the next one: nobody has to poke while all is well.
    function test_AnUnseenRecoveryAfterADayOfOutageBeginsItAnew() public {
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
    function test_AnUnseenRecoveryBetweenTwoShortOutagesBeginsItAnew() public {
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

    /// @dev Nobody can tell an outage that was not watched from a recovery: the price of it is a grace period for each
    /// missed poke.
    function test_AMissedPokeBeginsTheGracePeriodOfAnOutageAnew() public {
        primary.fail();
        pokeFor(3 hours, 10 minutes);
        skipTime(10 minutes);
        assertPrices(0, 2000e24);
        skipTime(1);
        expectNoAnswer(primaryUnavailable(1 hours));
        guard.poke();
        assertEq(unavailableFor(SourceRole.Primary), 0);
    }

    /// @dev What counted of disagreement is no grace period for an outage: a wrong secondary could come to power by it.
    function test_DisagreementDoesNotCountAsOutage() public {
        secondary.setPrice(1000e24);
        pokeFor(3 hours, 10 minutes);
        primary.fail();
        guard.poke();
        expectNoAnswer(primaryUnavailable(1 hours));
    }

    function test_BothUnavailableHaveNoAnswerAndAPokeNotesIt() public {
        primary.fail();
        secondary.setPrice(0);
        expectNoAnswer(noSourceAvailable());
        pokeFor(1 hours, 10 minutes);
        assertEq(unavailableFor(SourceRole.Primary), 1 hours);
        assertEq(unavailableFor(SourceRole.Secondary), 1 hours);
        expectNoAnswer(noSourceAvailable());
    }

    function testFuzz_ZeroOrTooHighIsUnavailable(uint256 price, bool isPrimary) public {
        price = bound(price, LeverageMath.MAX_PRICE + 1, type(uint248).max);
        (isPrimary ? primary : secondary).setPrice(price % 2 == 0 ? price : 0);
        if (isPrimary) expectNoAnswer(primaryUnavailable(1 hours));
        else assertPrices(0, 2000e24);
    }

    function test_TheHighestPriceIsLive() public {
        both(LeverageMath.MAX_PRICE);
        assertPrices(2000e24, LeverageMath.MAX_PRICE);
        primary.setPrice(1);
        assertPrices(0, LeverageMath.MAX_PRICE);
    }

    // Theorems, for any prices and any past

    function testFuzz_NeverBelowAnAvailablePrimary(uint256 seed) public {
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

    /// @dev Whatever a primary says, for less than the grace period it liquidates nothing that the other source would not.
    function testFuzz_WrongForLessThanTheGracePeriodChangesNothing(uint256 seed, uint256 step) public {
        step = bound(step, 1 minutes, 10 minutes);
        for (uint256 passed = 0; passed <= GRACE_PERIOD; passed += step) {
            primary.setPrice(bound(anyPrice(seed, passed), 1, START));
            assertGe(liquidationPrice(), (START * 98) / 100);
            guard.poke();
            skipTime(step);
        }
    }

    /// @dev The promise: without a grace period of close pokes that saw the primary lower, the price is within the maximum
    /// deviation below the secondary's.
    function testFuzz_WithoutAGracePeriodOfALowerPrimaryNotBelowTheSecondary(uint256 seed) public {
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

    /// @dev The primary is wrong, and poked, for one second of every ten minutes.
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

    /// @dev One less never rises, however often it is poked.
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
