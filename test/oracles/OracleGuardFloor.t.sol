// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {GuardTest} from "../support/GuardTest.sol";

/// @notice The floor: below it, a source that acts alone liquidates nobody.
contract OracleGuardFloorTest is GuardTest {
    function test_Floor_IsTheLastAgreedPrice() public {
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

    /// @dev A price that is not below either of two available sources is confirmed by both: it
    /// takes effect at once, and lowers the floor.
    function test_Floor_InDisagreementFollowsTheHigherDownOnly() public {
        primary.setPrice(1000e24);
        secondary.setPrice(1500e24);
        assertPrices(0, 1500e24);
        guard.poke();
        assertEq(floor(), 1500e24);
        secondary.setPrice(4000e24);
        guard.poke();
        assertEq(floor(), 1500e24);
    }

    function test_Floor_SourceAloneFallsBetweenClosePokesThatBothObservedItLower() public {
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

    function test_Floor_SourceAloneThatRecoversBetweenTwoPokesDoesNotFall() public {
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

    /// @dev The floor stays at the agreed price: a rise of one source alone doesn't raise it.
    function test_Floor_SourceAloneRisesAtOnceAndFallsBackAtOnce() public {
        secondary.fail();
        primary.setPrice(3000e24);
        guard.poke();
        assertPrices(0, 3000e24);
        primary.setPrice(2000e24);
        assertPrices(0, 2000e24);
    }

    /// @dev A lower primary has counted for two hours and then agrees again: the remaining count
    /// doesn't let the price halve.
    function test_Floor_RemainingCountLiquidatesNobodyAtOnce() public {
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
