// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {HandlerBase} from "./HandlerBase.sol";
import {MarketHandler} from "./MarketHandler.sol";
import {MarketInvariants} from "./MarketInvariants.sol";
import {Environment} from "./Environment.sol";

/// @dev The runner only knows the contracts of this file, so the handler is completed here.
contract StaticPriceActions is MarketHandler {
    constructor(Environment memory environment) HandlerBase(environment) {}
}

/// @notice The invariants at a constant price, at which only interest and governance bring
/// positions to their limits.
contract StaticPriceInvariants is MarketInvariants {
    function _newHandler(Environment memory environment) internal override returns (MarketHandler) {
        return new StaticPriceActions(environment);
    }

    /// @dev As near to the opening limit as the gap allows, so that interest alone brings positions
    /// to it.
    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.limits.liquidationLeverage = 55_000;
    }

    function _actions() internal view override returns (string[] memory actions) {
        string[] memory others = super._actions();
        actions = new string[](others.length + 1);
        for (uint256 i = 0; i < others.length; ++i) actions[i] = others[i];
        actions[others.length] = "liquidated to the target";
    }
}
