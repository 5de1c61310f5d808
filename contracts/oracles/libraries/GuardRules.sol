// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IOracleGuard} from "../../interfaces/IOracleGuard.sol";
import {LeverageMath} from "../../libraries/LeverageMath.sol";
import {GuardLimits, GuardState, Reading} from "../../types/OracleTypes.sol";

/// @title GuardRules
/// @notice The rules of {IOracleGuard}: what a poke leaves, and what is answered.
library GuardRules {
    uint256 internal constant WAD = LeverageMath.WAD;
    /// @notice Longest time between two pokes that can count, in a `VaultShareOracle` too.
    uint256 internal constant MAX_SPAN = 10 minutes;
    /// @notice Longest time that one poke lets the ceiling rise for.
    uint256 internal constant MAX_RISE_TIME = 1 hours;

    /// @dev Flags of what a poke saw. Both available, and further apart than the maximum deviation: the primary is the lower.
    uint8 internal constant PRIMARY_LOWER = 1;
    uint8 internal constant PRIMARY_UNAVAILABLE = 2;
    uint8 internal constant SECONDARY_UNAVAILABLE = 4;
    /// @dev The same, and the primary is the higher.
    uint8 internal constant PRIMARY_HIGHER = 8;

    /// @notice Whether two prices are within `maxDeviation` of each other, measured by the higher; an unavailable source
    /// agrees with nothing.
    function agree(uint256 a, uint256 b, uint256 maxDeviation) internal pure returns (bool) {
        (uint256 low, uint256 high) = a < b ? (a, b) : (b, a);
        // Prices have 192 bits, WADs 60.
        unchecked {
            return low != 0 && (high - low) * WAD <= high * maxDeviation;
        }
    }

    /// @notice The flags of what the sources say.
    function look(
        Reading memory primary,
        Reading memory secondary,
        uint256 maxDeviation
    ) internal pure returns (uint8 seen) {
        if (primary.liquidation == 0) seen |= PRIMARY_UNAVAILABLE;
        if (secondary.liquidation == 0) seen |= SECONDARY_UNAVAILABLE;
        if (seen == 0 && !agree(primary.liquidation, secondary.liquidation, maxDeviation))
            seen = primary.liquidation < secondary.liquidation ? PRIMARY_LOWER : PRIMARY_HIGHER;
    }

    /// @notice Turns a state into the one that a poke leaves; in place, since a copy would cost every reader of a guard.
    /// @param state The state before it, and afterwards the one after it.
    /// @param seen What it sees: the answer of `look`.
    /// @param now_ Its time, Unix seconds.
    function advance(
        GuardState memory state,
        uint8 seen,
        Reading memory primary,
        Reading memory secondary,
        uint256 now_,
        GuardLimits memory limits
    ) internal pure {
        uint256 span = now_ - state.lastPoke;
        uint256 counted = countDisagreement(state.disagreement, state.seen, seen, span);
        (state.lastPoke, state.seen) = (uint40(now_), seen);
        state.disagreement = uint16(Math.min(counted, 2 * limits.gracePeriod));
        bool wasBelow = state.wasBelow;
        state.wasBelow = false;

        if (seen == 0) {
            uint256 ceiling = Math.min(primary.liquidation, secondary.liquidation);
            // Only a rise has a limit to be worked out.
            if (ceiling > state.ceiling)
                ceiling = Math.min(ceiling, riseDown(state.ceiling, limits.maxRisePerHour, span));
            state.ceiling = uint192(ceiling);
            // It is the acting price, too, which so isn't below the floor.
            state.floor = uint192(primary.liquidation);
            return;
        }
        uint256 floor = state.floor;
        // What neither of two available sources is above, both vouch for.
        if (seen & (PRIMARY_UNAVAILABLE | SECONDARY_UNAVAILABLE) == 0)
            floor = Math.min(floor, Math.max(primary.liquidation, secondary.liquidation));
        uint256 price = actingPrice(seen, primary, secondary, state.disagreement, limits.gracePeriod);
        if (price != 0 && price < floor) {
            state.wasBelow = true;
            if (wasBelow && span <= MAX_SPAN) floor = Math.max(price, fallUp(floor, limits.maxFallPerHour, span));
        }
        state.floor = uint192(floor);
    }

    /// @notice The most that a ceiling can have risen to, rounded down. Rises of many pokes compound: to
    /// `e^maxRisePerHour - 1` in an hour.
    /// @dev A rise of less than a unit is none. So it works from a ceiling of `1 / maxRisePerHour` on (20 at 5%), poked once an
    /// hour, and from `3600 / maxRisePerHour` on, poked every second: less than 10^-19 of a whole loan token of six decimals for
    /// one of 18.
    function riseDown(uint256 ceiling, uint256 maxRisePerHour, uint256 span) internal pure returns (uint256) {
        return ceiling + Math.mulDiv(ceiling, maxRisePerHour * Math.min(span, MAX_RISE_TIME), WAD * MAX_RISE_TIME);
    }

    /// @notice The least that a floor can have fallen to between two close pokes, rounded up. Falls of many pokes compound.
    function fallUp(uint256 floor, uint256 maxFallPerHour, uint256 span) internal pure returns (uint256) {
        return floor - Math.mulDiv(floor, maxFallPerHour * span, WAD * 1 hours);
    }

    /// @notice Seconds of disagreement that count after a span: it is added if both of its ends saw the primary lower and are
    /// close; otherwise it drains.
    /// @dev Only a lower primary can liquidate whom the secondary would not: a higher one needs no grace period, and must not
    /// use up that of a lower one. It drains rather than ends, so that nobody holds the count at nothing by one block of
    /// agreement now and then.
    function countDisagreement(
        uint256 counted,
        uint8 before,
        uint8 seen,
        uint256 span
    ) internal pure returns (uint256) {
        bool counts = before == PRIMARY_LOWER && seen == PRIMARY_LOWER && span <= MAX_SPAN;
        return counts ? counted + span : Math.saturatingSub(counted, span);
    }

    /// @notice Seconds for which an outage counts: since the first of an unbroken row of pokes that saw it, each at most
    /// `MAX_SPAN` after the one before.
    /// @dev It doesn't drain as disagreement does: an end that nobody saw would leave most of the count to the next outage.
    function countOutage(
        uint256 unavailableFor,
        uint8 before,
        uint8 seen,
        uint8 flag,
        uint256 span
    ) internal pure returns (uint256) {
        bool isUnbroken = seen & before & flag != 0 && span <= MAX_SPAN;
        return isUnbroken ? unavailableFor + span : 0;
    }

    /// @notice The liquidation price that the sources ask for, whatever the floor and the primary's outage; zero if none is
    /// available.
    /// @param seen What they say: the answer of `look`.
    /// @param disagreement Seconds that count.
    function actingPrice(
        uint8 seen,
        Reading memory primary,
        Reading memory secondary,
        uint256 disagreement,
        uint256 gracePeriod
    ) internal pure returns (uint256) {
        if (seen & PRIMARY_UNAVAILABLE != 0) return secondary.liquidation;
        if (seen == PRIMARY_LOWER)
            return _declineUp(primary.liquidation, secondary.liquidation, disagreement, gracePeriod);
        return primary.liquidation;
    }

    /// @notice The prices in a state that has just been advanced.
    /// @param primaryUnavailableFor Seconds for which the primary's outage counts.
    function prices(
        GuardState memory state,
        Reading memory primary,
        Reading memory secondary,
        uint256 primaryUnavailableFor,
        uint256 gracePeriod
    ) internal pure returns (uint256 openPrice, uint256 liquidationPrice) {
        if (state.seen & PRIMARY_UNAVAILABLE != 0) {
            if (secondary.liquidation == 0) revert IOracleGuard.NoSourceAvailable();
            if (primaryUnavailableFor < gracePeriod)
                revert IOracleGuard.PrimaryUnavailable(gracePeriod - primaryUnavailableFor);
        }
        if (state.seen == 0) openPrice = Math.min(Math.min(primary.open, secondary.open), state.ceiling);
        liquidationPrice = actingPrice(state.seen, primary, secondary, state.disagreement, gracePeriod);
        liquidationPrice = Math.max(liquidationPrice, state.floor);
    }

    /// @dev The secondary's price, which is the higher, for the grace period, then in a straight line down to the primary's;
    /// rounded up, in favour of the borrowers.
    function _declineUp(
        uint256 primary,
        uint256 secondary,
        uint256 disagreement,
        uint256 gracePeriod
    ) private pure returns (uint256) {
        uint256 left = Math.min(2 * gracePeriod - disagreement, gracePeriod);
        return primary + Math.ceilDiv((secondary - primary) * left, gracePeriod);
    }
}
