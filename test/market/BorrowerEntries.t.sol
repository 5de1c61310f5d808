// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";

contract SupplyCollateralTest is BorrowerTest {
    function testFuzz_SupplyCollateral_AddsToThePosition(uint256 amount) public {
        amount = bound(amount, 1, 1_000_000e18);
        fund(alice, amount, 0);

        vm.expectEmit(address(market));
        emit ILeverageMarket.CollateralSupplied(alice, alice, amount);
        vm.prank(alice);
        market.supplyCollateral(amount, alice);

        assertPosition(alice, 0, amount);
        assertEq(collateral.balanceOf(alice), 0);
        assertBacked(0, 0);
    }

    function test_SupplyCollateral_AnyoneMayForAnyPosition() public {
        open(alice, 10e18, 16_000e6);
        fund(bob, 3e18, 0);

        vm.expectEmit(address(market));
        emit ILeverageMarket.CollateralSupplied(alice, bob, 3e18);
        vm.prank(bob);
        market.supplyCollateral(3e18, alice);

        assertPosition(alice, 16_000e6, 13e18);
        assertPosition(bob, 0, 0);
    }

    function test_SupplyCollateral_ZeroAddsNothing() public {
        open(alice, 10e18, 16_000e6);

        vm.expectEmit(address(market));
        emit ILeverageMarket.PositionAdjusted(alice, bob, 0, 0, 0);
        vm.prank(bob);
        market.supplyCollateral(0, alice);

        assertPosition(alice, 16_000e6, 10e18);
        assertBacked(0, 0);
    }

    function test_SupplyCollateral_NeedsNeitherOracleNorAccrual() public {
        open(alice, 10e18, 16_000e6);
        (, , , uint256 lastAccrual) = market.interest();
        skipTime(30 days);
        oracle.fail();
        fund(alice, 3e18, 0);

        vm.prank(alice);
        market.supplyCollateral(3e18, alice);

        assertPosition(alice, 16_000e6, 13e18);
        (, , , uint256 lastAccrualAfter) = market.interest();
        assertEq(lastAccrualAfter, lastAccrual);
    }

    function test_SupplyCollateral_RevertWhen_CallerHasNotEnough() public {
        fund(alice, 1e18, 0);

        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, alice, 1e18, 1e18 + 1));
        market.supplyCollateral(1e18 + 1, alice);
    }

    function testFuzz_SupplyCollateral_RevertWhen_AmountExceedsInt256(uint256 amount) public {
        amount = bound(amount, uint256(type(int256).max) + 1, type(uint256).max);

        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintToInt.selector, amount));
        market.supplyCollateral(amount, alice);
    }
}

