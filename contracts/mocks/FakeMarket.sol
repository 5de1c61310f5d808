// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAdjustCallback, ILiquidateCallback} from "../interfaces/IMarketCallbacks.sol";

/// @notice Claims to be a market of two tokens, and calls back any contract with any arguments.
contract FakeMarket {
    address public immutable asset;
    address public immutable collateralToken;

    constructor(address asset_, address collateralToken_) {
        asset = asset_;
        collateralToken = collateralToken_;
    }

    function callAdjust(
        IAdjustCallback target,
        int256 collateralDelta,
        int256 debtDelta,
        bytes calldata data
    ) external {
        target.onAdjust(msg.sender, msg.sender, collateralDelta, debtDelta, data);
    }

    function callLiquidate(ILiquidateCallback target, uint256 seized, uint256 payment, bytes calldata data) external {
        target.onLiquidate(msg.sender, seized, payment, data);
    }
}
