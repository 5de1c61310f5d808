// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Test} from "./Test.sol";

/// @notice Base of the invariant suites: declares which contracts and functions the runner draws
/// its calls from.
/// @dev The runner reads the getters below by name.
abstract contract InvariantTest is Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    address[] private _targets;
    FuzzSelector[] private _selectors;

    /// @notice Draws calls from this contract's functions. Without any target, every contract that
    /// `setUp` deployed is a target.
    function targetContract(address target) internal {
        _targets.push(target);
    }

    /// @notice Calls only these functions of this contract. A function listed n times is drawn n
    /// times as often.
    function targetSelectors(address target, bytes4[] memory selectors) internal {
        _selectors.push(FuzzSelector(target, selectors));
    }

    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    function targetSelectors() external view returns (FuzzSelector[] memory) {
        return _selectors;
    }
}
