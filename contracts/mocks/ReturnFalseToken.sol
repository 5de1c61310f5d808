// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MockERC20} from "./MockERC20.sol";

/// @notice Returns false, and moves nothing, where other tokens revert.
contract ReturnFalseToken is MockERC20 {
    /// @notice Whether every transfer fails, even a valid one.
    bool public broken;

    constructor(uint8 decimals_) MockERC20("Return false", "FALSE", decimals_) {}

    function setBroken(bool broken_) external {
        broken = broken_;
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        if (broken || balanceOf(msg.sender) < value) return false;
        return super.transfer(to, value);
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        if (broken || balanceOf(from) < value || allowance(from, msg.sender) < value) return false;
        return super.transferFrom(from, to, value);
    }
}
