// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {AllocatorClauses} from "./AllocatorClauses.sol";
import {ERC4626Clauses} from "./ERC4626Clauses.sol";
import {VaultStates} from "./VaultStates.sol";

/// @notice The guarantees for a lender, or a contract that lends, in every state of a market.
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

/// @notice All interest goes to the lenders.
contract NoInterestFeeVaultTest is VaultTest {
    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.config.interestFee = 0;
    }

    function _arrange() internal override {
        _arrangeInterest();
        assertEq(market.config().interestFee, 0);
    }
}

/// @notice A loan token with 24 decimals, the maximum.
contract ManyUnitsVaultTest is VaultTest {
    constructor() {
        loanDecimals = 24;
    }

    function _arrange() internal override {
        _arrangeInterest();
    }
}
