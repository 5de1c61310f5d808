// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MockERC20} from "./MockERC20.sol";

interface ITokenHook {
    /// @notice Called before the balances change if the callee is the hook of `from`, and after it
    /// if it is the hook of `to`.
    function onTokenTransfer(address from, address to, uint256 value) external;
}

/// @notice Calls the hooks of the sender (before) and of the recipient (after) of each transfer, as
/// ERC-777 does.
contract HookToken is MockERC20 {
    mapping(address account => ITokenHook) public hookOf;

    constructor(uint8 decimals_) MockERC20("Hooks", "HOOK", decimals_) {}

    /// @notice Sets the hook of any account: the worst case.
    function setHook(address account, ITokenHook hook) external {
        hookOf[account] = hook;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (address(hookOf[from]) != address(0)) hookOf[from].onTokenTransfer(from, to, value);
        super._update(from, to, value);
        if (address(hookOf[to]) != address(0)) hookOf[to].onTokenTransfer(from, to, value);
    }
}
