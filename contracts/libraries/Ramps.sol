// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice A leverage limit that falls on a straight line.
/// @param from Four decimals, at `start`.
/// @param to Four decimals, below `from`, at `end` and after.
/// @param start Unix seconds.
/// @param end Unix seconds, after `start`.
struct Ramp {
    uint24 from;
    uint24 to;
    uint40 start;
    uint40 end;
}

/// @title Ramps
/// @notice Where on its line a limit stands.
library Ramps {
    /// @notice The limit now, four decimals; rounded up, in favour of the borrowers.
    function current(Ramp memory ramp) internal view returns (uint256) {
        if (block.timestamp >= ramp.end) return ramp.to;
        return
            ramp.to + Math.ceilDiv(uint256(ramp.from - ramp.to) * (ramp.end - block.timestamp), ramp.end - ramp.start);
    }
}
