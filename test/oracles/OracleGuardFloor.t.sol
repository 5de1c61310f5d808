// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {GuardTest} from "../support/GuardTest.sol";

/// @notice The price that a source which acts alone liquidates nobody below.
contract OracleGuardFloorTest is GuardTest {
    function test_TheFloorIsTheLastPriceAgreedOn() public {
        assertEq(floor(), 2000e24);
        primary.setPrice(2020e24);
        guard.poke();
        assertEq(floor(), 2020e24);
        both(1000e24);
        guard.poke();
        assertEq(floor(), 1000e24);
        both(3000e24);
        guard.poke();
        assertEq(floor(), 3000e24);
    }

    /// @dev What neither of two available sources is above, both vouch for: it acts at once, and lowers the floor with it.
    function test_InDisagreementTheFloorFollowsTheHigherDownOnly() public {
        primary.setPrice(1000e24);
        secondary.setPrice(1500e24);
        assertPrices(0, 1500e24);
        guard.poke();
        assertEq(floor(), 1500e24);
        secondary.setPrice(4000e24);
        guard.poke();
        assertEq(floor(), 1500e24);
    }

    function test_ASourceAloneFallsBetweenClosePokesThatBothSawItLower() public {
        for (uint256 i = 0; i < 2; ++i) {
            uint256 snapshot = vm.snapshotState();
            MockOracle alone = i == 0 ? primary : secondary;
            (i == 0 ? secondary : primary).fail();
            pokeFor(1 hours, 10 minutes);
            alone.setPrice(1000e24);
            assertPrices(0, START);
            guard.poke();
            assertPrices(0, START);
            skipTime(10 minutes);
            assertPrices(0, (START * 9) / 10);
            guard.poke();
            guard.poke();
            assertEq(floor(), (START * 9) / 10);
            skipTime(5 minutes);
            assertPrices(0, (START * 9 * 95) / 1000);
            skipTime(5 minutes + 1);
            if (i == 0) assertPrices(0, (START * 9) / 10);
            else expectNoAnswer(primaryUnavailable(1 hours));
            vm.revertToState(snapshot);
        }
    }

    function test_ASourceAloneThatIsBackBetweenTwoPokesDoesNotFall() public {
        secondary.fail();
        for (uint256 i = 0; i < 20; ++i) {
            primary.setPrice(1000e24);
            guard.poke();
            assertPrices(0, START);
            skipTime(1 minutes);
            primary.setPrice(2000e24);
            guard.poke();
            skipTime(1 minutes);
        }
        assertEq(floor(), START);
    }

    /// @dev It stands at what was agreed on: a rise of one alone doesn't lift it.
    function test_ASourceAloneRisesAtOnceAndFallsBackAtOnce() public {
        secondary.fail();
        primary.setPrice(3000e24);
        guard.poke();
        assertPrices(0, 3000e24);
        primary.setPrice(2000e24);
        assertPrices(0, 2000e24);
    }

    /// @dev A primary that is lower has counted for two hours and agrees again: the count that is left halves no price.
    function test_WhatIsLeftOfAGracePeriodLiquidatesNobodyAtOnce() public {
        primary.setPrice(1940e24);
        pokeFor(2 hours, 10 minutes);
        primary.setPrice(2000e24);
        pokeFor(20 minutes, 1 minutes);
        assertEq(disagreement(), 100 minutes);
        primary.setPrice(1000e24);
        assertPrices(0, START);
        guard.poke();
        assertPrices(0, START);
        skipTime(1 minutes);
        assertPrices(0, (START * 99) / 100);
    }
}
