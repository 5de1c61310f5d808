// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IOracleGuard} from "../../contracts/interfaces/IOracleGuard.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {GuardRules} from "../../contracts/oracles/libraries/GuardRules.sol";
import {SourceRole} from "../../contracts/types/OracleTypes.sol";
import {GuardTest} from "../support/GuardTest.sol";
import {InvariantTest} from "../utils/InvariantTest.sol";
import {Test} from "../utils/Test.sol";

/// @notice Moves, kills and replaces two sources, lets time pass, and pokes. It keeps its own
/// record, computed in another way than the guard's: the observations of the pokes, from which the
/// bounds follow.
contract GuardHandler is Test {
    IOracleGuard public immutable guard;
    uint256 private immutable boundShare;
    MockOracle private primary;
    MockOracle private secondary;

    /// @notice Zero for an unavailable source.
    uint256 public primaryPrice;
    uint256 public secondaryPrice;

    /// @notice The last price on which a poke saw agreement.
    uint256 public lastAgreed;
    /// @notice How a poke has raised the ceiling too far; empty if none has.
    string public ceilingFault;

    /// @notice Total time between pokes at most ten minutes apart that both observed a lower
    /// primary, since the last complete drain.
    uint256 public lowerFor;
    /// @dev Uninterrupted time since then that did not count.
    uint256 private _otherFor;
    bool private _wasLower;

    /// @notice The last price that both sources confirmed at a poke: the primary's if they agreed,
    /// or else at most the higher of both.
    uint256 public vouched;
    /// @notice Total time, since they last agreed, between pokes at most ten minutes apart that
    /// both observed a source below that price.
    uint256 public belowFor;
    bool private _wasBelow;

    /// @notice The first poke of an unbroken series that observed an unavailable primary, each at
    /// most ten minutes after the previous one; zero outside such a series.
    uint256 public unavailableSince;

    /// @notice The end of the primary's last availability of more than ten minutes, whether or not
    /// anybody observed it.
    uint256 public availabilityEnded;
    /// @dev When the primary became available; zero while it is unavailable.
    uint256 private _availableSince;

    uint256 public disagreements;
    uint256 public outages;
    uint256 public agreements;
    uint256 public unseenRecoveries;
    uint256 public replacements;
    uint256 public refusedReplacements;

    constructor(IOracleGuard guard_, MockOracle primary_, MockOracle secondary_, uint256 start, uint256 bound_) {
        (guard, primary, secondary, boundShare) = (guard_, primary_, secondary_, bound_);
        (primaryPrice, secondaryPrice, lastAgreed, vouched) = (start, start, start, start);
        _availableSince = block.timestamp;
    }

    function moveBoth(uint256 percent) external {
        uint256 base = primaryPrice != 0 ? primaryPrice : lastAgreed;
        uint256 price = bound((base * bound(percent, 70, 140)) / 100, 1e20, 1e30);
        _set(price, price);
    }

    function moveApart(uint256 percent) external {
        uint256 base = primaryPrice != 0 ? primaryPrice : lastAgreed;
        _set(base, bound((base * bound(percent, 95, 105)) / 100, 1e20, 1e30));
    }

    function lie(uint256 price, uint256 which) external {
        price = bound(price, 1, type(uint192).max);
        if (which % 2 == 0) _set(price, secondaryPrice);
        else _set(primaryPrice, price);
    }

    function kill(uint256 which) external {
        if (which % 2 == 0) _set(0, secondaryPrice);
        else _set(primaryPrice, 0);
    }

    function pass(uint256 time) external {
        skipTime(bound(time, 0, 15 minutes));
    }

    function passLong(uint256 time) external {
        skipTime(bound(time, 0, 3 days));
    }

    function poke() external {
        _poke();
    }

    /// @notice Pokes close together, as a keeper makes them during an outage or a disagreement.
    function pokeInARow(uint256 count, uint256 step) external {
        count = bound(count, 1, 12);
        for (uint256 i = 0; i < count; ++i) {
            skipTime(bound(step, 1 minutes, 10 minutes));
            _poke();
        }
    }

    /// @notice The primary recovers between two pokes, for a shorter or longer time than they may
    /// be apart, and becomes unavailable again.
    function liveUnseen(uint256 time) external {
        if (unavailableSince != 0) ++unseenRecoveries;
        _set(lastAgreed, secondaryPrice);
        skipTime(bound(time, 1 minutes, 2 hours));
        _set(0, secondaryPrice);
    }

    /// @notice Replaces a source after the delay. The new source reports about the price of the
    /// remaining one, or of the ceiling, or any price.
    function replace(uint256 which, uint256 kind, uint256 price) external {
        SourceRole role = which % 2 == 0 ? SourceRole.Primary : SourceRole.Secondary;
        uint256 staying = role == SourceRole.Primary ? secondaryPrice : primaryPrice;
        (uint256 ceiling, , , ) = guard.state();
        uint256 near = kind % 3 == 1 && staying != 0 ? staying : ceiling;
        price = kind % 3 == 0 ? price : (near * bound(price, 97, 103)) / 100;
        price = bound(price, 0, type(uint192).max);
        MockOracle source = new MockOracle(price);
        guard.scheduleSource(role, source);
        skipTime(2 days);
        _poke();
        (ceiling, , , ) = guard.state();
        bool fits = price != 0 && GuardRules.agree(price, staying != 0 ? staying : ceiling, boundShare);
        try guard.applySource(role) {
            assertTrue(fits, "a source that fits to nothing was taken");
            ++replacements;
        } catch {
            assertTrue(!fits, "a source that fits was refused");
            ++refusedReplacements;
            return;
        }
        (_wasLower, lowerFor) = (false, 0);
        if (role == SourceRole.Primary) {
            (primary, unavailableSince) = (source, 0);
            _set(price, secondaryPrice);
        } else {
            secondary = source;
            _set(primaryPrice, price);
        }
    }

    function isAgreed() public view returns (bool) {
        return GuardRules.agree(primaryPrice, secondaryPrice, boundShare);
    }

    function isDisagreed() public view returns (bool) {
        return primaryPrice != 0 && secondaryPrice != 0 && !isAgreed();
    }

    function _poke() private {
        (uint256 ceilingBefore, , , uint256 lastPoke) = guard.state();
        guard.poke();
        uint256 lastSpan = block.timestamp - lastPoke;
        if (primaryPrice != 0) unavailableSince = 0;
        else if (unavailableSince == 0 || lastSpan > 10 minutes) unavailableSince = block.timestamp;
        if (isAgreed()) {
            lastAgreed = primaryPrice < secondaryPrice ? primaryPrice : secondaryPrice;
            ++agreements;
        } else if (primaryPrice == 0) {
            ++outages;
        } else if (secondaryPrice != 0) {
            ++disagreements;
        }
        _checkCeiling(ceilingBefore, lastSpan);
        bool isLower = isDisagreed() && primaryPrice < secondaryPrice;
        if (_wasLower && isLower && lastSpan <= 10 minutes) (lowerFor, _otherFor) = (lowerFor + lastSpan, 0);
        else _otherFor += lastSpan;
        // The count stops at twice the grace period.
        if (_otherFor >= 2 hours) lowerFor = 0;
        _wasLower = isLower;
        _vouch(lastSpan);
    }

    function _vouch(uint256 lastSpan) private {
        uint256 higher = primaryPrice > secondaryPrice ? primaryPrice : secondaryPrice;
        if (isAgreed()) (vouched, belowFor) = (primaryPrice, 0);
        else if (primaryPrice != 0 && secondaryPrice != 0 && higher < vouched) vouched = higher;
        bool isBelow =
            !isAgreed() &&
                ((primaryPrice != 0 && primaryPrice < vouched) || (secondaryPrice != 0 && secondaryPrice < vouched));
        if (isBelow && _wasBelow && lastSpan <= 10 minutes) belowFor += lastSpan;
        _wasBelow = isBelow;
    }

    /// @dev Five percent an hour, for an hour.
    function _checkCeiling(uint256 before, uint256 span) private {
        (uint256 ceiling, , , ) = guard.state();
        if (ceiling > before + (before * (span > 1 hours ? 1 hours : span)) / (20 hours))
            ceilingFault = "rose too fast";
        if (ceiling > lastAgreed) ceilingFault = "above what was agreed on";
    }

    function _set(uint256 first, uint256 second) private {
        if (first != 0 && _availableSince == 0) _availableSince = block.timestamp;
        if (first == 0 && _availableSince != 0) {
            if (block.timestamp - _availableSince > 10 minutes) availabilityEnded = block.timestamp;
            _availableSince = 0;
        }
        (primaryPrice, secondaryPrice) = (first, second);
        if (first == 0) primary.fail();
        else primary.setPrice(first);
        if (second == 0) secondary.fail();
        else secondary.setPrice(second);
    }
}

