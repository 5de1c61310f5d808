// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IOracleGuard} from "../../contracts/interfaces/IOracleGuard.sol";
import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {GuardRules} from "../../contracts/oracles/libraries/GuardRules.sol";
import {GuardLimits, GuardState, Reading} from "../../contracts/types/OracleTypes.sol";
import {Test} from "../utils/Test.sol";

/// @dev Flags are written as the numbers that a guard stores: 1 primary lower, 2 primary
/// unavailable, 4 secondary unavailable, 8 primary higher.
contract GuardRulesTest is Test {
    uint256 private constant MAX_DEVIATION = 0.02e18;
    uint256 private constant MAX_RISE_PER_HOUR = 0.05e18;
    uint256 private constant MAX_FALL_PER_HOUR = 0.6e18;
    uint256 private constant GRACE_PERIOD = 1 hours;

    // ------------------------------------------------------------------ observations

    function test_Agree_WithinTheBoundOfTheHigher() public pure {
        assertTrue(GuardRules.agree(98, 100, MAX_DEVIATION));
        assertTrue(GuardRules.agree(100, 98, MAX_DEVIATION));
        assertFalse(GuardRules.agree(97, 100, MAX_DEVIATION));
        assertFalse(GuardRules.agree(100, 97, MAX_DEVIATION));
        assertFalse(GuardRules.agree(98, 100, MAX_DEVIATION - 1));
        assertTrue(GuardRules.agree(5, 5, 0));
        assertFalse(GuardRules.agree(5, 6, 0));
    }

    function test_Agree_UnavailableSourceAgreesWithNothing() public pure {
        assertFalse(GuardRules.agree(0, 0, 1e18));
        assertFalse(GuardRules.agree(0, 100, 1e18));
        assertFalse(GuardRules.agree(100, 0, 1e18));
        assertTrue(GuardRules.agree(1, 100, 1e18));
    }

    function test_Agree_LargestPricesDoNotOverflow() public pure {
        assertFalse(GuardRules.agree(1, LeverageMath.MAX_PRICE, MAX_DEVIATION));
        assertTrue(GuardRules.agree(LeverageMath.MAX_PRICE, LeverageMath.MAX_PRICE, 1e18));
    }

    function test_Look_FlagsUnavailableSourcesOrElseTheLowerOne() public pure {
        assertEq(look(100, 98), 0);
        assertEq(look(98, 100), 0);
        assertEq(look(97, 100), 1);
        assertEq(look(100, 97), 8);
        assertEq(look(0, 100), 2);
        assertEq(look(100, 0), 4);
        assertEq(look(0, 0), 6);
    }

    // ------------------------------------------------------------------ ceiling

    function test_Ceiling_RisesForAtMostAnHour() public pure {
        // 1,000,003 * 5% an hour: 13.9 in a second, 13,888.9 in a thousand, 50,000.15 in total.
        assertEq(GuardRules.riseDown(1_000_003, MAX_RISE_PER_HOUR, 0), 1_000_003);
        assertEq(GuardRules.riseDown(1_000_003, MAX_RISE_PER_HOUR, 1), 1_000_016);
        assertEq(GuardRules.riseDown(1_000_003, MAX_RISE_PER_HOUR, 1000), 1_013_891);
        assertEq(GuardRules.riseDown(1_000_003, MAX_RISE_PER_HOUR, 3599), 1_049_989);
        assertEq(GuardRules.riseDown(1_000_003, MAX_RISE_PER_HOUR, 3600), 1_050_003);
        assertEq(GuardRules.riseDown(1_000_003, MAX_RISE_PER_HOUR, 3601), 1_050_003);
        assertEq(GuardRules.riseDown(1_000_003, MAX_RISE_PER_HOUR, 365 days), 1_050_003);
    }

    function test_Ceiling_AgreementMovesItToTheLowerPriceOrAsFarAsItMayRise() public pure {
        GuardState memory state = stateOf(1_000_003, 5000, 0, 0);
        check(advance(state, 0, 900_000, 6000), stateOf(900_000, 6000, 0, 0));
        check(advance(state, 0, 1_013_891, 6000), stateOf(1_013_891, 6000, 0, 0));
        check(advance(state, 0, 1_013_892, 6000), stateOf(1_013_891, 6000, 0, 0));
    }

    function test_Ceiling_StaysWithoutAgreement() public pure {
        GuardState memory state = stateOf(1_000_003, 5000, 0, 0);
        for (uint8 seen = 1; seen < 9; ++seen) {
            check(advance(state, seen, 900_000, 6000), stateOf(1_000_003, 6000, 0, seen));
            check(advance(state, seen, 2_000_000, 6000), stateOf(1_000_003, 6000, 0, seen));
        }
    }

    // ------------------------------------------------------------------ floor

    function test_Floor_FallsInProportionToTimeRoundedUp() public pure {
        // 1,000,003 * 60% an hour: 166.7 in a second, 100,000.3 in ten minutes.
        assertEq(GuardRules.fallUp(1_000_003, MAX_FALL_PER_HOUR, 0), 1_000_003);
        assertEq(GuardRules.fallUp(1_000_003, MAX_FALL_PER_HOUR, 1), 999_837);
        assertEq(GuardRules.fallUp(1_000_003, MAX_FALL_PER_HOUR, 600), 900_003);
        assertEq(GuardRules.fallUp(1_000_003, 1e18, 600), 833_336);
        assertEq(GuardRules.fallUp(type(uint192).max, 1e18, 0), type(uint192).max);
    }

    function test_Floor_AgreementSetsItToThePrimary() public pure {
        checkFloor(1000, 0, false, 0, Reading(0, 500), Reading(0, 499), 600, 500, false);
        checkFloor(1000, 0, true, 0, Reading(0, 2000), Reading(0, 2001), 600, 2000, false);
    }

    function test_Floor_InDisagreementFollowsTheHigherDown() public pure {
        checkFloor(1000, 0, false, 1, Reading(0, 500), Reading(0, 900), 600, 900, false);
        checkFloor(1000, 0, false, 1, Reading(0, 500), Reading(0, 1100), 600, 1000, false);
        checkFloor(1000, 0, false, 8, Reading(0, 900), Reading(0, 500), 600, 900, false);
        checkFloor(1000, 0, false, 8, Reading(0, 1100), Reading(0, 500), 600, 1000, false);
    }

    function test_Floor_SourceAloneLowersItBetweenClosePokesThatBothObservedIt() public pure {
        (Reading memory low, Reading memory none) = (Reading(0, 500), Reading(0, 0));
        checkFloor(1000, 0, false, 4, low, none, 600, 1000, true);
        checkFloor(1000, 4, false, 4, low, none, 600, 1000, true);
        checkFloor(1000, 4, true, 4, low, none, 600, 900, true);
        checkFloor(1000, 4, true, 4, low, none, 601, 1000, true);
        checkFloor(1000, 4, true, 4, Reading(0, 950), none, 600, 950, true);
        checkFloor(1000, 4, true, 4, Reading(0, 1000), none, 600, 1000, false);
        checkFloor(1000, 4, true, 4, Reading(0, 1001), none, 600, 1000, false);
        checkFloor(1000, 2, true, 2, none, low, 600, 900, true);
        checkFloor(1000, 6, true, 6, none, none, 600, 1000, false);
        // One source alone took over from the other one.
        checkFloor(1000, 4, true, 2, none, low, 600, 900, true);
    }

    function test_Floor_HoldsWhereOneSourceActsAlone() public pure {
        GuardState memory state = stateOf(2000, 0, 7200, 4);
        state.floor = 1000;
        checkPrices(state, Reading(400, 500), Reading(0, 0), 0, 0, 1000);
        checkPrices(state, Reading(400, 1500), Reading(0, 0), 0, 0, 1500);
        state.seen = 2;
        checkPrices(state, Reading(0, 0), Reading(400, 500), GRACE_PERIOD, 0, 1000);
        state.seen = 1;
        checkPrices(state, Reading(400, 500), Reading(400, 800), 0, 0, 1000);
    }

    // ------------------------------------------------------------------ counted seconds

    function test_CountDisagreement_NeedsALowerPrimaryAtBothEndsOfAShortSpan() public pure {
        assertEq(GuardRules.countDisagreement(1000, 1, 1, 0), 1000);
        assertEq(GuardRules.countDisagreement(1000, 1, 1, 600), 1600);
        assertEq(GuardRules.countDisagreement(1000, 1, 1, 601), 399);
        assertEq(GuardRules.countDisagreement(1000, 0, 1, 600), 400);
        assertEq(GuardRules.countDisagreement(1000, 1, 0, 600), 400);
        assertEq(GuardRules.countDisagreement(1000, 0, 0, 1000), 0);
        assertEq(GuardRules.countDisagreement(1000, 0, 0, 1001), 0);
    }

    /// @dev A higher primary liquidates nobody: it needs no grace period, and uses none.
    function test_CountDisagreement_HigherPrimaryCountsNothing() public pure {
        assertEq(GuardRules.countDisagreement(1000, 8, 8, 600), 400);
        assertEq(GuardRules.countDisagreement(1000, 1, 8, 600), 400);
        assertEq(GuardRules.countDisagreement(1000, 8, 1, 600), 400);
    }

    function test_Advance_CountsALowerPrimaryBetweenPokesThatBothObservedIt() public pure {
        check(advance(stateOf(9, 5000, 1000, 1), 1, 9, 5600), stateOf(9, 5600, 1600, 1));
        check(advance(stateOf(9, 5000, 1000, 1), 1, 9, 5601), stateOf(9, 5601, 399, 1));
        check(advance(stateOf(9, 5000, 1000, 0), 1, 9, 5600), stateOf(9, 5600, 400, 1));
        check(advance(stateOf(9, 5000, 1000, 1), 0, 9, 5600), stateOf(9, 5600, 400, 0));
        check(advance(stateOf(9, 5000, 1000, 0), 0, 9, 5600), stateOf(9, 5600, 400, 0));
        check(advance(stateOf(9, 5000, 1000, 8), 8, 9, 5600), stateOf(9, 5600, 400, 8));
    }

    /// @dev A source that becomes unavailable ends the disagreement.
    function test_Advance_OutageIsNoDisagreement() public pure {
        check(advance(stateOf(9, 5000, 1000, 2), 2, 9, 5600), stateOf(9, 5600, 400, 2));
        check(advance(stateOf(9, 5000, 1000, 4), 4, 9, 5600), stateOf(9, 5600, 400, 4));
        check(advance(stateOf(9, 5000, 1000, 6), 1, 9, 5600), stateOf(9, 5600, 400, 1));
        check(advance(stateOf(9, 5000, 1000, 1), 6, 9, 5600), stateOf(9, 5600, 400, 6));
    }

    function test_Advance_DisagreementCountsUpToTwiceTheGracePeriod() public pure {
        check(advance(stateOf(9, 5000, 6600, 1), 1, 9, 5600), stateOf(9, 5600, 7200, 1));
        check(advance(stateOf(9, 5000, 6601, 1), 1, 9, 5600), stateOf(9, 5600, 7200, 1));
        check(advance(stateOf(9, 5000, 6599, 1), 1, 9, 5600), stateOf(9, 5600, 7199, 1));
    }

    function test_CountOutage_EndsAtTheFirstRecovery() public pure {
        assertEq(GuardRules.countOutage(1000, 2, 2, 2, 600), 1600);
        assertEq(GuardRules.countOutage(1000, 6, 2, 2, 600), 1600);
        assertEq(GuardRules.countOutage(1000, 2, 6, 2, 600), 1600);
        assertEq(GuardRules.countOutage(1000, 2, 2, 2, 601), 0);
        // The source was available, or the other one was unavailable.
        assertEq(GuardRules.countOutage(1000, 0, 2, 2, 600), 0);
        assertEq(GuardRules.countOutage(1000, 4, 2, 2, 600), 0);
        assertEq(GuardRules.countOutage(1000, 4, 6, 4, 600), 1600);
        assertEq(GuardRules.countOutage(1000, 2, 0, 2, 600), 0);
        assertEq(GuardRules.countOutage(1000, 2, 4, 2, 600), 0);
        assertEq(GuardRules.countOutage(1000, 2, 1, 2, 600), 0);
    }

    // ------------------------------------------------------------------ prices

    function test_Prices_InAgreementTheLowestOpensAndThePrimaryLiquidates() public pure {
        checkPrices(stateOf(100, 0, 0, 0), Reading(90, 95), Reading(91, 96), 0, 90, 95);
        checkPrices(stateOf(100, 0, 0, 0), Reading(91, 96), Reading(90, 95), 0, 90, 96);
        checkPrices(stateOf(89, 0, 0, 0), Reading(91, 96), Reading(90, 95), 0, 89, 96);
    }

    function test_Prices_WithoutASecondaryThePrimaryLiquidatesAndNothingOpens() public pure {
        checkPrices(stateOf(100, 0, 7200, 4), Reading(91, 96), Reading(0, 0), 0, 0, 96);
        // The stored flags decide.
        checkPrices(stateOf(100, 0, 0, 4), Reading(91, 96), Reading(90, 95), 0, 0, 96);
    }

    function test_Prices_InDisagreementTheHigherDeclinesToThePrimary() public pure {
        // 10 above the primary for the grace period, then 10 less over an hour, rounded up to the
        // unit.
        uint16[9] memory disagreement = [uint16(0), 3599, 3600, 3601, 3960, 3961, 5400, 7199, 7200];
        uint8[9] memory expected = [110, 110, 110, 110, 109, 109, 105, 101, 100];
        for (uint256 i = 0; i < expected.length; ++i) {
            GuardState memory state = stateOf(1, 0, disagreement[i], 1);
            checkPrices(state, Reading(90, 100), Reading(90, 110), 0, 0, expected[i]);
        }
    }

    function test_Prices_InDisagreementAHigherPrimaryLiquidates() public pure {
        checkPrices(stateOf(1, 0, 0, 8), Reading(90, 110), Reading(90, 100), 0, 0, 110);
        checkPrices(stateOf(1, 0, 7200, 8), Reading(90, 110), Reading(90, 100), 0, 0, 110);
    }

    function test_Prices_WithoutAPrimaryTheSecondaryLiquidatesAfterTheGracePeriod() public pure {
        checkPrices(stateOf(1, 0, 0, 2), Reading(0, 0), Reading(90, 100), GRACE_PERIOD, 0, 100);
        checkPrices(stateOf(1, 0, 0, 2), Reading(0, 0), Reading(90, 100), GRACE_PERIOD + 1, 0, 100);
    }

    function test_Prices_RevertWhen_ThePrimaryIsUnavailableWithinTheGracePeriod() public {
        vm.expectRevert(abi.encodeWithSelector(IOracleGuard.PrimaryUnavailable.selector, 1));
        this.prices(stateOf(1, 0, 0, 2), Reading(0, 0), Reading(90, 100), GRACE_PERIOD - 1);
        vm.expectRevert(abi.encodeWithSelector(IOracleGuard.PrimaryUnavailable.selector, GRACE_PERIOD));
        this.prices(stateOf(1, 0, 0, 2), Reading(0, 0), Reading(90, 100), 0);
    }

    function test_Prices_RevertWhen_BothSourcesAreUnavailable() public {
        vm.expectRevert(abi.encodeWithSelector(IOracleGuard.NoSourceAvailable.selector));
        this.prices(stateOf(1, 0, 0, 6), Reading(0, 0), Reading(0, 0), GRACE_PERIOD);
        vm.expectRevert(abi.encodeWithSelector(IOracleGuard.NoSourceAvailable.selector));
        this.prices(stateOf(1, 0, 0, 6), Reading(0, 0), Reading(0, 0), 0);
    }

    // ------------------------------------------------------------------ helpers

    function prices(
        GuardState calldata state,
        Reading calldata primary,
        Reading calldata secondary,
        uint256 primaryUnavailableFor
    ) external pure returns (uint256, uint256) {
        return GuardRules.prices(state, primary, secondary, primaryUnavailableFor, GRACE_PERIOD);
    }

    function look(uint256 primary, uint256 secondary) private pure returns (uint8) {
        return GuardRules.look(Reading(0, primary), Reading(0, secondary), MAX_DEVIATION);
    }

    /// @dev Both sources report `good`.
    function advance(
        GuardState memory state,
        uint8 seen,
        uint256 good,
        uint256 time
    ) private pure returns (GuardState memory) {
        GuardLimits memory limits = GuardLimits(MAX_DEVIATION, MAX_RISE_PER_HOUR, MAX_FALL_PER_HOUR, GRACE_PERIOD);
        GuardState memory next = copyOf(state);
        GuardRules.advance(next, seen, Reading(good, good), Reading(good, good), time, limits);
        return next;
    }

    /// @dev `advance` works in place.
    function copyOf(GuardState memory state) private pure returns (GuardState memory) {
        return abi.decode(abi.encode(state), (GuardState));
    }

    function checkFloor(
        uint256 floor,
        uint8 before,
        bool wasBelow,
        uint8 seen,
        Reading memory primary,
        Reading memory secondary,
        uint256 span,
        uint256 expectedFloor,
        bool isBelow
    ) private pure {
        GuardLimits memory limits = GuardLimits(MAX_DEVIATION, MAX_RISE_PER_HOUR, MAX_FALL_PER_HOUR, GRACE_PERIOD);
        GuardState memory state = GuardState(0, uint192(floor), 5000, 0, before, wasBelow, 0);
        GuardRules.advance(state, seen, primary, secondary, 5000 + span, limits);
        assertEq(state.floor, expectedFloor, "floor");
        assertEq(state.seen, seen, "seen");
        assertTrue(state.wasBelow == isBelow, "below");
    }

    /// @dev Without a floor.
    function stateOf(
        uint192 ceiling,
        uint40 lastPoke,
        uint16 disagreement,
        uint8 seen
    ) private pure returns (GuardState memory) {
        return GuardState(ceiling, 0, lastPoke, disagreement, seen, false, 0);
    }

    function check(GuardState memory actual, GuardState memory expected) private pure {
        assertEq(actual.ceiling, expected.ceiling, "ceiling");
        assertEq(actual.lastPoke, expected.lastPoke, "last poke");
        assertEq(actual.disagreement, expected.disagreement, "disagreement");
        assertEq(actual.seen, expected.seen, "seen");
    }

    function checkPrices(
        GuardState memory state,
        Reading memory primary,
        Reading memory secondary,
        uint256 primaryUnavailableFor,
        uint256 openPrice,
        uint256 liquidationPrice
    ) private pure {
        (uint256 open, uint256 liquidation) = GuardRules.prices(
            state,
            primary,
            secondary,
            primaryUnavailableFor,
            GRACE_PERIOD
        );
        assertEq(open, openPrice, "open");
        assertEq(liquidation, liquidationPrice, "liquidation");
    }
}
