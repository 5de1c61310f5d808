// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MockERC20} from "./MockERC20.sol";

/// @notice Refuses transfers of zero, as some tokens do. Minting zero is allowed.
contract NoZeroTransferToken is MockERC20 {
    error ZeroTransfer();

    constructor(uint8 decimals_) MockERC20("No zero transfer", "NOZERO", decimals_) {}

    function _update(address from, address to, uint256 value) internal override {
        if (value == 0 && from != address(0)) revert ZeroTransfer();
        super._update(from, to, value);
    }
}
