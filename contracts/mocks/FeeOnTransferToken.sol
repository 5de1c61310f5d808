// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MockERC20} from "./MockERC20.sol";

/// @notice Burns a share of every transfer. The share can be set, so that a market can be filled
/// before the fee starts.
contract FeeOnTransferToken is MockERC20 {
    /// @notice Burned share of a transfer, basis points.
    uint256 public fee;

    constructor(uint8 decimals_, uint256 fee_) MockERC20("Fee on transfer", "FEE", decimals_) {
        fee = fee_;
    }

    function setFee(uint256 fee_) external {
        fee = fee_;
    }

    function _update(address from, address to, uint256 value) internal override {
        bool isTransfer = from != address(0) && to != address(0);
        uint256 burned = isTransfer ? (value * fee) / 10_000 : 0;
        if (burned != 0) super._update(from, address(0), burned);
        super._update(from, to, value - burned);
    }
}
