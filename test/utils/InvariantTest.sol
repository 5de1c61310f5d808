// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Test} from "./Test.sol";

/// @notice Base of the invariant suites: says which contracts, functions and senders the runner draws its calls from.
/// @dev The runner reads the getters below by name.
abstract contract InvariantTest is Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    address[] private _targets;
    address[] private _excluded;
    address[] private _senders;
    FuzzSelector[] private _selectors;

    /// @notice Draws calls from this contract's functions. Without any target, every contract that `setUp` deployed is one.
    function targetContract(address target) internal {
        _targets.push(target);
    }

    /// @notice Never calls this contract.
    function excludeContract(address target) internal {
        _excluded.push(target);
    }

    /// @notice Draws senders from the accounts named so. Without any, they are random.
    function targetSender(address sender) internal {
        _senders.push(sender);
    }

    /// @notice Of this contract, calls these functions only. A function listed n times is drawn n times as often.
    function targetSelectors(address target, bytes4[] memory selectors) internal {
        _selectors.push(FuzzSelector(target, selectors));
    }

    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    function excludeContracts() external view returns (address[] memory) {
        return _excluded;
    }

    function targetSenders() external view returns (address[] memory) {
        return _senders;
    }

    function targetSelectors() external view returns (FuzzSelector[] memory) {
        return _selectors;
    }
}
