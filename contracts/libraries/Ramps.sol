// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Ramp} from "../types/MarketTypes.sol";

/// @title Ramps
/// @notice Where on its line a limit stands.
library Ramps {
    /// @notice The limit now, four decimals; rounded up, in favour of the borrowers.
    function current(Ramp memory ramp) internal view returns (uint256) {
        if (block.timestamp >= ramp.end) return ramp.to;
        return
            ramp.to + Math.ceilDiv(uint256(ramp.from - ramp.to) * (ramp.end - block.timestamp), ramp.end - ramp.start);
    }

    /// @notice What a limit that starts to fall now is at the end of a ramp that is running: `from` if none is any more. Four
    /// decimals; rounded up.
    /// @param from The limit now.
    /// @param target What it falls to: below `from`, which has 24 bits.
    /// @param duration Within how many seconds, a year at most.
    function reachedAtEndUp(
        Ramp storage running,
        uint256 from,
        uint256 target,
        uint256 duration
    ) internal view returns (uint256) {
        uint256 left = Math.min(duration, Math.saturatingSub(running.end, block.timestamp));
        // The product has 49 bits, the quotient is `from - target` at most.
        unchecked {
            return from - ((from - target) * left) / duration;
        }
    }
}
