// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {VaultShareOracle} from "../../contracts/oracles/VaultShareOracle.sol";
import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {LiquidationTest} from "../support/LiquidationTest.sol";
import {UptimeFeed} from "./SequencerGate.t.sol";
import {TestVault} from "./VaultShareOracle.t.sol";

/// @notice A market whose collateral is vault shares. Alice holds nearly all of them: 20 of an
/// asset at 2,000.
contract VaultShareMarketTest is LiquidationTest {
    TestVault private vault;
    VaultShareOracle private shareOracle;

    function setUp() public override {
        super.setUp();
        vault = new TestVault(collateral);
        collateral.mint(alice, 40e18);
        vm.startPrank(alice);
        collateral.approve(address(vault), type(uint256).max);
        vault.deposit(20e18, alice);
        vm.stopPrank();
        // Up by 0.05% a day, down by 12% an hour.
        bytes memory arguments = abi.encode(vault, oracle, 0.0005e18, 0.12e18, 200_000);
        shareOracle = VaultShareOracle(deployCode("VaultShareOracle.sol:VaultShareOracle", arguments));
        MarketParams memory params = _params();
        (params.collateralToken, params.oracle) = (vault, address(shareOracle));
        market = createMarket(params, bytes32(uint256(1)));
        lend(lender, 10_000_000e6);
        fund(liquidator, 0, 10_000_000e6);
        vm.prank(alice);
        vault.approve(address(market), type(uint256).max);
    }

    /// @notice Cream, October 2021; Venus, February 2025: attackers borrowed against vault shares
    /// at a rate that a donation to the vault had raised in the same transaction.
    function test_Borrow_RevertWhen_VaultReceivedADonation() public {
        vm.prank(alice);
        collateral.transfer(address(vault), 20e18);
        assertApproxEqAbs(vault.convertToAssets(1e18), 2e18, 1);
        shareOracle.poke();
        expectOpenError(16_001e6, 20_000e6);
        openWithShares(16_000e6);
    }

    /// @notice Even a quiet week raises the rate by no more than a day's rise.
    function test_Borrow_RevertWhen_VaultReceivedADonationAWeekBefore() public {
        vm.prank(alice);
        collateral.transfer(address(vault), 20e18);
        skipTime(7 days);
        expectOpenError(16_009e6, 20_010e6);
        openWithShares(16_008e6);
    }

    function test_Borrow_LossOfTheVaultCountsAtOnce() public {
        vault.lose(2e18);
        expectOpenError(16_000e6, 18_000e6);
        openWithShares(14_400e6);
    }

    /// @notice A position at 5x is liquidatable once the rate has fallen by 5.45%: through a loss
    /// that lasts, not one that a single poke has observed.
    function test_Liquidate_LossThatLastsCountsAndABlipDoesNot() public {
        openWithShares(16_000e6);
        vault.lose(2e18);
        shareOracle.poke();
        collateral.mint(address(vault), 2e18);
        skipTime(10 minutes);
        shareOracle.poke();
        expectNothingToLiquidate(only(alice), type(uint256).max);

        vault.lose(2e18);
        shareOracle.poke();
        for (uint256 i = 0; i < 2; ++i) {
            skipTime(10 minutes);
            shareOracle.poke();
            expectNothingToLiquidate(only(alice), type(uint256).max);
        }
        skipTime(10 minutes);
        (uint256 seized, ) = liquidateOne(alice, type(uint256).max);
        assertGt(seized, 0);
        assertEq(vault.balanceOf(liquidator), seized);
    }

    /// @dev Opens with ten shares against `debt`.
    function openWithShares(uint256 debt) private {
        vm.prank(alice);
        market.adjust(alice, 10e18, int256(debt), alice, 10e18, 0, "");
        assertEq(market.debtOf(alice), debt);
    }

    /// @dev The vault's own rounding may cost a unit of value.
    function expectOpenError(uint256 debt, uint256 value) private {
        vm.prank(alice);
        try market.adjust(alice, 10e18, int256(debt), alice, 10e18, 0, "") {
            revert("opened");
        } catch (bytes memory reason) {
            bytes4 selector = ILeverageMarket.LeverageAboveMaximum.selector;
            bytes memory exact = abi.encodeWithSelector(selector, debt, value, 50_000);
            bytes memory below = abi.encodeWithSelector(selector, debt, value - 1, 50_000);
            assertTrue(keccak256(reason) == keccak256(exact) || keccak256(reason) == keccak256(below));
        }
    }
}

/// @notice A market on a rollup whose sequencer goes down and comes back.
contract SequencerGateMarketTest is LiquidationTest {
    UptimeFeed private feed;

    function setUp() public override {
        super.setUp();
        feed = new UptimeFeed();
        skipTime(1 hours);
        MarketParams memory params = _params();
        bytes memory arguments = abi.encode(oracle, feed, 1 hours);
        params.oracle = deployCode("SequencerGate.sol:SequencerGate", arguments);
        market = createMarket(params, bytes32(uint256(1)));
        lend(lender, 10_000_000e6);
        fund(liquidator, 0, 10_000_000e6);
        open(alice, 10e18, 16_000e6);
    }

    function test_Sequencer_WhileDownNothingIsOpenedAndAllElseWorks() public {
        feed.set(1, block.timestamp);
        expectNothingOpened();
        fund(alice, 0, 16_000e6);
        vm.startPrank(alice);
        market.repay(1_000e6, alice);
        market.adjust(alice, type(int256).min, type(int256).min, alice, 0, type(uint256).max, "");
        vm.stopPrank();
        assertEq(collateralOf(alice), 0);
    }

    function test_Sequencer_WhileDownLiquidationsWork() public {
        feed.set(1, block.timestamp);
        oracle.setPrice(priceOf(1800));
        (uint256 seized, ) = liquidateOne(alice, type(uint256).max);
        assertGt(seized, 0);
    }

    function test_Sequencer_BackUpOpensAfterTheGracePeriod() public {
        feed.set(0, block.timestamp);
        expectNothingOpened();
        skipTime(1 hours - 1);
        expectNothingOpened();
        skipTime(1);
        open(bob, 10e18, 15_000e6);
        assertApproxEqAbs(market.debtOf(bob), 15_000e6, 1);
    }

    function expectNothingOpened() private {
        fund(bob, 10e18, 0);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidPrice.selector, 0));
        market.adjust(bob, 10e18, 100e6, bob, 10e18, 0, "");
    }
}
