// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IOracleGuard} from "../../contracts/interfaces/IOracleGuard.sol";
import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {BoundedRead} from "../../contracts/libraries/BoundedRead.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {OddSource} from "../../contracts/mocks/OddSource.sol";
import {GuardParams, SourceRole} from "../../contracts/types/OracleTypes.sol";
import {GuardTest} from "../support/GuardTest.sol";

/// @notice How the guard reads its sources, and how a source is replaced.
contract OracleGuardSourcesTest is GuardTest {
    OddSource private odd;
    MockOracle private fresh;
    address private stranger = makeAddr("stranger");

    function setUp() public override {
        super.setUp();
        odd = new OddSource(START);
        fresh = new MockOracle(START);
    }

    // Reading

    function test_Read_OddPrimaryIsUnavailableWhateverItDoes() public {
        guard = withPrimary(odd);
        assertPrices(START, START);
        for (uint256 kind = 1; kind < 8; ++kind) {
            odd.setKind(OddSource.Kind(kind));
            // It returns the right prices, and more data than requested.
            if (OddSource.Kind(kind) == OddSource.Kind.ReturnBomb) assertPrices(START, START);
            else expectNoAnswer(primaryUnavailable(GRACE_PERIOD));
            guard.poke();
        }
        odd.setKind(OddSource.Kind.Fine);
        assertPrices(START, START);
    }

    function test_Read_OddSourceCostsNoMoreThanTheBound() public {
        guard = withPrimary(odd);
        odd.setKind(OddSource.Kind.Endless);
        guard.poke();
        assertLt(vm.lastCallGas().gasTotalUsed, SOURCE_GAS + 120_000);
        odd.setKind(OddSource.Kind.RevertBomb);
        guard.poke();
        assertLt(vm.lastCallGas().gasTotalUsed, 156_000 + 120_000);
    }

    /// @dev An available source that needs nearly all of its gas: the rest that a starved read
    /// leaves (1/64) would suffice for the call to continue.
    function testFuzz_Read_TooLittleGasNeverMakesAnAvailableSourceUnavailable(uint256 gasLimit) public {
        GuardParams memory params = guardParams();
        params.sourceGas = 3_000_000;
        params.secondary = address(odd);
        guard = createGuard(params);
        odd.setKind(OddSource.Kind.Hungry);
        gasLimit = bound(gasLimit, 2_800_000, 3_200_000);
        try guard.poke{gas: gasLimit}() {
            assertEq(unavailableFor(SourceRole.Primary) + unavailableFor(SourceRole.Secondary), 0);
            // The flags of that poke show at the next one.
            skipTime(1 minutes);
            guard.poke{gas: gasLimit}();
            assertEq(unavailableFor(SourceRole.Primary) + unavailableFor(SourceRole.Secondary), 0);
            (uint256 open, ) = guard.prices();
            assertEq(open, START);
        } catch (bytes memory reason) {
            assertEq(bytes32(bytes4(reason)), bytes32(BoundedRead.NotEnoughGas.selector));
        }
    }

    function test_Prices_RevertWhen_GasDoesNotCoverTheBound() public {
        vm.expectPartialRevert(BoundedRead.NotEnoughGas.selector);
        guard.prices{gas: SOURCE_GAS}();
        // Little of the gas is used, but it must be available.
        guard.prices{gas: SOURCE_GAS + 40_000}();
    }

    function test_Prices_AreCheap() public {
        vm.cool(address(guard));
        vm.cool(address(primary));
        vm.cool(address(secondary));
        uint256 before = gasleft();
        guard.prices();
        assertLt(before - gasleft(), 32_000);
    }

    // Creation

    function test_Constructor_RevertWhen_SourcesDoNotAgree() public {
        secondary.setPrice(START / 2);
        expectCreationError(
            guardParams(),
            abi.encodeWithSelector(IOracleGuard.SourcesDisagree.selector, START, START / 2)
        );
        secondary.fail();
        expectCreationError(guardParams(), abi.encodeWithSelector(IOracleGuard.SourcesDisagree.selector, START, 0));
        GuardParams memory params = guardParams();
        params.secondary = params.primary;
        expectCreationError(params, abi.encodeWithSelector(IOracleGuard.SameSource.selector, primary));
        params.secondary = stranger;
        expectCreationError(params, abi.encodeWithSelector(IOracleGuard.SourcesDisagree.selector, START, 0));
    }

    function test_Constructor_RevertWhen_AParameterIsOutOfBounds() public {
        GuardParams memory params = guardParams();
        params.maxDeviation = 0;
        expectInvalid(params, "maxDeviation", 0);
        params.maxDeviation = 0.2e18 + 1;
        expectInvalid(params, "maxDeviation", 0.2e18 + 1);
        params = guardParams();
        params.maxRisePerHour = 0.01e18 - 1;
        expectInvalid(params, "maxRisePerHour", 0.01e18 - 1);
        params.maxRisePerHour = 1e18 + 1;
        expectInvalid(params, "maxRisePerHour", 1e18 + 1);
        params = guardParams();
        params.maxFallPerHour = 0.1e18 - 1;
        expectInvalid(params, "maxFallPerHour", 0.1e18 - 1);
        params.maxFallPerHour = 1e18 + 1;
        expectInvalid(params, "maxFallPerHour", 1e18 + 1);
        params = guardParams();
        params.gracePeriod = 30 minutes - 1;
        expectInvalid(params, "gracePeriod", 30 minutes - 1);
        params.gracePeriod = 8 hours + 1;
        expectInvalid(params, "gracePeriod", 8 hours + 1);
        params = guardParams();
        params.sourceGas = 0;
        expectInvalid(params, "sourceGas", 0);
        params.sourceGas = 5_000_001;
        expectInvalid(params, "sourceGas", 5_000_001);
        params = guardParams();
        params.replacementDelay = 2 days - 1;
        expectInvalid(params, "replacementDelay", 2 days - 1);
        params.replacementDelay = 365 days + 1;
        expectInvalid(params, "replacementDelay", 365 days + 1);
    }

    function test_OracleGuard_KeepsItsParameters() public view {
        assertEq(guard.maxDeviation(), MAX_DEVIATION);
        assertEq(guard.maxRisePerHour(), MAX_RISE_PER_HOUR);
        assertEq(guard.maxFallPerHour(), MAX_FALL_PER_HOUR);
        assertEq(guard.gracePeriod(), GRACE_PERIOD);
        assertEq(guard.sourceGas(), SOURCE_GAS);
        assertEq(guard.replacementDelay(), DELAY);
        expectSource(SourceRole.Primary, primary);
        expectSource(SourceRole.Secondary, secondary);
    }

    // Replacement

    function test_ScheduleAndCancelSource_AreRoles() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        vm.prank(stranger);
        guard.scheduleSource(SourceRole.Primary, fresh);
        guard.scheduleSource(SourceRole.Primary, fresh);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        vm.prank(stranger);
        guard.cancelSource(SourceRole.Primary);
    }

    function test_ApplySource_AnyoneMayAfterTheDelay() public {
        vm.expectEmit(address(guard));
        emit IOracleGuard.SourceScheduled(SourceRole.Primary, fresh, block.timestamp + DELAY);
        guard.scheduleSource(SourceRole.Primary, fresh);
        uint256 validFrom = vm.getBlockTimestamp() + DELAY;
        skipTime(DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(IOracleGuard.SourceNotReady.selector, SourceRole.Primary, validFrom));
        guard.applySource(SourceRole.Primary);
        skipTime(1);
        vm.expectEmit(address(guard));
        emit IOracleGuard.SourceReplaced(SourceRole.Primary, primary, fresh);
        vm.prank(stranger);
        guard.applySource(SourceRole.Primary);
        primary.fail();
        fresh.setPrice(1990e24);
        assertPrices(1990e24, 1990e24);
        expectNothingScheduled();
    }

    function test_CancelSource_CancelledSourceIsNotApplied() public {
        expectNothingScheduled();
        vm.expectRevert(abi.encodeWithSelector(IOracleGuard.NothingScheduled.selector, SourceRole.Primary));
        guard.cancelSource(SourceRole.Primary);
        guard.scheduleSource(SourceRole.Primary, fresh);
        vm.expectEmit(address(guard));
        emit IOracleGuard.SourceCancelled(SourceRole.Primary, fresh);
        guard.cancelSource(SourceRole.Primary);
        (IPriceOracle source, uint256 validFrom) = guard.scheduledSource(SourceRole.Primary);
        assertEq(address(source), address(0));
        assertEq(validFrom, 0);
        skipTime(DELAY);
        expectNothingScheduled();
    }

    function test_ApplySource_ExpiresAWeekAfterItsTime() public {
        guard.scheduleSource(SourceRole.Primary, fresh);
        uint256 validFrom = vm.getBlockTimestamp() + DELAY;
        uint256 snapshot = vm.snapshotState();
        vm.warp(validFrom + 7 days);
        guard.applySource(SourceRole.Primary);
        expectSource(SourceRole.Primary, fresh);
        vm.revertToState(snapshot);
        vm.warp(validFrom + 7 days + 1);
        expectNothingScheduled();
        expectSource(SourceRole.Primary, primary);
    }

    /// @dev The primary's outage continues to count: the last poke's observation of the remaining
    /// source stays valid.
    function test_ApplySource_SecondaryWhileThePrimaryStaysUnavailable() public {
        primary.fail();
        guard.poke();
        guard.scheduleSource(SourceRole.Secondary, fresh);
        skipTime(DELAY);
        guard.poke();
        assertEq(unavailableFor(SourceRole.Primary), 0);
        skipTime(10 minutes);
        vm.expectEmit(address(guard));
        emit IOracleGuard.SourceReplaced(SourceRole.Secondary, secondary, fresh);
        vm.prank(stranger);
        guard.applySource(SourceRole.Secondary);
        expectSource(SourceRole.Secondary, fresh);
        assertEq(unavailableFor(SourceRole.Primary), 10 minutes);
        assertEq(unavailableFor(SourceRole.Secondary), 0);
        skipTime(10 minutes);
        guard.poke();
        assertEq(unavailableFor(SourceRole.Primary), 20 minutes);
        pokeFor(30 minutes, 10 minutes);
        fresh.setPrice(2010e24);
        expectNoAnswer(primaryUnavailable(10 minutes));
        skipTime(10 minutes);
        assertPrices(0, 2010e24);
    }

    /// @dev Nothing of the old source's outage remains, and its flag isn't taken for the new
    /// source's.
    function test_ApplySource_AvailableSecondaryReplacesAnUnavailableOne() public {
        secondary.fail();
        guard.poke();
        guard.scheduleSource(SourceRole.Secondary, fresh);
        skipTime(DELAY);
        pokeFor(20 minutes, 10 minutes);
        assertEq(unavailableFor(SourceRole.Secondary), 20 minutes);
        guard.applySource(SourceRole.Secondary);
        assertEq(unavailableFor(SourceRole.Secondary), 0);
        assertPrices(START, START);
        fresh.fail();
        skipTime(10 minutes);
        guard.poke();
        assertEq(unavailableFor(SourceRole.Secondary), 0);
    }

    function test_ApplySource_RevertWhen_TheNewSourceIsUnavailable() public {
        guard.scheduleSource(SourceRole.Secondary, fresh);
        skipTime(DELAY);
        fresh.fail();
        vm.expectRevert(abi.encodeWithSelector(IOracleGuard.NewSourceUnavailable.selector, fresh));
        guard.applySource(SourceRole.Secondary);
    }

    function test_ApplySource_RevertWhen_TheNewSourceIsTheOther() public {
        guard.scheduleSource(SourceRole.Secondary, primary);
        skipTime(DELAY);
        vm.expectRevert(abi.encodeWithSelector(IOracleGuard.SameSource.selector, primary));
        guard.applySource(SourceRole.Secondary);
    }

    function test_ApplySource_RevertWhen_TheNewSourceAgreesWithNothing() public {
        guard.scheduleSource(SourceRole.Primary, fresh);
        skipTime(DELAY);
        fresh.setPrice(1900e24);
        bytes memory reason = disagrees(1900e24, START, START);
        vm.expectRevert(reason);
        guard.applySource(SourceRole.Primary);
    }

    /// @dev The primary is wrong, but available, and the market has moved since: the remaining
    /// source confirms the new one.
    function test_ApplySource_NewPrimaryThatAgreesWithTheSecondaryReplacesAWrongOne() public {
        primary.setPrice(3000e24);
        guard.scheduleSource(SourceRole.Primary, fresh);
        pokeFor(DELAY, 10 minutes);
        secondary.setPrice(1500e24);
        fresh.setPrice(1510e24);
        guard.applySource(SourceRole.Primary);
        assertPrices(1500e24, 1510e24);
        assertEq(disagreement(), 0);
    }

    /// @dev The secondary is stuck at a price of days ago, and then the primary fails too, for
    /// good.
    function test_ApplySource_StuckSecondaryIsReplacedFirstAndThenThePrimary() public {
        primary.setPrice(1500e24);
        guard.scheduleSource(SourceRole.Secondary, fresh);
        skipTime(DELAY);
        vm.expectRevert(disagrees(START, START, 1500e24));
        guard.applySource(SourceRole.Secondary);
        fresh.setPrice(1510e24);
        guard.applySource(SourceRole.Secondary);
        assertPrices(1500e24, 1500e24);

        MockOracle next = new MockOracle(1505e24);
        guard.scheduleSource(SourceRole.Primary, next);
        skipTime(DELAY);
        primary.setPrice(3000e24);
        guard.applySource(SourceRole.Primary);
        assertPrices(1505e24, 1505e24);
    }

    /// @dev After a rise the ceiling lags by hours: both available sources may contradict a price
    /// that agrees with the ceiling.
    function test_ApplySource_RevertWhen_NewSourceAgreesWithALaggingCeilingOnly() public {
        guard.scheduleSource(SourceRole.Primary, fresh);
        primary.setPrice(2600e24);
        secondary.setPrice(2600e24);
        fresh.setPrice(2090e24);
        skipTime(DELAY);
        assertPrices(2100e24, 2600e24);
        vm.expectRevert(disagrees(2090e24, 2100e24, 2600e24));
        guard.applySource(SourceRole.Primary);
    }

    /// @dev A known limit: two available sources that are both wrong keep a correct one out, until
    /// one of them becomes unavailable.
    function test_ApplySource_RevertWhen_BothAvailableSourcesAreWrong() public {
        primary.setPrice(3000e24);
        secondary.setPrice(1000e24);
        guard.scheduleSource(SourceRole.Primary, fresh);
        guard.scheduleSource(SourceRole.Secondary, fresh);
        skipTime(DELAY);
        vm.expectRevert(disagrees(START, START, 1000e24));
        guard.applySource(SourceRole.Primary);
        vm.expectRevert(disagrees(START, START, 3000e24));
        guard.applySource(SourceRole.Secondary);
        primary.fail();
        guard.applySource(SourceRole.Secondary);
        (IPriceOracle source, ) = guard.sourceOf(SourceRole.Secondary);
        assertEq(address(source), address(fresh));
    }

    function test_ApplySource_CeilingConfirmsItWhileTheOtherIsUnavailable() public {
        secondary.fail();
        primary.setPrice(1000e24);
        guard.poke();
        guard.scheduleSource(SourceRole.Primary, fresh);
        skipTime(DELAY);
        guard.applySource(SourceRole.Primary);
        assertPrices(0, START);
    }

    function test_ApplySource_AfterDaysOfOutageAnyPriceIsAccepted() public {
        primary.fail();
        guard.scheduleSource(SourceRole.Primary, fresh);
        fresh.setPrice(1000e24);
        pokeFor(3 days - 10 minutes, 10 minutes);
        vm.expectRevert(disagrees(1000e24, START, START));
        guard.applySource(SourceRole.Primary);
        skipTime(10 minutes);
        guard.applySource(SourceRole.Primary);
        assertEq(unavailableFor(SourceRole.Primary), 0);
        // A new grace period starts, since the secondary is available: it applies to a source that
        // agrees with nothing.
        assertPrices(0, START);
    }

    /// @dev While the secondary is unavailable, only the floor limits a new primary.
    function test_ApplySource_WithBothUnavailableForDaysANewPrimaryFallsWithTheFloor() public {
        primary.fail();
        secondary.fail();
        guard.scheduleSource(SourceRole.Primary, fresh);
        fresh.setPrice(1000e24);
        pokeFor(3 days - 10 minutes, 10 minutes);
        vm.expectRevert(disagrees(1000e24, START, 0));
        guard.applySource(SourceRole.Primary);
        skipTime(10 minutes);
        guard.applySource(SourceRole.Primary);
        assertPrices(0, START);
        pokeFor(10 minutes, 10 minutes);
        assertPrices(0, (START * 9) / 10);
    }

    /// @dev The three days must be an unbroken series of pokes, as for the grace period.
    function test_ApplySource_MissedPokeRestartsTheThreeDays() public {
        primary.fail();
        guard.scheduleSource(SourceRole.Primary, fresh);
        fresh.setPrice(1000e24);
        pokeFor(3 days - 10 minutes, 10 minutes);
        skipTime(10 minutes + 1);
        vm.expectRevert(disagrees(1000e24, START, START));
        guard.applySource(SourceRole.Primary);
        guard.poke();
        assertEq(unavailableFor(SourceRole.Primary), 0);
    }

    function test_ApplySource_RecoveryAtTheEndEndsTheOutageOfDays() public {
        primary.fail();
        guard.scheduleSource(SourceRole.Primary, fresh);
        fresh.setPrice(1000e24);
        pokeFor(3 days, 10 minutes);
        primary.setPrice(START);
        vm.expectRevert(disagrees(1000e24, START, START));
        guard.applySource(SourceRole.Primary);
    }

    // Helpers

    function withPrimary(OddSource source) private returns (IOracleGuard) {
        GuardParams memory params = guardParams();
        params.primary = address(source);
        return createGuard(params);
    }

    function disagrees(uint256 price, uint256 ceiling_, uint256 staying) private view returns (bytes memory) {
        return abi.encodeWithSelector(IOracleGuard.NewSourceDisagrees.selector, fresh, price, ceiling_, staying);
    }

    function expectSource(SourceRole role, IPriceOracle expected) private view {
        (IPriceOracle source, ) = guard.sourceOf(role);
        assertEq(address(source), address(expected));
    }

    function expectNothingScheduled() private {
        vm.expectRevert(abi.encodeWithSelector(IOracleGuard.NothingScheduled.selector, SourceRole.Primary));
        guard.applySource(SourceRole.Primary);
    }

    function expectInvalid(GuardParams memory params, string memory name, uint256 value) private {
        expectCreationError(params, abi.encodeWithSelector(IOracleGuard.InvalidParameter.selector, name, value));
    }

    function expectCreationError(GuardParams memory params, bytes memory reason) private {
        // Through an external call, since the revert of a creation by the test contract itself
        // can't be expected.
        vm.expectRevert(reason);
        this.createExternally(params);
    }

    function createExternally(GuardParams memory params) external {
        createGuard(params);
    }
}
