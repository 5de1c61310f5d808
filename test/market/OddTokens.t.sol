// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {IMarketFactory} from "../../contracts/interfaces/IMarketFactory.sol";
import {BlocklistToken} from "../../contracts/mocks/BlocklistToken.sol";
import {FeeOnTransferToken} from "../../contracts/mocks/FeeOnTransferToken.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {NoReturnToken} from "../../contracts/mocks/NoReturnToken.sol";
import {NoZeroTransferToken} from "../../contracts/mocks/NoZeroTransferToken.sol";
import {ReturnFalseToken} from "../../contracts/mocks/ReturnFalseToken.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";
import {LiquidationTest} from "../support/LiquidationTest.sol";

contract FeeOnTransferTest is BorrowerTest {
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

    function testFuzz_RevertWhen_CollateralArrivesShort(uint256 fee) public {
        fee = bound(fee, 1, 10_000);
        FeeOnTransferToken(address(collateral)).setFee(fee);
        // 10 tokens are in the market, and so many more are to come.
        bytes memory reason = deliveredLess(address(collateral), 20e18, 20e18 - (10e18 * fee) / 10_000);

        vm.prank(alice);
        vm.expectRevert(reason);
        market.supplyCollateral(10e18, alice);

        vm.expectRevert(reason);
        move(alice, 10e18, 16_000e6);
    }

    function testFuzz_RevertWhen_ARepaymentArrivesShort(uint256 fee) public {
        fee = bound(fee, 1, 10_000);
        FeeOnTransferToken(address(loan)).setFee(fee);
        uint256 held = 10_000_000e6 - 16_000e6;

        vm.prank(alice);
        vm.expectRevert(deliveredLess(address(loan), held + 10_000e6, held + 10_000e6 - (10_000e6 * fee) / 10_000));
        market.repay(10_000e6, alice);

        vm.expectRevert(deliveredLess(address(loan), held + 16_000e6, held + 16_000e6 - (16_000e6 * fee) / 10_000));
        move(alice, ALL, ALL);
    }

    function test_RevertWhen_TheRestPulledAfterTheCallbackArrivesShort() public {
        ScriptedActor actor = newActor(10e18, 0);
        FeeOnTransferToken(address(collateral)).setFee(100);
        Call[] memory calls = new Call[](1);
        calls[0] = Call(address(collateral), abi.encodeCall(collateral.transfer, (address(market), 10e18)), true);

        // The callback has brought 9.9 tokens to the 10 that were there; 0.1 are pulled, 0.099 arrive.
        vm.expectRevert(deliveredLess(address(collateral), 20e18, 19.999e18));
        move(alice, alice, 10e18, 0, address(actor), abi.encode(calls));
    }

    function test_TheCallbackMayMakeUpForTheFee() public {
        ScriptedActor actor = newActor(20e18, 0);
        FeeOnTransferToken(address(collateral)).setFee(5_000);
        Call[] memory calls = new Call[](1);
        calls[0] = Call(address(collateral), abi.encodeCall(collateral.transfer, (address(market), 20e18)), true);

        vm.prank(alice);
        market.adjust(alice, 10e18, 0, address(actor), 0, 0, abi.encode(calls));

        assertPosition(alice, 16_000e6, 20e18);
        assertBacked(0, 0);
    }

    function test_RevertWhen_ADepositOrAPaymentOfALiquidatorArrivesShort() public {
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

        // Insolvent: the collateral's 10,000 less the bonus of 2%, and a tenth of the bonus for the buffer.
        uint256 payment = 9_803_921_569 + 19_607_844;
        vm.expectRevert(deliveredLess(address(loan), held + payment, held + payment - payment / 100));
        liquidateOne(alice, type(uint256).max);
    }

    /// @dev What comes in to be claimed back is measured by the books, so that tokens nobody owns may stand in for it.
    function test_ADonationMakesUpForTheFeeOfADepositToTheUnit() public {
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

    /// @dev A payment is measured by itself: a donation pays nobody's debt.
    function test_RevertWhen_ADonationWouldMakeUpForTheFeeOfARepayment() public {
        FeeOnTransferToken(address(loan)).setFee(100);
        loan.mint(address(market), 1_000e6);
        uint256 held = 10_000_000e6 - 16_000e6 + 1_000e6;

        vm.prank(alice);
        vm.expectRevert(deliveredLess(address(loan), held + 10_000e6, held + 9_900e6));
        market.repay(10_000e6, alice);
        vm.expectRevert(deliveredLess(address(loan), held + 10_000e6, held + 9_900e6));
        move(alice, 0, -10_000e6);
    }

    function test_RevertWhen_AFlashLoanComesBackShort() public {
        ScriptedActor actor = newActor(0, 10_000e6);
        FeeOnTransferToken(address(loan)).setFee(100);
        uint256 held = loan.balanceOf(address(market));

        vm.expectRevert(deliveredLess(address(loan), held, held - 10e6));
        market.flashLoan(actor, address(loan), 1_000e6, "");
    }

    function test_WhatGoesOutLosesTheFeeOnItsWay() public {
        FeeOnTransferToken(address(loan)).setFee(100);
        FeeOnTransferToken(address(collateral)).setFee(100);

        oracle.setPrice(priceOf(4000));
        move(alice, alice, -1e18, 1_000e6, bob, "");

        assertEq(collateral.balanceOf(bob), 0.99e18);
        assertEq(loan.balanceOf(bob), 990e6);
        assertBacked(0, 0);
    }

    function deliveredLess(address token, uint256 expected, uint256 arrived) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.TokenDeliveredLess.selector, token, expected, arrived);
    }
}

