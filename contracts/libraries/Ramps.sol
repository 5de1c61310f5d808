// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Ramp} from "../types/MarketTypes.sol";

/// @title Ramps
/// @notice The value of a limit on a ramp.
library Ramps {
    /// @notice A ramp's `fraction` counts in this part of the last decimal.
    uint256 internal constant FRACTIONS = 2 ** 40;

    /// @notice The limit now, four decimals; rounded up, in favour of the borrowers.
    /// @param ramp A ramp, running or finished.
    function current(Ramp memory ramp) internal view returns (uint256) {
        return Math.ceilDiv(exactUp(ramp), FRACTIONS);
    }

    /// @notice The limit now, in `FRACTIONS` of the last decimal; rounded up.
    /// @param ramp A ramp, running or finished.
    function exactUp(Ramp memory ramp) internal view returns (uint256) {
        uint256 to = ramp.to * FRACTIONS;
        if (block.timestamp >= ramp.end) return to;
        // `from` is above `to`, and the product has 104 bits.
        unchecked {
            uint256 drop = (ramp.from - ramp.to) * FRACTIONS - ramp.fraction;
            return to + Math.ceilDiv(drop * (ramp.end - block.timestamp), ramp.end - ramp.start);
        }
    }

    /// @notice The value that a new ramp, starting now, will have at the end of the current ramp;
    /// `from` if that one has finished. Four decimals; rounded up.
    /// @param running The current ramp.
    /// @param from Start of the new ramp: the limit now, 24 bits.
    /// @param target End of the new ramp, below `from`.
    /// @param duration Length of the new ramp, seconds, at most a year.
    function reachedAtEndUp(
        Ramp storage running,
        uint256 from,
        uint256 target,
        uint256 duration
    ) internal view returns (uint256) {
        uint256 left = Math.min(duration, Math.saturatingSub(running.end, block.timestamp));
        // The product has 49 bits; the quotient is at most `from - target`.
        unchecked {
            return from - ((from - target) * left) / duration;
        }
    }
}