contract WithdrawCollateralTest is BorrowerTest {
    function testFuzz_WithdrawCollateral_TakesFromAPositionWithoutDebt(uint256 amount) public {
        amount = bound(amount, 0, 10e18);
        open(alice, 10e18, 0);
        oracle.fail();

        vm.expectEmit(address(market));
        emit ILeverageMarket.PositionAdjusted(alice, alice, -int256(amount), 0, 0);
        vm.prank(alice);
        assertEq(market.withdrawCollateral(amount, alice, bob), amount);

        assertPosition(alice, 0, 10e18 - amount);
        assertEq(collateral.balanceOf(bob), amount);
        assertBacked(0, 0);
    }

    function test_WithdrawCollateral_GreatestAmountMeansAll() public {
        open(alice, 10e18, 0);

        vm.startPrank(alice);
        assertEq(market.withdrawCollateral(type(uint256).max, alice, alice), 10e18);
        assertEq(market.withdrawCollateral(type(uint256).max, alice, alice), 0, "nothing is left");

        assertPosition(alice, 0, 0);
        assertEq(collateral.balanceOf(alice), 10e18);
    }

    function test_WithdrawCollateral_UpToTheMaximumLeverage() public {
        open(alice, 10e18, 8_000e6);

        vm.startPrank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, 8_000e6, 10_000e6 - 1, 50_000)
        );
        market.withdrawCollateral(5e18 + 1, alice, alice);
        market.withdrawCollateral(5e18, alice, alice);

        assertEq(leverageAt(alice, startPrice), 50_000);
    }

    function test_WithdrawCollateral_ChargesInterestBeforeTheCheck() public {
        open(alice, 10e18, 8_000e6);
        skipTime(365 days);
        uint256 debt = market.debtOf(alice);
        // At 5x a debt needs collateral worth five quarters of it.
        uint256 value = (5 * debt + 3) / 4;
        uint256 needed = (value * 1e36) / startPrice;

        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, debt, value - 1, 50_000));
        market.withdrawCollateral(10e18 - needed + 1, alice, alice);
        market.withdrawCollateral(10e18 - needed, alice, alice);

        assertEq(collateralOf(alice), needed);
        assertEq(market.debtOf(alice), debt);
    }

    function test_WithdrawCollateral_RevertWhen_CallerIsAStranger() public {
        open(alice, 10e18, 0);

        vm.startPrank(bob);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NotAuthorized.selector, alice, bob));
        market.withdrawCollateral(1, alice, alice);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NotAuthorized.selector, alice, bob));
        market.withdrawCollateral(type(uint256).max, alice, bob);
    }

    function test_WithdrawCollateral_RevertWhen_MoreThanThePositionHas() public {
        open(alice, 10e18, 0);
        // The market also holds other users' tokens.
        open(bob, 10e18, 0);

        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InsufficientCollateral.selector, 10e18, 10e18 + 1));
        market.withdrawCollateral(10e18 + 1, alice, alice);
    }

    function test_WithdrawCollateral_RevertWhen_AmountExceedsInt256() public {
        open(alice, 10e18, 0);

        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintToInt.selector, type(uint256).max - 1));
        market.withdrawCollateral(type(uint256).max - 1, alice, alice);
    }

    function test_WithdrawCollateral_RevertWhen_ReceiverIsZeroOrTheMarket() public {
        open(alice, 10e18, 0);

        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidReceiver.selector, address(0)));
        market.withdrawCollateral(1, alice, address(0));
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidReceiver.selector, address(market)));
        market.withdrawCollateral(1, alice, address(market));
    }

    /// @dev Nobody could ever withdraw it again.
    function test_SupplyCollateral_RevertWhen_AccountIsZeroOrTheMarket() public {
        address[2] memory accounts = [address(0), address(market)];
        fund(alice, 1e18, 0);
        vm.startPrank(alice);
        for (uint256 i = 0; i < accounts.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(ILeverageMarket.InvalidReceiver.selector, accounts[i]);
            vm.expectRevert(refusal);
            market.supplyCollateral(1e18, accounts[i]);
            vm.expectRevert(refusal);
            market.adjust(accounts[i], 1e18, 0, alice, 1e18, 0, "");
        }
    }

    function test_WithdrawCollateral_RevertWhen_IndebtedAndTheOracleFails() public {
        open(alice, 10e18, 1_000e6);
        oracle.fail();

        vm.prank(alice);
        vm.expectRevert(MockOracle.OracleFailure.selector);
        market.withdrawCollateral(1, alice, alice);
    }
}