/// @notice Tokens without return values, as USDT is one.
contract NoReturnTest is BorrowerTest {
    function setUp() public override {
        loan = MockERC20(address(new NoReturnToken()));
        collateral = MockERC20(address(new NoReturnToken()));
        (loanUnit, collateralUnit) = (1e6, 1e6);
        startPrice = priceOf(2000);
        oracle = new MockOracle(startPrice);
        manager = new AccessManager(address(this));
        factory = IMarketFactory(deployCode("MarketFactory.sol:MarketFactory", abi.encode(address(manager))));
        market = createMarket(_params(), bytes32(0));
        give(lender, 0, 1_000_000e6);
        give(alice, 10e6, 1_000e6);
        give(liquidator, 0, 100_000e6);
    }

    function test_WorksToTheUnit() public {
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
        give(address(actor), 0, 0);
        market.flashLoan(actor, address(loan), 1_000_000e6, "");
        assertBacked(0, 0);

        uint256 shares = market.balanceOf(lender);
        vm.prank(lender);
        assertEq(market.redeem(shares, lender, lender), loan.balanceOf(lender));
        assertGe(loan.balanceOf(lender), 1_000_000e6);
    }

    /// @dev The mock's `approve` returns nothing, which the interface of `MockERC20` would not let pass.
    function give(address account, uint256 collateralAmount, uint256 loanAmount) private {
        collateral.mint(account, collateralAmount);
        loan.mint(account, loanAmount);
        vm.startPrank(account);
        NoReturnToken(address(collateral)).approve(address(market), type(uint256).max);
        NoReturnToken(address(loan)).approve(address(market), type(uint256).max);
        vm.stopPrank();
    }
}

