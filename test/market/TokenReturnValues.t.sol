// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {NoReturnToken} from "../../contracts/mocks/NoReturnToken.sol";
import {ReturnFalseToken} from "../../contracts/mocks/ReturnFalseToken.sol";
import {ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";

/// @notice Tokens without return values, such as USDT.
contract NoReturnTest is BorrowerTest {
    function setUp() public override {
        super.setUp();
        fund(lender, 0, 1_000_000e6);
        fund(alice, 10e6, 1_000e6);
        fund(liquidator, 0, 100_000e6);
    }

    function _newLoanToken() internal override returns (MockERC20) {
        return MockERC20(address(new NoReturnToken()));
    }

    function _newCollateralToken() internal override returns (MockERC20) {
        return MockERC20(address(new NoReturnToken()));
    }

    function test_NoReturnToken_WorksToTheUnit() public {
        vm.prank(lender);
        market.deposit(1_000_000e6, lender);
        move(alice, 10e6, 16_000e6);
        assertEq(loan.balanceOf(alice), 17_000e6);
        assertEq(collateral.balanceOf(alice), 0);

        vm.startPrank(alice);
        market.repay(1_000e6, alice);
        market.withdrawCollateral(0.5e6, alice, alice);
        vm.stopPrank();
        assertPosition(alice, 15_000e6, 9.5e6);

        oracle.setPrice(priceOf(1800));
        (uint256 seized, uint256 payment) = liquidateOne(alice, type(uint256).max);
        assertEq(collateral.balanceOf(liquidator), seized);
        assertEq(loan.balanceOf(liquidator), 100_000e6 - payment);
        uint256 debt = market.debtOf(alice);

        (int256 collateralMoved, ) = move(alice, ALL, ALL);
        assertEq(uint256(-collateralMoved), 9.5e6 - seized);
        assertEq(loan.balanceOf(alice), 16_000e6 - debt);

        ScriptedActor actor = new ScriptedActor();
        fund(address(actor), 0, 0);
        market.flashLoan(actor, address(loan), 1_000_000e6, "");
        assertBacked(0, 0);

        uint256 shares = market.balanceOf(lender);
        vm.prank(lender);
        assertEq(market.redeem(shares, lender, lender), loan.balanceOf(lender));
        assertGe(loan.balanceOf(lender), 11_000_000e6);
    }
}

contract ReturnFalseTest is BorrowerTest {
    function setUp() public override {
        super.setUp();
        open(alice, 10e18, 10_000e6);
        fund(alice, 10e18, 10_000e6);
    }

    function _newLoanToken() internal override returns (MockERC20) {
        return new ReturnFalseToken(6);
    }

    function _newCollateralToken() internal override returns (MockERC20) {
        return new ReturnFalseToken(18);
    }

    function test_ReturnFalseToken_WorksWhileItReturnsTrue() public {
        move(alice, ALL, ALL);

        assertEq(collateral.balanceOf(alice), 20e18);
        assertEq(loan.balanceOf(alice), 10_000e6);
        assertBacked(0, 0);
    }

    function test_ReturnFalseToken_RevertWhen_LoanTokenReturnsFalse() public {
        ReturnFalseToken(address(loan)).setBroken(true);
        ScriptedActor actor = newActor(0, 0);

        vm.startPrank(alice);
        vm.expectRevert(failed(address(loan)));
        market.borrow(1_000e6, alice, alice);
        vm.expectRevert(failed(address(loan)));
        market.repay(1_000e6, alice);
        vm.expectRevert(failed(address(loan)));
        market.deposit(1_000e6, alice);
        vm.expectRevert(failed(address(loan)));
        market.flashLoan(actor, address(loan), 1_000e6, "");
        vm.stopPrank();
        vm.prank(lender);
        vm.expectRevert(failed(address(loan)));
        market.withdraw(1_000e6, lender, lender);

        oracle.setPrice(priceOf(1100));
        vm.expectRevert(failed(address(loan)));
        liquidateOne(alice, type(uint256).max);
    }

    function test_ReturnFalseToken_RevertWhen_CollateralTokenReturnsFalse() public {
        ReturnFalseToken(address(collateral)).setBroken(true);

        vm.startPrank(alice);
        vm.expectRevert(failed(address(collateral)));
        market.supplyCollateral(1e18, alice);
        vm.expectRevert(failed(address(collateral)));
        market.withdrawCollateral(1e18, alice, alice);
        // Calls that don't move it work.
        market.repay(1_000e6, alice);
        vm.stopPrank();

        oracle.setPrice(priceOf(1000));
        fund(liquidator, 0, 100_000e6);
        vm.expectRevert(failed(address(collateral)));
        liquidateOne(alice, type(uint256).max);
    }

    function test_ReturnFalseToken_RevertWhen_BalanceIsShort() public {
        vm.prank(alice);
        vm.expectRevert(failed(address(collateral)));
        market.supplyCollateral(10e18 + 1, alice);
    }

    function failed(address token) private pure returns (bytes memory) {
        return abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, token);
    }
}
