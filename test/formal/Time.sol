// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ramps} from "../../contracts/libraries/Ramps.sol";
import {Ramp} from "../../contracts/types/MarketTypes.sol";

contract RampStaysBetweenItsEnds {
    function claim(Ramp memory ramp) external view {
        require(ramp.to < ramp.from && ramp.start < ramp.end && ramp.start <= block.timestamp);
        require(ramp.fraction < Ramps.FRACTIONS);
        uint256 limit = Ramps.exactUp(ramp);
        assert(limit >= ramp.to * Ramps.FRACTIONS);
        assert(limit <= ramp.from * Ramps.FRACTIONS - ramp.fraction);
    }
}