/// @notice Of a token that does not move, or by nothing, no transfer is made: some tokens refuse it. And one unit does move.
contract NoZeroTransferTest is LiquidationTest {
    function setUp() public override {
        super.setUp();
        open(alice, 10e18, 16_000e6);
        fund(alice, 10e18, 10_000e6);
    }

    function _newLoanToken() internal override returns (MockERC20) {
        return new NoZeroTransferToken(6);
    }

    function _newCollateralToken() internal override returns (MockERC20) {
        return new NoZeroTransferToken(18);
    }

    function test_AUnitOfOneTokenMovesWithoutTheOther() public {
        assertMoves(1, 0);
        assertMoves(-1, 0);
        assertMoves(0, -1);
        assertMoves(0, 1);
        assertMoves(0, 0);
    }

    function test_ACallbackThatLeavesNothingToSettleSettlesNothing() public {
        ScriptedActor actor = new ScriptedActor();
        loan.mint(address(actor), 2);
        collateral.mint(address(actor), 2);
        vm.prank(alice);
        market.setOperator(address(this), true);

        Call[] memory calls = new Call[](1);
        calls[0] = callTo(address(collateral), abi.encodeCall(collateral.transfer, (address(market), 1)));
        market.adjust(alice, 1, 0, address(actor), 0, 0, abi.encode(calls));
        calls[0] = callTo(address(loan), abi.encodeCall(loan.transfer, (address(market), 1)));
        market.adjust(alice, 0, -1, address(actor), 0, 0, abi.encode(calls));
        market.adjust(alice, 0, 1, address(actor), 0, 0, abi.encode(new Call[](0)));

        assertEq(collateral.balanceOf(address(actor)), 1);
        assertEq(loan.balanceOf(address(actor)), 2);
        assertEq(collateralOf(alice), 10e18 + 1);
        assertEq(market.debtOf(alice), 16_000e6);
    }

    function test_DebtWithoutCollateralIsWrittenOff() public {
        loseCollateral(alice, 0);
        (uint256 seized, uint256 payment) = liquidateOne(alice, 0);
        assertEq(seized, 0);
        assertEq(payment, 0);
        assertEq(market.debtOf(alice), 0);
    }

    /// @dev At an index of one, as no time passes.
    function assertMoves(int256 collateralDelta, int256 debtDelta) private {
        (uint256 heldCollateral, uint256 heldLoan) = (collateral.balanceOf(alice), loan.balanceOf(alice));
        (uint256 positionCollateral, uint256 debt) = (collateralOf(alice), market.debtOf(alice));
        vm.prank(alice);
        market.adjust(alice, collateralDelta, debtDelta, alice, type(uint256).max, type(uint256).max, "");
        assertEq(int256(collateral.balanceOf(alice)), int256(heldCollateral) - collateralDelta);
        assertEq(int256(loan.balanceOf(alice)), int256(heldLoan) + debtDelta);
        assertEq(int256(collateralOf(alice)), int256(positionCollateral) + collateralDelta);
        assertEq(int256(market.debtOf(alice)), int256(debt) + debtDelta);
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

    function test_WorksWhileItReturnsTrue() public {
        move(alice, ALL, ALL);

        assertEq(collateral.balanceOf(alice), 20e18);
        assertEq(loan.balanceOf(alice), 10_000e6);
        assertBacked(0, 0);
    }

    function test_RevertWhen_TheLoanTokenReturnsFalse() public {
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

    function test_RevertWhen_TheCollateralTokenReturnsFalse() public {
        ReturnFalseToken(address(collateral)).setBroken(true);

        vm.startPrank(alice);
        vm.expectRevert(failed(address(collateral)));
        market.supplyCollateral(1e18, alice);
        vm.expectRevert(failed(address(collateral)));
        market.withdrawCollateral(1e18, alice, alice);
        // What doesn't move it works.
        market.repay(1_000e6, alice);
        vm.stopPrank();

        oracle.setPrice(priceOf(1000));
        fund(liquidator, 0, 100_000e6);
        vm.expectRevert(failed(address(collateral)));
        liquidateOne(alice, type(uint256).max);
    }

    function test_RevertWhen_AShortBalanceReturnsFalse() public {
        vm.prank(alice);
        vm.expectRevert(failed(address(collateral)));
        market.supplyCollateral(10e18 + 1, alice);
    }

    function failed(address token) private pure returns (bytes memory) {
        return abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, token);
    }
}

contract BlocklistTest is BorrowerTest {
    function setUp() public override {
        super.setUp();
        open(alice, 10e18, 16_000e6);
        open(bob, 10e18, 10_000e6);
        fund(bob, 10e18, 20_000e6);
        BlocklistToken(address(loan)).setBlocked(alice, true);
        BlocklistToken(address(collateral)).setBlocked(alice, true);
    }

    function _newLoanToken() internal override returns (MockERC20) {
        return new BlocklistToken(6);
    }

    function _newCollateralToken() internal override returns (MockERC20) {
        return new BlocklistToken(18);
    }

    function test_RevertWhen_TokensWouldGoToABlockedAccount() public {
        vm.startPrank(bob);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.Blocked.selector, alice));
        market.borrow(100e6, bob, alice);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.Blocked.selector, alice));
        market.withdrawCollateral(1e18, bob, alice);
        market.withdrawCollateral(1e18, bob, bob);
    }

    function test_ABlockedBorrowerIsHelpedAndLiquidatedByOthers() public {
        vm.startPrank(bob);
        market.repay(1_000e6, alice);
        market.supplyCollateral(1e18, alice);
        vm.stopPrank();
        assertPosition(alice, 15_000e6, 11e18);

        oracle.setPrice(priceOf(1500));
        fund(liquidator, 0, 20_000e6);
        liquidateOne(alice, type(uint256).max);
        assertApproxEqAbs(leverageAt(alice, priceOf(1500)), 45_000, 2);
    }

    function test_ABlockedBorrowerSendsItsCollateralElsewhere() public {
        vm.prank(bob);
        market.repay(type(uint256).max, alice);

        vm.prank(alice);
        market.withdrawCollateral(type(uint256).max, alice, bob);

        assertPosition(alice, 0, 0);
    }

    function test_RevertWhen_ABlockedAccountPays() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.Blocked.selector, alice));
        market.repay(1_000e6, alice);
    }

    function test_RevertWhen_TheMarketItselfIsBlocked() public {
        BlocklistToken(address(loan)).setBlocked(address(market), true);

        vm.startPrank(bob);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.Blocked.selector, address(market)));
        market.borrow(100e6, bob, bob);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.Blocked.selector, address(market)));
        market.repay(100e6, bob);
        market.supplyCollateral(1e18, bob);
        market.withdrawCollateral(1e18, bob, bob);
    }
}

