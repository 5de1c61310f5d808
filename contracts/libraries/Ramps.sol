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
}
