// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IOracleGuard} from "../interfaces/IOracleGuard.sol";
import {LeverageMath} from "./LeverageMath.sol";

/// @notice What a source said; `liquidation` is at least `open`, at most `LeverageMath.MAX_PRICE`, and zero for a dead source.
struct Reading {
    uint256 open;
    uint256 liquidation;
}

/// @notice What a guard remembers, in one slot.
struct GuardState {
    uint192 ceiling;
    uint40 lastPoke;
    /// @dev Seconds of disagreement that count, at most twice the grace.
    uint16 disagreement;
    /// @dev What the last poke saw: the flags of {GuardRules}.
    uint8 seen;
}

/// @title GuardRules
/// @notice The rules of {IOracleGuard}: what a poke leaves, and what is answered.
library GuardRules {
    uint256 internal constant WAD = LeverageMath.WAD;
    /// @notice Longest time between two pokes that can count, in a `VaultShareOracle` too.
    uint256 internal constant MAX_SPAN = 10 minutes;
    /// @notice Longest time that one poke lets the ceiling rise for.
    uint256 internal constant MAX_RISE_TIME = 1 hours;

    uint8 internal constant DISAGREEMENT = 1;
    uint8 internal constant PRIMARY_DEAD = 2;
    uint8 internal constant SECONDARY_DEAD = 4;

    /// @notice Whether two prices are within `bound` of each other, measured by the higher; a dead source agrees with nothing.
    function agree(uint256 a, uint256 b, uint256 bound) internal pure returns (bool) {
        (uint256 low, uint256 high) = a < b ? (a, b) : (b, a);
        // Prices have 192 bits, WADs 60.
        return low != 0 && (high - low) * WAD <= high * bound;
    }

    /// @notice The flags of what the sources say.
    function look(Reading memory primary, Reading memory secondary, uint256 bound) internal pure returns (uint8 seen) {
        if (primary.liquidation == 0) seen |= PRIMARY_DEAD;
        if (secondary.liquidation == 0) seen |= SECONDARY_DEAD;
        if (seen == 0 && !agree(primary.liquidation, secondary.liquidation, bound)) seen = DISAGREEMENT;
    }

    /// @notice The state that a poke leaves.
    /// @param state The state before it.
    /// @param seen What it sees.
    /// @param good The lower liquidation price of the two sources; counts only if they agree.
    /// @param now_ Its time, Unix seconds.
    function advance(
        GuardState memory state,
        uint8 seen,
        uint256 good,
        uint256 now_,
        uint256 slew,
        uint256 grace
    ) internal pure returns (GuardState memory) {
        uint256 ceiling = state.ceiling;
        uint256 span = now_ - state.lastPoke;
        if (seen == 0) ceiling = Math.min(good, riseDown(ceiling, slew, span));
        bool counts = state.seen & seen & DISAGREEMENT != 0;
        uint256 disagreement = Math.min(count(state.disagreement, counts, span), 2 * grace);
        return GuardState(uint192(ceiling), uint40(now_), uint16(disagreement), seen);
    }

    /// @notice The most that a ceiling can have risen to, rounded down. Rises of many pokes compound: to `e^slew - 1` in an hour.
    /// @dev A rise of less than a unit is none. So it works from a ceiling of `1 / slew` on (20 at 5%), poked once an hour, and
    /// from `3600 / slew` on, poked every second: less than 10^-19 of a whole loan token of six decimals for one of 18.
    function riseDown(uint256 ceiling, uint256 slew, uint256 span) internal pure returns (uint256) {
        return ceiling + Math.mulDiv(ceiling, slew * Math.min(span, MAX_RISE_TIME), WAD * MAX_RISE_TIME);
    }

    /// @notice Seconds that count after a span that saw the same at both ends, or that didn't and drains.
    function count(uint256 counted, bool sameAtBothEnds, uint256 span) internal pure returns (uint256) {
        return sameAtBothEnds && span <= MAX_SPAN ? counted + span : Math.saturatingSub(counted, span);
    }

    /// @notice Seconds for which a death counts: since the first of an unbroken row of pokes that saw it, each at most `MAX_SPAN`
    /// after the one before.
    /// @dev It doesn't drain as disagreement does: a life that nobody saw would leave most of the count to the next death.
    function countDeath(
        uint256 deadFor,
        uint8 before,
        uint8 seen,
        uint8 flag,
        uint256 span
    ) internal pure returns (uint256) {
        bool isUnbroken = seen & before & flag != 0 && span <= MAX_SPAN;
        return isUnbroken ? deadFor + span : 0;
    }

    /// @notice The prices in a state that has just been advanced.
    /// @param primaryDeadFor Seconds for which the primary's death counts.
    function prices(
        GuardState memory state,
        Reading memory primary,
        Reading memory secondary,
        uint256 primaryDeadFor,
        uint256 grace
    ) internal pure returns (uint256 openPrice, uint256 liquidationPrice) {
        if (state.seen & PRIMARY_DEAD != 0) {
            if (secondary.liquidation == 0) revert IOracleGuard.NoLiveSource();
            if (primaryDeadFor < grace) revert IOracleGuard.PrimaryDead(grace - primaryDeadFor);
            return (0, secondary.liquidation);
        }
        if (state.seen == DISAGREEMENT) {
            return (0, _declineUp(primary.liquidation, secondary.liquidation, state.disagreement, grace));
        }
        openPrice = state.seen == 0 ? Math.min(Math.min(primary.open, secondary.open), state.ceiling) : 0;
        return (openPrice, primary.liquidation);
    }

    /// @dev The higher price for the grace, then in a straight line down to the primary; rounded up, in favour of borrowers.
    function _declineUp(
        uint256 primary,
        uint256 secondary,
        uint256 disagreement,
        uint256 grace
    ) private pure returns (uint256) {
        if (secondary <= primary) return primary;
        uint256 left = Math.min(2 * grace - disagreement, grace);
        return primary + Math.ceilDiv((secondary - primary) * left, grace);
    }
}
