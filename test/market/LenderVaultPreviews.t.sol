// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LenderVaultTest} from "../support/LenderVaultTest.sol";

/// @notice Each preview equals the result of its call, and no round trip gains.
contract LenderVaultPreviewsTest is LenderVaultTest {
    function testFuzz_PreviewDeposit_IsTheResult(uint256 assets, uint256 elapsed) public {
        assets = bound(assets, 1, 1e16);
        earn(elapsed);
        fund(bob, 0, assets);
        uint256 preview = market.previewDeposit(assets);
        assertEq(market.convertToShares(assets), preview);
        vm.prank(bob);
        assertEq(market.deposit(assets, bob), preview);
        assertEq(market.balanceOf(bob), preview);
        assertEq(loan.balanceOf(bob), 0);
    }

    function testFuzz_PreviewMint_IsTheResult(uint256 shares, uint256 elapsed) public {
        shares = bound(shares, 1, 1e22);
        earn(elapsed);
        uint256 preview = market.previewMint(shares);
        fund(bob, 0, preview);
        vm.prank(bob);
        assertEq(market.mint(shares, bob), preview);
        assertEq(market.balanceOf(bob), shares);
        assertEq(loan.balanceOf(bob), 0);
    }

    function testFuzz_PreviewWithdraw_IsTheResult(uint256 assets, uint256 elapsed) public {
        assets = bound(assets, 1, LENT - BORROWED);
        earn(elapsed);
        uint256 preview = market.previewWithdraw(assets);
        uint256 before = market.balanceOf(lender);
        vm.prank(lender);
        assertEq(market.withdraw(assets, bob, lender), preview);
        assertEq(before - market.balanceOf(lender), preview);
        assertEq(loan.balanceOf(bob), assets);
    }

    function testFuzz_PreviewRedeem_IsTheResult(uint256 shares, uint256 elapsed) public {
        earn(elapsed);
        shares = bound(shares, 1, market.maxRedeem(lender));
        uint256 preview = market.previewRedeem(shares);
        assertEq(market.convertToAssets(shares), preview);
        vm.prank(lender);
        assertEq(market.redeem(shares, bob, lender), preview);
        assertEq(loan.balanceOf(bob), preview);
    }

    function testFuzz_Accrue_ChangesNoView(uint256 elapsed) public {
        earn(elapsed);
        uint256 assets = market.totalAssets();
        uint256 shares = market.convertToShares(1e12);
        uint256 maximum = market.maxRedeem(lender);
        market.accrue();
        assertEq(market.totalAssets(), assets);
        assertEq(market.convertToShares(1e12), shares);
        assertEq(market.maxRedeem(lender), maximum);
    }

    /// @dev After any round trip within one block, rounding leaves the lender no more than before.
    function testFuzz_Vault_NoRoundTripGains(uint256 assets, uint256 shares, uint256 elapsed) public {
        assets = bound(assets, 1, 1e15);
        earn(elapsed);
        shares = bound(shares, 1, 1e21);
        fund(bob, 0, 1e19);
        vm.startPrank(bob);
        uint256 minted = market.deposit(assets, bob);
        assertLe(market.redeem(minted, bob, bob), assets);
        uint256 paid = market.mint(shares, bob);
        assertLe(market.redeem(shares, bob, bob), paid);
        minted = market.deposit(assets + 2, bob);
        assertLe(market.withdraw(assets, bob, bob), minted);
        vm.stopPrank();
        assertLe(loan.balanceOf(bob) + market.convertToAssets(market.balanceOf(bob)), 1e19);
    }
}
