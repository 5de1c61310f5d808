// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AllocatorClauses} from "./AllocatorClauses.sol";
import {ERC4626Clauses} from "./ERC4626Clauses.sol";
import {VaultStates} from "./VaultStates.sol";

/// @notice What a lender, or a contract that lends, can rely on in whichever state a market is.
abstract contract VaultTest is ERC4626Clauses, AllocatorClauses {
    function setUp() public override(VaultStates, AllocatorClauses) {
        super.setUp();
    }
}

contract FreshVaultTest is VaultTest {
    function _arrange() internal override {
        _arrangeFresh();
    }
}

contract InterestVaultTest is VaultTest {
    function _arrange() internal override {
        _arrangeInterest();
    }
}

contract LossVaultTest is VaultTest {
    function _arrange() internal override {
        _arrangeLoss();
    }
}

contract DrainedVaultTest is VaultTest {
    function _arrange() internal override {
        _arrangeDrained();
    }
}

contract FullBufferVaultTest is VaultTest {
    function _arrange() internal override {
        _arrangeFullBuffer();
    }
}