contract BorrowTest is BorrowerTest {
    function testFuzz_Borrow_SendsToTheReceiver(uint256 amount) public {
        open(alice, 10e18, 0);
        amount = bound(amount, 100e6, 16_000e6);

        vm.expectEmit(address(market));
        emit ILeverageMarket.PositionAdjusted(alice, alice, 0, int256(amount), int256(amount));
        vm.prank(alice);
        market.borrow(amount, alice, bob);

        assertPosition(alice, amount, 10e18);
        assertEq(market.debtOf(alice), amount);
        assertEq(market.totalDebt(), amount);
        assertEq(loan.balanceOf(bob), amount);
        assertBacked(0, 0);
    }

    function testFuzz_Borrow_MintsSharesRoundedUp(uint256 amount, uint256 elapsed) public {
        open(bob, 100e18, 100_000e6);
        open(alice, 10e18, 0);
        skipTime(bound(elapsed, 1, 3 * 365 days));
        amount = bound(amount, 100e6, 16_000e6);
        uint256 index = borrowIndex();

        vm.prank(alice);
        market.borrow(amount, alice, alice);

        uint256 debtShares = debtSharesOf(alice);
        assertEq(debtShares, (amount * WAD + index - 1) / index);
        assertGe(debtShares * index, amount * WAD);
        assertGe(market.debtOf(alice), amount);
        assertLe(market.debtOf(alice), amount + index / WAD + 1);
    }

    function test_Borrow_OnceMoreUpToTheMaximum() public {
        open(alice, 10e18, 10_000e6);

        vm.startPrank(alice);
        market.borrow(6_000e6, alice, alice);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, 16_000e6 + 1, 20_000e6, 50_000)
        );
        market.borrow(1, alice, alice);
    }

    function test_Borrow_RevertWhen_CallerIsAStranger() public {
        open(alice, 10e18, 0);

        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NotAuthorized.selector, alice, bob));
        market.borrow(100e6, alice, alice);
    }

    function test_Borrow_RevertWhen_ReceiverIsZeroOrTheMarket() public {
        open(alice, 10e18, 0);

        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidReceiver.selector, address(0)));
        market.borrow(100e6, alice, address(0));
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidReceiver.selector, address(market)));
        market.borrow(100e6, alice, address(market));
    }

    function test_Borrow_RevertWhen_CashIsNotEnough() public {
        open(alice, 10_000e18, 0);
        vm.prank(lender);
        market.withdraw(9_000_000e6, lender, lender);

        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.InsufficientCash.selector, 1_000_000e6, 1_000_000e6 + 1)
        );
        market.borrow(1_000_000e6 + 1, alice, alice);
    }

    function test_Borrow_RevertWhen_AmountExceedsInt256() public {
        open(alice, 10e18, 0);

        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintToInt.selector, type(uint256).max));
        market.borrow(type(uint256).max, alice, alice);
    }

    function test_Borrow_RevertWhen_TheOracleFails() public {
        open(alice, 10e18, 0);
        oracle.fail();

        vm.prank(alice);
        vm.expectRevert(MockOracle.OracleFailure.selector);
        market.borrow(100e6, alice, alice);
    }

    function testFuzz_Borrow_RevertWhen_PriceIsInvalid(uint256 price) public {
        open(alice, 10e18, 0);
        price = price % 2 == 0 ? 0 : bound(price, uint256(type(uint192).max) + 1, type(uint248).max);
        oracle.setPrice(price);

        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidPrice.selector, price));
        market.borrow(100e6, alice, alice);
    }
}

