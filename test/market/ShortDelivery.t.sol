// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {FeeOnTransferToken} from "../../contracts/mocks/FeeOnTransferToken.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";

/// @notice Shared by tests of tokens that deliver less than was sent.
abstract contract ShortDeliveryTest is BorrowerTest {
    function deliveredLess(address token, uint256 expected, uint256 balance) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.TokenDeliveredLess.selector, token, expected, balance);
    }
}

contract FeeOnTransferTest is ShortDeliveryTest {
    function setUp() public override {
        super.setUp();
        open(alice, 10e18, 16_000e6);
        fund(alice, 100e18, 100_000e6);
    }

    function _newLoanToken() internal override returns (MockERC20) {
        return new FeeOnTransferToken(6, 0);
    }

    function _newCollateralToken() internal override returns (MockERC20) {
        return new FeeOnTransferToken(18, 0);
    }

    function testFuzz_SupplyCollateral_RevertWhen_LessArrives(uint256 fee) public {
        fee = bound(fee, 1, 10_000);
        FeeOnTransferToken(address(collateral)).setFee(fee);
        // The market has 10 tokens and expects another 10.
        bytes memory reason = deliveredLess(address(collateral), 20e18, 20e18 - (10e18 * fee) / 10_000);

        vm.prank(alice);
        vm.expectRevert(reason);
        market.supplyCollateral(10e18, alice);

        vm.expectRevert(reason);
        move(alice, 10e18, 16_000e6);
    }

    function testFuzz_Repay_RevertWhen_LessArrives(uint256 fee) public {
        fee = bound(fee, 1, 10_000);
        FeeOnTransferToken(address(loan)).setFee(fee);
        uint256 held = 10_000_000e6 - 16_000e6;

        vm.prank(alice);
        vm.expectRevert(deliveredLess(address(loan), held + 10_000e6, held + 10_000e6 - (10_000e6 * fee) / 10_000));
        market.repay(10_000e6, alice);

        vm.expectRevert(deliveredLess(address(loan), held + 16_000e6, held + 16_000e6 - (16_000e6 * fee) / 10_000));
        move(alice, ALL, ALL);
    }

    function test_Adjust_RevertWhen_RestPulledAfterTheCallbackArrivesShort() public {
        ScriptedActor actor = newActor(10e18, 0);
        FeeOnTransferToken(address(collateral)).setFee(100);
        Call[] memory calls = only(
            callTo(address(collateral), abi.encodeCall(collateral.transfer, (address(market), 10e18)))
        );

        // The callback has added 9.9 tokens to the 10; 0.1 are pulled, 0.099 arrive.
        vm.expectRevert(deliveredLess(address(collateral), 20e18, 19.999e18));
        move(alice, alice, 10e18, 0, address(actor), abi.encode(calls));
    }

    function test_Adjust_CallbackMayMakeUpForTheFee() public {
        ScriptedActor actor = newActor(20e18, 0);
        FeeOnTransferToken(address(collateral)).setFee(5_000);
        Call[] memory calls = only(
            callTo(address(collateral), abi.encodeCall(collateral.transfer, (address(market), 20e18)))
        );

        vm.prank(alice);
        market.adjust(alice, 10e18, 0, address(actor), 0, 0, abi.encode(calls));

        assertPosition(alice, 16_000e6, 20e18);
        assertBacked(0, 0);
    }

    function test_DepositAndLiquidate_RevertWhen_LessArrives() public {
        fund(liquidator, 0, 100_000e6);
        oracle.setPrice(priceOf(1000));
        FeeOnTransferToken(address(loan)).setFee(100);

        uint256 held = 10_000_000e6 - 16_000e6;

        vm.startPrank(alice);
        vm.expectRevert(deliveredLess(address(loan), held + 1_000e6, held + 990e6));
        market.deposit(1_000e6, alice);
        vm.expectRevert(deliveredLess(address(loan), held + 1_000e6, held + 990e6));
        market.mint(1_000e12, alice);
        vm.stopPrank();

        // Insolvent: 10,000 of collateral less the bonus of 2%, and a tenth of the bonus for the
        // buffer.
        uint256 payment = 9_803_921_569 + 19_607_844;
        vm.expectRevert(deliveredLess(address(loan), held + payment, held + payment - payment / 100));
        liquidateOne(alice, type(uint256).max);
    }

    /// @dev Tokens that can be claimed back are measured against the books, so that tokens of
    /// nobody can make up for them.
    function test_Deposit_DonationMakesUpForTheFeeToTheUnit() public {
        FeeOnTransferToken(address(collateral)).setFee(100);
        FeeOnTransferToken(address(loan)).setFee(100);
        uint256 held = 10_000_000e6 - 16_000e6;
        collateral.mint(address(market), 0.1e18 - 1);
        loan.mint(address(market), 10e6 - 1);

        vm.startPrank(alice);
        vm.expectRevert(deliveredLess(address(collateral), 20e18, 20e18 - 1));
        market.supplyCollateral(10e18, alice);
        vm.expectRevert(deliveredLess(address(loan), held + 1_000e6, held + 1_000e6 - 1));
        market.deposit(1_000e6, alice);
        vm.stopPrank();

        collateral.mint(address(market), 1);
        loan.mint(address(market), 1);
        vm.startPrank(alice);
        market.supplyCollateral(10e18, alice);
        market.deposit(1_000e6, alice);
        assertPosition(alice, 16_000e6, 20e18);
        assertEq(market.maxWithdraw(alice), 1_000e6);
        assertBacked(0, 0);
    }

    /// @dev A repayment is measured separately: a donation repays nobody's debt.
    function test_Repay_RevertWhen_ADonationWouldMakeUpForTheFee() public {
        FeeOnTransferToken(address(loan)).setFee(100);
        loan.mint(address(market), 1_000e6);
        uint256 held = 10_000_000e6 - 16_000e6 + 1_000e6;

        vm.prank(alice);
        vm.expectRevert(deliveredLess(address(loan), held + 10_000e6, held + 9_900e6));
        market.repay(10_000e6, alice);
        vm.expectRevert(deliveredLess(address(loan), held + 10_000e6, held + 9_900e6));
        move(alice, 0, -10_000e6);
    }

    function test_FlashLoan_RevertWhen_LessComesBack() public {
        ScriptedActor actor = newActor(0, 10_000e6);
        FeeOnTransferToken(address(loan)).setFee(100);
        uint256 held = loan.balanceOf(address(market));

        vm.expectRevert(deliveredLess(address(loan), held, held - 10e6));
        market.flashLoan(actor, address(loan), 1_000e6, "");
    }

    function test_TransferFee_IsTakenFromOutgoingAmounts() public {
        FeeOnTransferToken(address(loan)).setFee(100);
        FeeOnTransferToken(address(collateral)).setFee(100);

        oracle.setPrice(priceOf(4000));
        move(alice, alice, -1e18, 1_000e6, bob, "");

        assertEq(collateral.balanceOf(bob), 0.99e18);
        assertEq(loan.balanceOf(bob), 990e6);
        assertBacked(0, 0);
    }
}

