// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IOracleGuard} from "../../interfaces/IOracleGuard.sol";
import {LeverageMath} from "../../libraries/LeverageMath.sol";
import {GuardLimits, GuardState, Reading} from "../../types/OracleTypes.sol";

/// @title GuardRules
/// @notice The rules of {IOracleGuard}: the state after a poke, and the prices.
library GuardRules {
    uint256 internal constant WAD = LeverageMath.WAD;
    /// @notice Longest time between two close pokes, seconds. `VaultShareOracle` uses it too.
    uint256 internal constant MAX_SPAN = 10 minutes;
    /// @notice Longest time for which one poke lets the ceiling rise, seconds.
    uint256 internal constant MAX_RISE_TIME = 1 hours;

    /// @dev Flags of the sources' state at a poke. Both are available and disagree, and the primary
    /// is lower.
    uint8 internal constant PRIMARY_LOWER = 1;
    uint8 internal constant PRIMARY_UNAVAILABLE = 2;
    uint8 internal constant SECONDARY_UNAVAILABLE = 4;
    /// @dev Both are available and disagree, and the primary is higher.
    uint8 internal constant PRIMARY_HIGHER = 8;

    /// @notice Whether two prices are within `maxDeviation` of each other. An unavailable source
    /// agrees with no price.
    /// @param a A liquidation price; zero for an unavailable source.
    /// @param b Likewise.
    /// @param maxDeviation Share of the higher price, WAD.
    function agree(uint256 a, uint256 b, uint256 maxDeviation) internal pure returns (bool) {
        (uint256 low, uint256 high) = a < b ? (a, b) : (b, a);
        // Prices have 192 bits, WAD values 60.
        unchecked {
            return low != 0 && (high - low) * WAD <= high * maxDeviation;
        }
    }

    /// @notice The flags of the sources' present state.
    /// @param primary Prices of the primary.
    /// @param secondary Prices of the secondary.
    /// @param maxDeviation Share of the higher price, WAD.
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

    /// @notice Updates a state as a poke does; in place, because a copy would cost every reader of
    /// a guard gas.
    /// @param state State after the last poke; updated to the state after this one.
    /// @param seen Flags from `look`.
    /// @param primary Prices of the primary.
    /// @param secondary Prices of the secondary.
    /// @param now_ Time of the poke, Unix seconds.
    /// @param limits Parameters of the guard.
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
            // Only a rise is bounded.
            if (ceiling > state.ceiling)
                ceiling = Math.min(ceiling, riseDown(state.ceiling, limits.maxRisePerHour, span));
            state.ceiling = uint192(ceiling);
            // The primary's price is also the acting price, so that one is not below the floor.
            state.floor = uint192(primary.liquidation);
            return;
        }
        uint256 floor = state.floor;
        // Both available sources are at or below the higher of their prices, so the floor is not
        // above it.
        if (seen & (PRIMARY_UNAVAILABLE | SECONDARY_UNAVAILABLE) == 0)
            floor = Math.min(floor, Math.max(primary.liquidation, secondary.liquidation));
        uint256 price = actingPrice(seen, primary, secondary, state.disagreement, limits.gracePeriod);
        if (price != 0 && price < floor) {
            state.wasBelow = true;
            if (wasBelow && span <= MAX_SPAN) floor = Math.max(price, fallUp(floor, limits.maxFallPerHour, span));
        }
        state.floor = uint192(floor);
    }

    /// @notice The highest ceiling after a rise, rounded down. Rises of many pokes compound to
    /// `e^maxRisePerHour - 1` in an hour.
    /// @dev A rise below one unit is lost. So the ceiling can rise from `1 / maxRisePerHour` on (20
    /// at 5%) with a poke per hour, and from `3600 / maxRisePerHour` on with a poke per second:
    /// below 10^-19 of a whole loan token with six decimals per collateral token with 18.
    /// @param ceiling Ceiling after the last poke.
    /// @param maxRisePerHour Share per hour, WAD.
    /// @param span Seconds since the last poke.
    function riseDown(uint256 ceiling, uint256 maxRisePerHour, uint256 span) internal pure returns (uint256) {
        return ceiling + Math.mulDiv(ceiling, maxRisePerHour * Math.min(span, MAX_RISE_TIME), WAD * MAX_RISE_TIME);
    }

    /// @notice The lowest floor after a fall between two close pokes, rounded up. Falls of many
    /// pokes compound.
    /// @param floor Floor after the last poke.
    /// @param maxFallPerHour Share per hour, WAD.
    /// @param span Seconds since the last poke, at most `MAX_SPAN`.
    function fallUp(uint256 floor, uint256 maxFallPerHour, uint256 span) internal pure returns (uint256) {
        return floor - Math.mulDiv(floor, maxFallPerHour * span, WAD * 1 hours);
    }

    /// @notice Seconds that count as disagreement after the time between two pokes: that time is
    /// added if both saw the primary lower and are close; otherwise it is subtracted.
    /// @dev Only a lower primary can liquidate positions that the secondary would not. A higher
    /// primary needs no grace period, and must not use up that of a lower one. The count decreases
    /// instead of being reset, so that nobody can keep it at zero by one block of agreement now and
    /// then.
    /// @param counted Seconds that counted at the last poke.
    /// @param before Flags of the last poke.
    /// @param seen Flags of this poke.
    /// @param span Seconds between them.
    function countDisagreement(
        uint256 counted,
        uint8 before,
        uint8 seen,
        uint256 span
    ) internal pure returns (uint256) {
        bool counts = before == PRIMARY_LOWER && seen == PRIMARY_LOWER && span <= MAX_SPAN;
        return counts ? counted + span : Math.saturatingSub(counted, span);
    }

    /// @notice Seconds for which an outage counts: since the first of an unbroken sequence of pokes
    /// that saw it, each at most `MAX_SPAN` after the one before.
    /// @dev It is reset instead of decreasing as disagreement does: otherwise, if no poke saw the
    /// end of an outage, most of the count would be left to the next one.
    /// @param unavailableFor Seconds that counted at the last poke.
    /// @param before Flags of the last poke.
    /// @param seen Flags of this poke.
    /// @param flag Flag of the source.
    /// @param span Seconds between the pokes.
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

    /// @notice The liquidation price according to the sources, before the floor and the grace
    /// period of an outage apply; zero if both are unavailable.
    /// @param seen Flags from `look`.
    /// @param primary Prices of the primary.
    /// @param secondary Prices of the secondary.
    /// @param disagreement Seconds that count as disagreement with a lower primary.
    /// @param gracePeriod Seconds.
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

    /// @notice The guard's prices in a state updated by {advance}. Errors:
    /// {IOracleGuard-NoSourceAvailable}, {IOracleGuard-PrimaryUnavailable}.
    /// @param state State after a poke now.
    /// @param primary Prices of the primary.
    /// @param secondary Prices of the secondary.
    /// @param primaryUnavailableFor Seconds for which the primary's outage counts.
    /// @param gracePeriod Seconds.
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

    /// @dev The secondary's higher price during the grace period, then a linear decline to the
    /// primary's; rounded up, in favour of the borrowers.
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