contract OracleGuardInvariants is GuardTest, InvariantTest {
    GuardHandler private handler;

    function setUp() public override {
        super.setUp();
        handler = new GuardHandler(guard, primary, secondary, START, MAX_DEVIATION);
        targetContract(address(handler));
        authority.grantRole(authority.ADMIN_ROLE(), address(handler), 0);
        bytes4[] memory selectors = new bytes4[](15);
        (selectors[0], selectors[1], selectors[2]) = (
            handler.moveBoth.selector,
            handler.moveBoth.selector,
            handler.moveApart.selector
        );
        (selectors[3], selectors[4], selectors[5]) = (
            handler.lie.selector,
            handler.kill.selector,
            handler.pass.selector
        );
        (selectors[6], selectors[7], selectors[8]) = (
            handler.passLong.selector,
            handler.poke.selector,
            handler.poke.selector
        );
        (selectors[9], selectors[10], selectors[11]) = (
            handler.pokeInARow.selector,
            handler.pokeInARow.selector,
            handler.pokeInARow.selector
        );
        (selectors[12], selectors[13]) = (handler.liveUnseen.selector, handler.liveUnseen.selector);
        selectors[14] = handler.replace.selector;
        targetSelectors(address(handler), selectors);
    }

    /// @notice Theorem: while the primary is available, there is a liquidation price and it isn't
    /// below the primary's; an open price is never above either source, nor above the risen
    /// ceiling.
    function invariant_liquidationPriceNotBelowAnAvailablePrimaryNorOpenAboveEither() public view {
        (uint256 first, uint256 second) = (handler.primaryPrice(), handler.secondaryPrice());
        if (first == 0) return;
        (uint256 open, uint256 liquidation) = guard.prices();
        assertGe(liquidation, first, "below the primary");
        uint256 most = first > second ? first : second;
        assertLe(liquidation, most > handler.vouched() ? most : handler.vouched(), "above both and what was agreed on");
        assertLe(open, first, "open above the primary");
        assertLe(open, second, "open above the secondary");
        assertLe(open, (ceiling() * 105) / 100, "open above the ceiling");
        assertTrue((open != 0) == handler.isAgreed(), "open without agreement, or none with it");
        if (handler.isAgreed()) assertEq(liquidation, first, "agreed, but not the primary's");
    }

    /// @notice Without the primary: no price before the grace period could have counted, and after
    /// it the secondary's price or none.
    function invariant_outageOfThePrimaryLeavesTheSecondaryAfterTheGracePeriod() public view {
        if (handler.primaryPrice() != 0) return;
        try guard.prices() returns (uint256 open, uint256 liquidation) {
            assertEq(open, 0);
            assertGe(liquidation, handler.secondaryPrice());
            assertGt(handler.unavailableSince(), 0, "nobody saw it become unavailable");
            assertGe(block.timestamp - handler.unavailableSince(), GRACE_PERIOD, "before the grace period");
            assertGe(
                block.timestamp - handler.availabilityEnded(),
                GRACE_PERIOD,
                "it was available within the grace period"
            );
        } catch (bytes memory reason) {
            bool both = handler.secondaryPrice() == 0;
            bytes4 selector = both ? IOracleGuard.NoSourceAvailable.selector : IOracleGuard.PrimaryUnavailable.selector;
            assertEq(bytes32(bytes4(reason)), bytes32(selector));
        }
    }

    /// @notice The counted outage is the duration of an unbroken series of pokes, exact to the
    /// second.
    function invariant_outageCountsObservedTimeOnly() public view {
        (, , , uint256 lastPoke) = guard.state();
        uint256 since = handler.unavailableSince();
        assertEq(unavailableFor(SourceRole.Primary), since == 0 ? 0 : lastPoke - since);
    }

    /// @notice A poke raises the ceiling by no more than `maxRisePerHour`, and never above the
    /// agreed price.
    function invariant_ceilingRisesSlowly() public view {
        assertEq(handler.ceilingFault(), "");
    }

    /// @notice The guarantee: without a grace period of close pokes that observed a lower primary,
    /// the price from two available sources is at most the maximum deviation below the secondary's.
    function invariant_liquidationPriceNotBelowTheSecondaryWithoutAGracePeriod() public view {
        assertLe(disagreement(), handler.lowerFor(), "more has counted than was seen");
        (uint256 first, uint256 second) = (handler.primaryPrice(), handler.secondaryPrice());
        if (first == 0 || second == 0) return;
        (, , , uint256 lastPoke) = guard.state();
        if (handler.lowerFor() + (block.timestamp - lastPoke) > GRACE_PERIOD) return;
        // Two percent, and a unit of rounding.
        assertGe(liquidationPrice() + second / 50 + 1, second, "below the secondary");
    }

    /// @notice One source alone falls by no more than 60% an hour from the price that both
    /// confirmed, and only while close pokes observed it.
    function invariant_floorOfASourceAloneFallsSlowly() public view {
        (uint256 first, uint256 second) = (handler.primaryPrice(), handler.secondaryPrice());
        if (first != 0 && second != 0) return;
        try guard.prices() returns (uint256, uint256 liquidation) {
            (, , , uint256 lastPoke) = guard.state();
            uint256 sinceLastPoke = block.timestamp - lastPoke;
            uint256 fallen = handler.belowFor() + (sinceLastPoke <= 10 minutes ? sinceLastPoke : 0);
            if (fallen > 100 minutes) return;
            uint256 least = handler.vouched() - (handler.vouched() / 6_000) * fallen;
            // For packing and rounding.
            assertGe(liquidation + least / 1e20 + 6_000, least, "one alone fell too fast");
        } catch {}
    }

    /// @notice The answer is the same before and after a poke.
    function invariant_pricesAreTheSameAfterAPoke() public {
        (bool success, bytes memory before) = address(guard).staticcall(abi.encodeCall(guard.prices, ()));
        guard.poke();
        (bool successAfter, bytes memory afterwards) = address(guard).staticcall(abi.encodeCall(guard.prices, ()));
        assertTrue(success == successAfter);
        assertEq(before, afterwards);
    }

    /// @notice The handler reaches every case, so the suite isn't vacuous.
    function test_HandlerReachesEveryCase() public {
        bytes4[9] memory selectors = [
            handler.moveBoth.selector,
            handler.moveApart.selector,
            handler.lie.selector,
            handler.kill.selector,
            handler.pass.selector,
            handler.poke.selector,
            handler.pokeInARow.selector,
            handler.liveUnseen.selector,
            handler.replace.selector
        ];
        uint256 answersOfSecondary = 0;
        uint256 declined = 0;
        for (uint256 i = 0; i < 1_000; ++i) {
            uint256 random = uint256(keccak256(abi.encode(i)));
            // solhint-disable-next-line avoid-low-level-calls
            (bool success, ) = address(handler).call(
                bytes.concat(selectors[random % 9], abi.encode(random >> 8, random >> 64, random >> 128))
            );
            assertTrue(success);
            if (disagreement() > GRACE_PERIOD) ++declined;
            if (unavailableFor(SourceRole.Primary) >= GRACE_PERIOD) ++answersOfSecondary;
        }
        assertGt(handler.agreements(), 0, "agreements");
        assertGt(handler.disagreements(), 0, "disagreements");
        assertGt(handler.outages(), 0, "outages");
        assertGt(handler.unseenRecoveries(), 0, "recoveries that nobody saw");
        assertGt(handler.replacements(), 0, "replacements");
        assertGt(handler.refusedReplacements(), 0, "refused replacements");
        assertGt(declined, 0, "declined");
        assertGt(answersOfSecondary, 0, "answers of the secondary");
    }
}
