// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MarketStorageSlots} from "../support/MarketStorageSlots.sol";
import {LiquidationTest} from "../support/LiquidationTest.sol";

/// @notice Checks the storage slots that other tests read.
contract StorageSlotsTest is LiquidationTest {
    function setUp() public override {
        super.setUp();
        open(alice, 10e18, 16_000e6);
        fund(liquidator, 0, 100_000e6);
        skipTime(30 days);
    }

    function test_LastTotalAssets_AreTotalAssetsAtTheLastLenderAction() public {
        assertEq(MarketStorageSlots.lastTotalAssets(market), 10_000_000e6);
        market.deposit(0, address(this));
        assertGt(market.totalAssets(), 10_000_000e6);
        assertEq(MarketStorageSlots.lastTotalAssets(market), market.totalAssets());
    }

    function test_PendingFees_AreOfLiquidationsSinceTheLastLenderAction() public {
        oracle.setPrice(priceOf(1850));
        vm.recordLogs();
        liquidateOne(alice, type(uint256).max);
        (Liquidated[] memory done, , ) = readLogs();
        assertGt(done[0].fee, 0);
        assertEq(MarketStorageSlots.pendingFees(market), done[0].fee);
        market.deposit(0, address(this));
        assertEq(MarketStorageSlots.pendingFees(market), 0);
    }
}