/// @notice A market whose tokens have been taken from it, as by an issuer who can: nobody pays in to be claimed by others,
/// while debts can still be paid.
contract MissingTokensTest is BorrowerTest {
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

    function test_RevertWhen_SomethingIsDeposited() public {
        vm.startPrank(alice);
        vm.expectRevert(deliveredLess(address(collateral), 21e18, 21e18 - 1));
        market.supplyCollateral(1e18, alice);
        vm.expectRevert(deliveredLess(address(loan), loanBooks + 1_000e6, loanBooks + 1_000e6 - 1));
        market.deposit(1_000e6, alice);
        vm.expectRevert(deliveredLess(address(loan), loanBooks + 1_000e6, loanBooks + 1_000e6 - 1));
        market.mint(1_000e12, alice);
    }

    function test_DebtsArePaid() public {
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

    /// @dev Each way for a callback to settle, on its own.
    function test_CallbacksSettle() public {
        ScriptedActor actor = newActor(0, 1_000e6);
        Call[] memory calls = new Call[](1);
        calls[0] = Call(address(loan), abi.encodeCall(loan.transfer, (address(market), 700e6)), true);

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

    function deliveredLess(address token, uint256 expected, uint256 balance) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.TokenDeliveredLess.selector, token, expected, balance);
    }
}

/// @notice A donation is not in the books, so it changes nothing for anyone.
contract DonationTest is BorrowerTest {
    function testFuzz_ChangeNothing(uint256 loanAmount, uint256 collateralAmount) public {
        loanAmount = bound(loanAmount, 1, 1e30);
        collateralAmount = bound(collateralAmount, 1, 1e30);
        open(alice, 10e18, 10_000e6);
        skipTime(30 days);
        bytes memory before = snapshot();

        loan.mint(address(market), loanAmount);
        collateral.mint(address(market), collateralAmount);

        assertEq(snapshot(), before);
        assertBacked(loanAmount, collateralAmount);

        // Nor does it pay for anything, or go to anyone.
        fund(alice, 0, 10_000e6);
        fund(bob, 1e18, 0);
        ScriptedActor actor = new ScriptedActor();
        move(bob, bob, 1e18, 0, address(actor), abi.encode(new Call[](0)));
        assertEq(collateral.balanceOf(bob), 0);
        move(alice, alice, ALL, ALL, address(actor), abi.encode(new Call[](0)));
        assertEq(collateral.balanceOf(address(actor)), 10e18);
        assertBacked(loanAmount, collateralAmount);

        uint256 shares = market.balanceOf(lender);
        vm.prank(lender);
        market.redeem(shares, lender, lender);
        assertBacked(loanAmount, collateralAmount);
    }

    /// @dev All that a donation could have an effect on.
    function snapshot() private view returns (bytes memory) {
        (uint256 cash, uint256 debtShares, uint256 held) = market.totals();
        (uint256 index, uint256 rate, uint256 rateAtTarget, ) = market.interest();
        bytes memory books = abi.encode(cash, debtShares, held, index, rate, rateAtTarget, market.debtOf(alice));
        return
            abi.encode(
                books,
                market.totalAssets(),
                market.convertToAssets(1e18),
                market.maxWithdraw(lender),
                market.maxDeposit(lender),
                market.maxFlashLoan(address(loan)),
                market.debtAllowance(),
                market.collateralToken()
            );
    }
}
