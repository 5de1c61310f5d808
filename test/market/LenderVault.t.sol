// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {LenderVaultTest} from "../support/LenderVaultTest.sol";

contract LenderVaultUnitTest is LenderVaultTest {
    // ------------------------------------------------------------------ metadata

    function test_Vault_Metadata() public view {
        assertEq(metadata("name()"), "Cantilever COLL/LOAN");
        assertEq(metadata("symbol()"), "cvLOAN");
        assertEq(uint256(market.decimals()), 12);
        assertEq(market.asset(), address(loan));
    }

    // ------------------------------------------------------------------ an empty market

    function test_Vault_EmptyMarketHasAMillionSharesPerUnit() public {
        ILeverageMarket empty = newMarket("empty");
        assertEq(empty.totalAssets(), 0);
        assertEq(empty.totalSupply(), 0);
        assertEq(empty.convertToShares(1), 1e6);
        assertEq(empty.convertToAssets(1e6), 1);
        assertEq(empty.convertToAssets(1e6 - 1), 0);
        assertEq(empty.previewMint(1), 1);
        assertEq(empty.previewMint(1e6 + 1), 2);
        assertEq(empty.previewWithdraw(1), 1e6);
        assertEq(empty.maxWithdraw(lender), 0);
        assertEq(empty.maxRedeem(lender), 0);
    }

    function test_Deposit_First() public view {
        assertEq(market.balanceOf(lender), LENT * 1e6);
        assertEq(market.totalSupply(), LENT * 1e6);
        assertEq(market.totalAssets(), LENT);
        assertEq(market.convertToAssets(1e12), 1e6);
    }

    function test_Vault_DonationChangesNothing() public {
        uint256 shares = market.convertToShares(1e6);
        loan.mint(address(market), 1_000_000e6);
        collateral.mint(address(market), 1_000e18);
        assertEq(market.totalAssets(), LENT);
        assertEq(market.convertToShares(1e6), shares);
        (uint256 cash, uint256 debtShares, uint256 posted) = market.totals();
        assertEq(cash, LENT);
        assertEq(debtShares, 0);
        assertEq(posted, 0);
        assertEq(market.maxFlashLoan(address(loan)), LENT);
    }

    /// @dev The classic attack: a deposit of one unit, a donation, and the victim's deposit rounds
    /// to zero.
    function testFuzz_Deposit_FirstDepositorCannotBeRobbed(uint256 first, uint256 donation, uint256 victims) public {
        first = bound(first, 1, 1_000e6);
        donation = bound(donation, 0, 1e30);
        victims = bound(victims, 1, 1e15);
        ILeverageMarket empty = newMarket("empty");
        deposit(empty, alice, first);
        loan.mint(address(empty), donation);
        uint256 shares = deposit(empty, bob, victims);
        assertEq(shares, victims * 1e6);
        vm.prank(bob);
        assertEq(empty.redeem(shares, bob, bob), victims);
    }

    /// @dev Nor by changes of the books: roundings of repayments give the pool less than a unit
    /// each.
    function test_Deposit_FirstDepositorCannotBeRobbedByRounding() public {
        ILeverageMarket empty = newMarket("empty");
        deposit(empty, alice, 1_000e6);
        collateral.mint(bob, 10e18);
        loan.mint(bob, 1e6);
        vm.startPrank(bob);
        collateral.approve(address(empty), 10e18);
        loan.approve(address(empty), type(uint256).max);
        empty.supplyCollateral(10e18, bob);
        empty.borrow(1_000e6, bob, bob);
        vm.stopPrank();
        skipTime(1 days);
        for (uint256 i = 0; i < 50; ++i) {
            vm.prank(bob);
            empty.repay(2, bob);
        }
        vm.prank(bob);
        empty.repay(500e6, bob);
        uint256 shares = deposit(empty, liquidator, 1e6);
        vm.prank(liquidator);
        assertGe(empty.redeem(shares, liquidator, liquidator), 1e6 - 1);
    }

    function testFuzz_Vault_EmptyMarketRoundsInItsFavour(uint256 shares) public {
        shares = bound(shares, 1, 1e18);
        ILeverageMarket empty = newMarket("empty");
        loan.mint(alice, 1e18);
        vm.startPrank(alice);
        loan.approve(address(empty), type(uint256).max);
        uint256 paid = empty.mint(shares, alice);
        uint256 received = empty.redeem(shares, alice, alice);
        vm.stopPrank();
        assertEq(paid, (shares + 1e6 - 1) / 1e6);
        assertLe(received, paid);
        assertGe(received + 1, paid);
    }

    // ------------------------------------------------------------------ deposits and withdrawals

    function test_Deposit_MovesTokensAndEmits() public {
        fund(bob, 0, 5e6);
        vm.expectEmit(address(market));
        emit IERC20.Transfer(address(0), alice, 5e12);
        vm.expectEmit(address(market));
        emit IERC4626.Deposit(bob, alice, 5e6, 5e12);
        vm.prank(bob);
        assertEq(market.deposit(5e6, alice), 5e12);
        assertEq(market.balanceOf(alice), 5e12);
        assertEq(market.balanceOf(bob), 0);
        assertEq(loan.balanceOf(bob), 0);
        assertEq(loan.balanceOf(address(market)), LENT + 5e6);
    }

    function test_Withdraw_MovesTokensAndEmits() public {
        vm.expectEmit(address(market));
        emit IERC20.Transfer(lender, address(0), 5e12);
        vm.expectEmit(address(market));
        emit IERC4626.Withdraw(lender, bob, lender, 5e6, 5e12);
        vm.prank(lender);
        assertEq(market.withdraw(5e6, bob, lender), 5e12);
        assertEq(loan.balanceOf(bob), 5e6);
        assertEq(market.balanceOf(lender), LENT * 1e6 - 5e12);
        assertEq(market.balanceOf(address(0)), 0);
    }

    function test_Vault_ZeroAmountsMoveNothing() public {
        vm.startPrank(lender);
        assertEq(market.deposit(0, lender), 0);
        assertEq(market.mint(0, lender), 0);
        assertEq(market.withdraw(0, lender, lender), 0);
        assertEq(market.redeem(0, lender, lender), 0);
        vm.stopPrank();
        assertEq(market.totalAssets(), LENT);
        assertEq(market.totalSupply(), LENT * 1e6);
    }

    function test_Withdraw_ApprovedAccountMayForTheOwner() public {
        vm.prank(lender);
        market.approve(bob, 7e12);
        vm.prank(bob);
        market.withdraw(5e6, bob, lender);
        assertEq(market.allowance(lender, bob), 2e12);
        vm.prank(bob);
        market.redeem(2e12, bob, lender);
        assertEq(market.allowance(lender, bob), 0);
        assertEq(loan.balanceOf(bob), 7e6);
    }

    function test_Withdraw_RevertWhen_ForAnotherWithoutAllowance() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, bob, 0, 5e12));
        vm.prank(bob);
        market.withdraw(5e6, bob, lender);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, bob, 0, 1));
        vm.prank(bob);
        market.redeem(1, bob, lender);
    }

    function test_Withdraw_RevertWhen_ReceiverIsZeroOrTheMarket() public {
        address[2] memory receivers = [address(0), address(market)];
        for (uint256 i = 0; i < receivers.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(ILeverageMarket.InvalidReceiver.selector, receivers[i]);
            vm.expectRevert(reason);
            vm.prank(lender);
            market.withdraw(1e6, receivers[i], lender);
            vm.expectRevert(reason);
            vm.prank(lender);
            market.redeem(1e12, receivers[i], lender);
        }
        fund(bob, 0, 2e6);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(0)));
        vm.prank(bob);
        market.deposit(1e6, address(0));
    }

    function test_Withdraw_RevertWhen_MoreThanTheBalance() public {
        lend(bob, 1e6);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, bob, 1e12, 2e12));
        vm.prank(bob);
        market.withdraw(2e6, bob, bob);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, bob, 1e12, 1e12 + 1));
        vm.prank(bob);
        market.redeem(1e12 + 1, bob, bob);
    }

    function test_Deposit_RevertWhen_AllowanceIsTooLow() public {
        loan.mint(bob, 5e6);
        vm.prank(bob);
        loan.approve(address(market), 1e6);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(market), 1e6, 5e6)
        );
        vm.prank(bob);
        market.deposit(5e6, bob);
    }

    /// @dev After decades at the greatest rate, one share is worth more than one unit.
    function test_Deposit_RevertWhen_WorthNoShare() public {
        saturate();
        fund(bob, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.ZeroShares.selector, 1));
        vm.prank(bob);
        market.deposit(1, bob);
    }

    /// @dev The greatest supply cap of three digits is below 2^128, and so is all cash.
    function test_Deposit_RevertWhen_CashWouldPass128Bits() public {
        uint256 tooMuch = uint256(type(uint128).max) - LENT + 1;
        fund(bob, 0, tooMuch);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.SupplyCapExceeded.selector, tooMuch, 340e36 - LENT));
        vm.prank(bob);
        market.deposit(tooMuch, bob);
    }

    /// @dev Amounts of 256 bits: each function reverts with its own error.
    function test_Vault_RevertWhen_AmountHas256Bits() public {
        uint256 most = type(uint256).max;
        bytes memory tooLarge = abi.encodeWithSelector(ILeverageMarket.AmountTooLarge.selector, most);
        vm.startPrank(lender);
        vm.expectRevert(tooLarge);
        market.deposit(most, lender);
        vm.expectRevert(tooLarge);
        market.withdraw(most, lender, lender);
        vm.expectRevert(tooLarge);
        market.previewDeposit(most);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.SupplyCapExceeded.selector, most / 1e6 + 1, 340e36 - LENT)
        );
        market.mint(most, lender);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InsufficientCash.selector, LENT, most / 1e6));
        market.redeem(most, lender, lender);
        vm.stopPrank();
    }

    /// @dev The quotient is the greatest `uint256`, and has a remainder for which it would be
    /// rounded up.
    function test_PreviewWithdraw_RevertWhen_RoundingUpOverflows() public {
        open(alice, 1_000e18, 1_000_000e6);
        skipTime(30 days);
        lend(bob, 1e6);
        lend(bob, 193_002);
        uint256 assets = 115795135051224549590278395367255671777644937470089153756428542080330676;
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.AmountTooLarge.selector, assets));
        market.previewWithdraw(assets);
    }

    /// @dev After a loss a unit is more shares than before, so its dust is more shares too.
    function test_Withdraw_DustAfterAPartialLossDoesNotCloseTheMarket() public {
        open(alice, 3_000e18, 4_000_000e6);
        uint256 assets = market.maxWithdraw(lender);
        vm.prank(lender);
        market.withdraw(assets, lender, lender);
        fund(liquidator, 0, 10_000_000e6);
        oracle.setPrice(priceOf(300));
        liquidateOne(alice, type(uint256).max);
        assertGt(market.totalAssets(), 800_000e6);
        assets = market.maxWithdraw(lender);
        vm.prank(lender);
        market.withdraw(assets, lender, lender);
        assertEq(market.totalAssets(), 0);
        assertGt(market.totalSupply(), 1e6);
        assertDepositsKeepTheirWorth();
    }

    /// @dev A withdrawal by assets leaves dust shares, at no cost to others: deposits stay open and
    /// keep their worth.
    function test_Withdraw_DustOfTheLastLenderDoesNotCloseTheMarket() public {
        open(alice, 2_500e18, BORROWED);
        oracle.setPrice(priceOf(700));
        fund(liquidator, 0, 10_000_000e6);
        liquidateOne(alice, type(uint256).max);
        uint256 assets = market.maxWithdraw(lender);
        vm.prank(lender);
        market.withdraw(assets, lender, lender);
        assertGt(market.totalSupply(), 0);
        assertEq(market.totalAssets(), 0);
        assertDepositsKeepTheirWorth();
    }

    // ---------------------------------------------------------------- illiquidity, failing oracle

    function test_Withdraw_RevertWhen_CashIsLent() public {
        earn(30 days);
        uint256 cash = LENT - BORROWED;
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InsufficientCash.selector, cash, cash + 1));
        vm.prank(lender);
        market.withdraw(cash + 1, lender, lender);

        uint256 shares = market.balanceOf(lender);
        uint256 assets = market.previewRedeem(shares);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InsufficientCash.selector, cash, assets));
        vm.prank(lender);
        market.redeem(shares, lender, lender);

        vm.prank(lender);
        market.withdraw(cash, lender, lender);
        assertEq(loan.balanceOf(lender), cash);
    }

    function test_Vault_LendersEnterAndLeaveWhateverTheOracleDoes() public {
        earn(30 days);
        for (uint256 i = 0; i < 3; ++i) {
            if (i == 0) oracle.fail();
            else oracle.setPrice(i == 1 ? 0 : type(uint256).max);
            uint256 shares = lend(bob, 100e6);
            vm.startPrank(bob);
            loan.mint(bob, 200e6);
            market.mint(shares, bob);
            market.withdraw(50e6, bob, bob);
            market.redeem(market.maxRedeem(bob), bob, bob);
            vm.stopPrank();
            assertEq(market.balanceOf(bob), 0);
        }
    }

    // ------------------------------------------------------------------ helpers

    function assertDepositsKeepTheirWorth() private {
        uint256 shares = lend(bob, 1_000e6);
        assertGe(market.previewRedeem(shares), 1_000e6 - 1);
    }

    function metadata(string memory signature) private view returns (string memory) {
        (, bytes memory answer) = address(market).staticcall(abi.encodeWithSignature(signature));
        return abi.decode(answer, (string));
    }
}
