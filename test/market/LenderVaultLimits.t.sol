// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {LenderVaultTest} from "../support/LenderVaultTest.sol";

/// @notice Lenders can deposit and withdraw as much as the maxima report, and no more.
contract LenderVaultLimitsTest is LenderVaultTest {
    function testFuzz_MaxDeposit_CanBeDepositedAndNoMore(uint256 elapsed) public {
        earn(elapsed);
        uint256 most = market.maxDeposit(bob);
        loan.mint(bob, type(uint128).max);
        vm.startPrank(bob);
        loan.approve(address(market), type(uint256).max);
        vm.expectPartialRevert(SafeCast.SafeCastOverflowedUintDowncast.selector);
        market.deposit(most + 1, bob);
        market.deposit(most, bob);
        vm.stopPrank();
        assertLe(market.maxDeposit(bob), 1);
    }

    function testFuzz_MaxMint_CanBeMintedAndNoMore(uint256 elapsed) public {
        earn(elapsed);
        uint256 most = market.maxMint(bob);
        loan.mint(bob, type(uint128).max);
        vm.startPrank(bob);
        loan.approve(address(market), type(uint256).max);
        vm.expectPartialRevert(SafeCast.SafeCastOverflowedUintDowncast.selector);
        market.mint(most + 1, bob);
        market.mint(most, bob);
        vm.stopPrank();
        assertEq(market.maxMint(bob), 0);
    }

    function testFuzz_MaxWithdraw_CanBeWithdrawnAndNoMore(uint256 deposited, uint256 elapsed) public {
        deposited = bound(deposited, 1, 1e14);
        lend(bob, deposited);
        earn(elapsed);
        uint256 most = market.maxWithdraw(bob);
        (uint256 cash, , ) = market.totals();
        (uint256 held, uint256 needed) = (market.balanceOf(bob), market.previewWithdraw(most + 1));
        vm.expectRevert(
            most == cash
                ? abi.encodeWithSelector(ILeverageMarket.InsufficientCash.selector, cash, most + 1)
                : abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, bob, held, needed)
        );
        vm.prank(bob);
        market.withdraw(most + 1, bob, bob);
        vm.prank(bob);
        market.withdraw(most, bob, bob);
        assertEq(market.maxWithdraw(bob), 0);
    }

    function testFuzz_MaxRedeem_CanBeRedeemed(uint256 deposited, uint256 elapsed) public {
        deposited = bound(deposited, 1, 1e14);
        lend(bob, deposited);
        earn(elapsed);
        uint256 most = market.maxRedeem(bob);
        vm.prank(bob);
        market.redeem(most, bob, bob);
        (uint256 cash, , ) = market.totals();
        // All shares, or all cash except for less than a share's worth.
        assertTrue(market.balanceOf(bob) == 0 || cash <= 1);
    }

    function test_MaxWithdraw_IsTheCashOfAnIlliquidMarket() public {
        lend(bob, 1_000e6);
        open(alice, 100_000e18, 4_000_000e6);
        skipTime(1 days);
        vm.prank(alice);
        market.borrow(4_000_000e6 - 1_000e6, alice, alice);
        vm.prank(lender);
        market.withdraw(2_002_000e6 - 500e6, lender, lender);
        (uint256 cash, , ) = market.totals();
        assertEq(cash, 500e6);
        assertEq(market.maxWithdraw(lender), 500e6);
        assertEq(market.maxWithdraw(bob), 500e6);
        assertEq(market.maxRedeem(bob), market.convertToShares(500e6));
        assertEq(market.maxFlashLoan(address(loan)), 500e6);
    }
}