contract RepayTest is BorrowerTest {
    function testFuzz_Repay_BurnsSharesRoundedDownForTheirWorthRoundedUp(uint256 amount, uint256 elapsed) public {
        open(alice, 10e18, 16_000e6);
        skipTime(bound(elapsed, 0, 3 * 365 days));
        fund(bob, 0, 100_000e6);
        uint256 index = borrowIndex();
        amount = bound(amount, 0, market.debtOf(alice) - 200e6);
        uint256 burned = (amount * WAD) / index;
        uint256 price = (burned * index + WAD - 1) / WAD;

        vm.expectEmit(address(market));
        emit ILeverageMarket.PositionAdjusted(alice, bob, 0, -int256(price), -int256(burned));
        vm.prank(bob);
        assertEq(market.repay(amount, alice), price);

        assertLe(price, amount);
        assertPosition(alice, 16_000e6 - burned, 10e18);
        assertEq(loan.balanceOf(bob), 100_000e6 - price);
        assertBacked(0, 0);
    }

    function testFuzz_Repay_GreatestAmountMeansAll(uint256 elapsed) public {
        open(alice, 10e18, 16_000e6);
        skipTime(bound(elapsed, 0, 3 * 365 days));
        fund(alice, 0, 100_000e6);
        uint256 debt = market.debtOf(alice);
        oracle.fail();

        vm.startPrank(alice);
        assertEq(market.repay(type(uint256).max, alice), debt);
        assertEq(market.repay(type(uint256).max, alice), 0, "nothing is left");

        assertPosition(alice, 0, 10e18);
        assertEq(market.totalDebt(), 0);
        assertEq(loan.balanceOf(alice), 116_000e6 - debt);
        assertBacked(0, 0);
    }

    function test_Repay_DebtGrowsByInterestOnly() public {
        open(alice, 10e18, 16_000e6);
        skipTime(365 days);
        (uint256 index, , , ) = market.interest();

        assertEq(market.debtOf(alice), (16_000e6 * index + WAD - 1) / WAD);
        assertGt(market.debtOf(alice), 16_000e6);
    }

    function test_Repay_StrangersUnitDoesNotBreakAnExactClose() public {
        open(alice, 10e18, 16_000e6);
        skipTime(30 days);
        uint256 debt = market.debtOf(alice);
        fund(alice, 0, 1_000e6);
        fund(bob, 1, 2);

        vm.startPrank(bob);
        // By now one unit buys no share, and two units buy one.
        uint256 paid = market.repay(2, alice);
        market.supplyCollateral(1, alice);
        vm.stopPrank();
        assertGt(paid, 0);
        uint256 left = market.debtOf(alice);

        (, int256 debtMoved) = move(alice, -10e18, -int256(debt));

        assertEq(debtMoved, -int256(left));
        assertPosition(alice, 0, 1);
        assertLe(left, debt - paid + 1);
    }

    function test_Repay_StrangersUnitDoesNotBreakAnExactRepayment() public {
        open(alice, 10e18, 16_000e6);
        fund(bob, 0, 1);
        vm.prank(bob);
        assertEq(market.repay(1, alice), 1);

        vm.prank(alice);
        assertEq(market.repay(16_000e6, alice), 16_000e6 - 1);

        assertPosition(alice, 0, 10e18);
        assertEq(loan.balanceOf(alice), 1);
    }

    function test_Repay_RevertWhen_CallerHasNotEnough() public {
        open(alice, 10e18, 16_000e6);
        fund(bob, 0, 1_000e6);

        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, bob, 1_000e6, 16_000e6));
        market.repay(type(uint256).max, alice);
    }

    function test_Repay_RevertWhen_AmountExceedsInt256() public {
        open(alice, 10e18, 16_000e6);

        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintToInt.selector, type(uint256).max - 1));
        market.repay(type(uint256).max - 1, alice);
    }
}

/// @notice Calls that lower risk work whatever the oracle does.
contract WithoutOracleTest is BorrowerTest {
    function setUp() public override {
        super.setUp();
        open(alice, 10e18, 16_000e6);
        skipTime(30 days);
        fund(alice, 10e18, 16_000e6);
    }

    function test_Exits_WorkWithAFailingOracle() public {
        oracle.fail();
        lowersRisk();
    }

    function test_Exits_WorkAtAPriceOfZero() public {
        oracle.setPrice(0);
        lowersRisk();
    }

    function test_Exits_WorkAtAnAbsurdPrice() public {
        oracle.setPrice(type(uint256).max);
        lowersRisk();
    }

    function test_Repay_AmountBelowAShareNeedsNoPrice() public {
        oracle.fail();
        vm.prank(alice);
        assertEq(market.repay(1, alice), 0);
    }

    function lowersRisk() private {
        vm.startPrank(alice);
        market.repay(1_000e6, alice);
        market.supplyCollateral(1e18, alice);
        market.adjust(alice, 1e18, -1_000e6, alice, type(uint256).max, type(uint256).max, "");
        // A third of the debt, and slightly less than a third of the collateral.
        int256 third = int256(market.debtOf(alice) / 3);
        market.adjust(alice, -3.9e18, -third, alice, 0, type(uint256).max, "");
        market.repay(type(uint256).max, alice);
        market.withdrawCollateral(type(uint256).max, alice, alice);
        vm.stopPrank();
        assertPosition(alice, 0, 0);

        uint256 cash = loan.balanceOf(address(market));
        vm.startPrank(lender);
        market.redeem(market.maxRedeem(lender), lender, lender);
        vm.stopPrank();
        assertGt(loan.balanceOf(lender), 10_000_000e6);
        assertLe(loan.balanceOf(lender), cash);
    }
}
