// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HandlerBase} from "./HandlerBase.sol";
import {MarketHandler} from "./MarketHandler.sol";
import {MarketInvariants} from "./MarketInvariants.sol";
import {MovingPriceHandler} from "./MovingPriceHandler.sol";
import {Environment} from "./Environment.sol";

/// @dev The runner only knows the contracts of this file, so the handler is completed here.
contract MovingPriceActions is MovingPriceHandler {
    constructor(Environment memory environment) HandlerBase(environment) {}
}

/// @notice The invariants with a price that moves and crashes, and an oracle that breaks.
contract MovingPriceInvariants is MarketInvariants {
    function _newHandler(Environment memory environment) internal override returns (MarketHandler) {
        return new MovingPriceActions(environment);
    }

    function _actions() internal view override returns (string[] memory actions) {
        string[] memory others = super._actions();
        actions = new string[](others.length + 6);
        for (uint256 i = 0; i < others.length; ++i) actions[i] = others[i];
        actions[others.length] = "movePrice";
        actions[others.length + 1] = "breakOracle";
        actions[others.length + 2] = "liquidated to the target";
        actions[others.length + 3] = "liquidated pro rata";
        actions[others.length + 4] = "loss";
        actions[others.length + 5] = "in several calls, with a liquidation";
    }
}
