// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ramps} from "../../contracts/libraries/Ramps.sol";
import {Ramp} from "../../contracts/types/MarketTypes.sol";

contract RampStaysBetweenItsEnds {
    function claim(Ramp memory ramp) external view {
        require(ramp.to < ramp.from && ramp.start < ramp.end && ramp.start <= block.timestamp);
        uint256 limit = Ramps.current(ramp);
        assert(limit >= ramp.to);
        assert(limit <= ramp.from);
    }
}