/// @notice A market whose tokens have been taken from it, for example by their issuer: nobody can
/// supply tokens that others would claim, while debts can still be repaid.
contract MissingTokensTest is ShortDeliveryTest {
    uint256 private loanBooks;

    function setUp() public override {
        super.setUp();
        open(alice, 10e18, 16_000e6);
        open(bob, 10e18, 10_000e6);
        fund(alice, 10e18, 10_000e6);
        fund(liquidator, 0, 20_000e6);
        loanBooks = 10_000_000e6 - 26_000e6;
        vm.startPrank(address(market));
        loan.transfer(makeAddr("issuer"), 1);
        collateral.transfer(makeAddr("issuer"), 1);
        vm.stopPrank();
    }

    function test_MissingTokens_RevertWhen_Depositing() public {
        vm.startPrank(alice);
        vm.expectRevert(deliveredLess(address(collateral), 21e18, 21e18 - 1));
        market.supplyCollateral(1e18, alice);
        vm.expectRevert(deliveredLess(address(loan), loanBooks + 1_000e6, loanBooks + 1_000e6 - 1));
        market.deposit(1_000e6, alice);
        vm.expectRevert(deliveredLess(address(loan), loanBooks + 1_000e6, loanBooks + 1_000e6 - 1));
        market.mint(1_000e12, alice);
    }

    function test_MissingTokens_DebtsAreStillPaid() public {
        vm.prank(alice);
        assertEq(market.repay(1_000e6, alice), 1_000e6);
        move(bob, -5e18, -5_000e6);
        oracle.setPrice(priceOf(1600));
        (uint256 seized, uint256 payment) = liquidateOne(alice, type(uint256).max);

        assertGt(seized, 0);
        assertEq(loan.balanceOf(liquidator), 20_000e6 - payment);
        assertEq(loan.balanceOf(address(market)), loanBooks - 1 + 6_000e6 + payment);
        (uint256 cash, , uint256 held) = market.totals();
        assertEq(loan.balanceOf(address(market)), cash - 1);
        assertEq(collateral.balanceOf(address(market)), held - 1);
    }

    /// @dev Each way in which a callback can settle, separately.
    function test_MissingTokens_CallbacksStillSettle() public {
        ScriptedActor actor = newActor(0, 1_000e6);
        Call[] memory calls = only(callTo(address(loan), abi.encodeCall(loan.transfer, (address(market), 700e6))));

        vm.prank(alice);
        market.adjust(alice, 0, -1_000e6, address(actor), 0, 300e6, abi.encode(calls));
        assertEq(loan.balanceOf(alice), 16_000e6 + 10_000e6 - 300e6);
        vm.prank(alice);
        calls[0] = Call(address(loan), abi.encodeCall(loan.transfer, (address(market), 300e6)), true);
        market.adjust(alice, 0, -200e6, address(actor), 0, 0, abi.encode(calls));
        assertEq(loan.balanceOf(alice), 16_000e6 + 10_000e6 - 200e6);

        assertPosition(alice, 14_800e6, 10e18);
        assertEq(loan.balanceOf(address(market)), loanBooks - 1 + 1_200e6);
    }
}
