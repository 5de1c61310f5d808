// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ghost} from "./Ghost.sol";

/// @notice Carries out several calls on ghosts in one transaction, as somebody makes them on their markets.
contract Replay {
    struct Step {
        Ghost ghost;
        bytes data;
    }

    struct Foretold {
        bool success;
        bytes returned;
    }

    function run(address caller, Step[] calldata steps) external returns (Foretold[] memory foretold) {
        foretold = new Foretold[](steps.length);
        for (uint256 i = 0; i < steps.length; ++i) {
            (foretold[i].success, foretold[i].returned) = steps[i].ghost.on(caller, steps[i].data);
        }
    }
}
