// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HandlerBase} from "./HandlerBase.sol";
import {MarketHandler} from "./MarketHandler.sol";
import {SharedTokens} from "./SharedTokens.sol";
import {Environment} from "./Environment.sol";

/// @dev The runner only knows the contracts of this file, so the handler is completed here.
contract NearSystemCapActions is MarketHandler {
    constructor(Environment memory environment) HandlerBase(environment) {}
}

/// @notice Invariant 7 where it binds: a market at 4.49x, with a cap of 4.5x. In long runs idle
/// collateral soon takes the market far below its cap, where no action can exceed it.
contract NearSystemCapTest is SharedTokens {
    uint256 private constant SEQUENCES = 500;

    MarketHandler private handler;

    function setUp() public override {
        super.setUp();
        handler = new NearSystemCapActions(_environment());
        handler.pin(1);
        for (uint256 i = 0; i < 15; ++i) handler.deposit(0, 100_000 * loanUnit, 0);
        for (uint256 who = 1; who <= 3; ++who) handler.open(who, 100_000 * loanUnit, 44_900);
    }

    /// @dev Each sequence starts with the same books; the model predicts every call of it as well.
    function test_SystemCap_NoSequenceOfATransactionPassesIt() public {
        for (uint256 i = 0; i < SEQUENCES; ++i) {
            uint256 start = vm.snapshotState();
            handler.severalCalls(_random(i, 1), _random(i, 2), _random(i, 3), _random(i, 4));
            assertEq(handler.violation(7), "");
            vm.revertToState(start);
        }
    }

    function _random(uint256 i, uint256 which) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(i, which)));
    }
}
