// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {OracleSwapper} from "../../contracts/mocks/OracleSwapper.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";
import {Vm} from "../utils/Vm.sol";

contract AdjustTest is BorrowerTest {
    // ------------------------------------------------------------- opening and closing in one call

    function test_Adjust_OpensAtTheMaximumInOneCall() public {
        OracleSwapper swapper = newSwapper();
        fund(alice, 10e18, 0);

        (int256 collateralMoved, int256 debtMoved) = move(alice, alice, 50e18, 80_000e6, address(swapper), "x");

        assertEq(collateralMoved, 50e18);
        assertEq(debtMoved, 80_000e6);
        assertPosition(alice, 80_000e6, 50e18);
        assertEq(leverageAt(alice, startPrice), 50_000);
        assertEq(collateral.balanceOf(alice), 0, "its own part is pulled");
        assertEq(loan.balanceOf(alice), 0);
        assertBacked(0, 0);
    }

    function test_Adjust_RevertWhen_OneUnitAboveTheMaximum() public {
        OracleSwapper swapper = newSwapper();
        fund(alice, 10e18, 0);

        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, 80_000e6 + 1, 100_000e6, 50_000)
        );
        move(alice, alice, 50e18, 80_000e6 + 1, address(swapper), "x");
    }

    function testFuzz_Adjust_OpensAtAnyLeverageInOneCall(uint256 leverage, uint256 own) public {
        leverage = bound(leverage, 10_100, 50_000);
        own = bound(own, 10e18, 300e18);
        OracleSwapper swapper = newSwapper();
        fund(alice, own, 0);
        uint256 whole = (own * leverage) / ONE_X;
        uint256 bought = whole - own;
        // Enough to pay for the bought collateral, rounded up.
        uint256 debt = (bought * startPrice) / 1e36 + 1;
        // At the limit itself the extra unit can't be borrowed.
        if (leverage == 50_000) debt -= 1;
        vm.assume(debt >= 100e6);

        move(alice, alice, int256(whole), int256(debt), address(swapper), "x");

        assertPosition(alice, debt, whole);
        assertApproxEqAbs(leverageAt(alice, startPrice), leverage, 1);
        assertLe(leverageAt(alice, startPrice), 50_000);
    }

    function test_Adjust_ClosesInOneCallAndPaysOutTheEquity() public {
        OracleSwapper swapper = newSwapper();
        fund(alice, 10e18, 0);
        move(alice, alice, 50e18, 80_000e6, address(swapper), "x");
        skipTime(30 days);
        uint256 debt = market.debtOf(alice);
        assertGt(debt, 80_000e6);

        (int256 collateralMoved, int256 debtMoved) = move(alice, alice, ALL, ALL, address(swapper), "x");

        assertEq(collateralMoved, -50e18);
        assertEq(debtMoved, -int256(debt));
        assertPosition(alice, 0, 0);
        assertEq(loan.balanceOf(alice), 100_000e6 - debt, "surplus of the sale");
        (, uint256 debtShares, uint256 held) = market.totals();
        assertEq(debtShares, 0);
        assertEq(held, 0);
        assertBacked(0, 0);
    }

    function test_Adjust_ClosesWithoutAnOracle() public {
        open(alice, 10e18, 15_000e6);
        skipTime(30 days);
        fund(alice, 0, 1_000e6);
        oracle.fail();

        move(alice, ALL, ALL);

        assertPosition(alice, 0, 0);
        assertEq(collateral.balanceOf(alice), 10e18);
    }

    // ---------------------------------------------------- collateral and debt, together and alone

    function test_Adjust_SuppliesAndBorrowsAtOnce() public {
        fund(alice, 10e18, 0);

        vm.expectEmit(address(market));
        emit ILeverageMarket.PositionAdjusted(alice, alice, 10e18, 16_000e6, 16_000e6);
        move(alice, alice, 10e18, 16_000e6, bob, "");

        assertPosition(alice, 16_000e6, 10e18);
        assertEq(loan.balanceOf(bob), 16_000e6, "the receiver gets what goes out");
    }

    function test_Adjust_RepaysAndWithdrawsAtOnce() public {
        open(alice, 10e18, 16_000e6);

        vm.expectEmit(address(market));
        emit ILeverageMarket.PositionAdjusted(alice, alice, -5e18, -8_000e6, -8_000e6);
        move(alice, alice, -5e18, -8_000e6, bob, "");

        assertPosition(alice, 8_000e6, 5e18);
        assertEq(collateral.balanceOf(bob), 5e18, "the receiver gets what goes out");
        assertEq(loan.balanceOf(alice), 8_000e6, "the caller pays");
        assertBacked(0, 0);
    }

    function test_Adjust_BorrowsAndWithdrawsAtOnce() public {
        open(alice, 20e18, 1_000e6);

        move(alice, -10e18, 15_000e6);

        assertPosition(alice, 16_000e6, 10e18);
        assertEq(leverageAt(alice, startPrice), 50_000);
    }

    function test_Adjust_SuppliesAndRepaysAtOnce() public {
        open(alice, 10e18, 16_000e6);
        fund(alice, 1e18, 0);
        oracle.fail();

        vm.expectEmit(address(market));
        emit ILeverageMarket.PositionAdjusted(alice, alice, 1e18, -6_000e6, -6_000e6);
        move(alice, 1e18, -6_000e6);

        assertPosition(alice, 10_000e6, 11e18);
    }

    function testFuzz_Adjust_SuppliesCollateralAlone(uint256 amount) public {
        amount = bound(amount, 1, 1_000e18);
        open(alice, 10e18, 16_000e6);
        fund(bob, amount, 0);
        oracle.fail();
        // Interest is due; this call doesn't charge it.
        skipTime(30 days);

        vm.recordLogs();
        (int256 collateralMoved, int256 debtMoved) = move(bob, alice, int256(amount), 0, bob, "");

        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "of the market one, the token's the other");
        assertEq(logs[0].emitter, address(market));
        assertEq(logs[0].topics[0], ILeverageMarket.CollateralSupplied.selector);
        assertEq(logs[0].topics[1], bytes32(uint256(uint160(alice))));
        assertEq(logs[0].topics[2], bytes32(uint256(uint160(bob))));
        assertEq(logs[0].data, abi.encode(amount));
        assertEq(logs[1].emitter, address(collateral));
        assertEq(collateralMoved, int256(amount));
        assertEq(debtMoved, 0);
        assertPosition(alice, 16_000e6, 10e18 + amount);
    }

    function test_Adjust_ZeroDeltasMoveNothing() public {
        open(alice, 10e18, 16_000e6);
        (, , , uint256 lastAccrual) = market.interest();
        skipTime(30 days);
        oracle.fail();

        vm.expectEmit(address(market));
        emit ILeverageMarket.PositionAdjusted(alice, bob, 0, 0, 0);
        (int256 collateralMoved, int256 debtMoved) = move(bob, alice, 0, 0, bob, "");
        (, , , uint256 lastAccrualAfter) = market.interest();

        assertEq(lastAccrualAfter, lastAccrual);
        assertEq(collateralMoved, 0);
        assertEq(debtMoved, 0);
        assertPosition(alice, 16_000e6, 10e18);
    }

    function test_Adjust_AllOfAnEmptyPositionMovesNothing() public {
        (int256 collateralMoved, int256 debtMoved) = move(alice, ALL, ALL);

        assertEq(collateralMoved, 0);
        assertEq(debtMoved, 0);
        assertPosition(alice, 0, 0);
    }

    function testFuzz_Adjust_ClampsARepaymentToTheDebt(uint256 above, uint256 elapsed) public {
        open(alice, 10e18, 16_000e6);
        skipTime(bound(elapsed, 0, 365 days));
        uint256 debt = market.debtOf(alice);
        above = bound(above, 0, uint256(type(int256).max) - debt);
        fund(alice, 0, 16_000e6);
        uint256 before = loan.balanceOf(alice);

        (, int256 debtMoved) = move(alice, 0, -int256(debt + above));

        assertEq(debtMoved, -int256(debt));
        assertPosition(alice, 0, 10e18);
        assertEq(loan.balanceOf(alice), before - debt);
    }

    function testFuzz_Adjust_MovesTheTokensThatItReturns(
        int256 collateralDelta,
        int256 debtDelta,
        uint256 elapsed
    ) public {
        open(bob, 50e18, 30_000e6);
        open(alice, 10e18, 10_000e6);
        skipTime(bound(elapsed, 0, 3 * 365 days));
        fund(alice, 20e18, 100_000e6);
        collateralDelta = bound(collateralDelta, -11e18, 11e18);
        debtDelta = bound(debtDelta, -12_000e6, 12_000e6);
        uint256 loanBefore = loan.balanceOf(alice);
        uint256 collateralBefore = collateral.balanceOf(alice);
        uint256 debtBefore = market.debtOf(alice);

        vm.prank(alice);
        try market.adjust(alice, collateralDelta, debtDelta, alice, type(uint256).max, type(uint256).max, "") returns (
            int256 collateralMoved,
            int256 debtMoved
        ) {
            assertEq(collateralMoved, collateralDelta);
            assertEq(int256(loan.balanceOf(alice)) - int256(loanBefore), debtMoved);
            assertEq(int256(collateralBefore) - int256(collateral.balanceOf(alice)), collateralMoved);
            // A repayment costs the requested amount, less at most a share's worth that can't be
            // burned.
            if (debtDelta < 0) {
                assertLe(uint256(-debtMoved), uint256(-debtDelta));
                if (uint256(-debtDelta) < debtBefore) {
                    assertLe(uint256(debtMoved - debtDelta), borrowIndex() / WAD + 1);
                }
            } else {
                assertEq(debtMoved, debtDelta);
            }
            // The debt changes by the amount moved, rounded for the lenders.
            uint256 expected = uint256(int256(debtBefore) + debtMoved);
            assertGe(market.debtOf(alice), expected);
            assertLe(market.debtOf(alice), expected + borrowIndex() / WAD + 1);
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            assertTrue(
                selector == ILeverageMarket.LeverageAboveMaximum.selector ||
                    selector == ILeverageMarket.InsufficientCollateral.selector ||
                    selector == ILeverageMarket.DebtBelowMinimum.selector
            );
        }
        assertBacked(0, 0);
    }

    // ------------------------------------------------------------------ callback and settlement

    function test_Adjust_CallsTheReceiverBackWithTheAmountsMoved() public {
        open(alice, 10e18, 10_000e6);
        fund(alice, 10e18, 0);
        ScriptedActor actor = new ScriptedActor();
        Call[] memory none = new Call[](0);

        move(alice, alice, 1e18, 2_000e6, address(actor), abi.encode(none));
        assertEq(actor.lastCaller(), address(market));
        assertEq(actor.lastArguments(), abi.encode(alice, alice, int256(1e18), int256(2_000e6)));
        assertEq(loan.balanceOf(address(actor)), 2_000e6, "sent before the callback");

        vm.prank(alice);
        market.setOperator(bob, true);
        fund(bob, 0, 20_000e6);
        move(bob, alice, ALL, ALL, address(actor), abi.encode(none));
        // The resolved amounts of "all".
        assertEq(actor.lastArguments(), abi.encode(bob, alice, int256(-11e18), int256(-12_000e6)));
        assertEq(collateral.balanceOf(address(actor)), 11e18);
        assertEq(loan.balanceOf(bob), 8_000e6, "the caller pays, not the account");
    }

    function test_Adjust_BooksAreFinalInTheCallback() public {
        open(bob, 10e18, 10_000e6);
        fund(alice, 10e18, 0);
        ScriptedActor actor = new ScriptedActor();
        Call[] memory calls = new Call[](5);
        calls[0] = marketCall(abi.encodeCall(ILeverageMarket.position, (alice)));
        calls[1] = marketCall(abi.encodeCall(ILeverageMarket.debtOf, (alice)));
        calls[2] = marketCall(abi.encodeCall(ILeverageMarket.totals, ()));
        calls[3] = marketCall(abi.encodeCall(ILeverageMarket.debtAllowance, ()));
        calls[4] = marketCall(abi.encodeWithSignature("totalAssets()"));

        move(alice, alice, 10e18, 16_000e6, address(actor), abi.encode(calls));

        ScriptedActor.Outcome[] memory seen = actor.outcomes();
        assertEq(seen[0].returned, abi.encode(16_000e6, 10e18, vm.getBlockTimestamp() * 256));
        assertEq(seen[1].returned, abi.encode(16_000e6));
        assertEq(seen[2].returned, abi.encode(10_000_000e6 - 26_000e6, 26_000e6, 20e18));
        assertEq(seen[3].returned, abi.encode(4_000_000e6 - 26_000e6));
        assertEq(seen[4].returned, abi.encode(10_000_000e6));
    }

    function test_Adjust_ReturnsASurplusOfEitherTokenToTheCaller() public {
        ScriptedActor actor = newActor(5e18, 900e6);
        fund(alice, 1e18, 1_000e6);
        Call[] memory calls = new Call[](2);
        calls[0] = Call(address(collateral), abi.encodeCall(collateral.transfer, (address(market), 3e18)), true);
        calls[1] = Call(address(loan), abi.encodeCall(loan.transfer, (address(market), 500e6)), true);

        move(alice, alice, 1e18, 0, address(actor), abi.encode(calls));

        assertPosition(alice, 0, 1e18);
        assertEq(collateral.balanceOf(alice), 1e18 + 2e18);
        assertEq(loan.balanceOf(alice), 1_000e6 + 500e6);
        assertBacked(0, 0);
    }

    function test_Adjust_PullsOnlyTheRestAfterTheCallback() public {
        open(alice, 10e18, 10_000e6);
        ScriptedActor actor = newActor(0, 900e6);
        fund(alice, 1e18, 0);
        Call[] memory calls = only(callTo(address(loan), abi.encodeCall(loan.transfer, (address(market), 900e6))));

        vm.prank(alice);
        market.adjust(alice, 1e18, -1_000e6, address(actor), 1e18, 100e6, abi.encode(calls));

        assertPosition(alice, 9_000e6, 11e18);
        assertEq(loan.balanceOf(alice), 9_900e6);
        assertBacked(0, 0);
    }

    function test_Adjust_CallbackMayDeliverEverything() public {
        ScriptedActor actor = newActor(10e18, 0);
        Call[] memory calls = only(
            callTo(address(collateral), abi.encodeCall(collateral.transfer, (address(market), 10e18)))
        );

        vm.prank(alice);
        market.adjust(alice, 10e18, 16_000e6, address(actor), 0, 0, abi.encode(calls));

        assertPosition(alice, 16_000e6, 10e18);
    }

    function test_Adjust_RevertWhen_CallbackReverts() public {
        fund(alice, 10e18, 0);
        ScriptedActor actor = new ScriptedActor();
        oracle.fail();
        Call[] memory calls = only(callTo(address(oracle), abi.encodeCall(oracle.prices, ())));

        vm.expectRevert(MockOracle.OracleFailure.selector);
        move(alice, alice, 10e18, 0, address(actor), abi.encode(calls));
    }

    function test_Adjust_RevertWhen_PullExceedsTheMaximum() public {
        open(alice, 10e18, 10_000e6);
        fund(alice, 10e18, 0);
        vm.startPrank(alice);

        vm.expectRevert(pullAboveMaximum(address(collateral), 1e18, 1e18 - 1));
        market.adjust(alice, 1e18, 0, alice, 1e18 - 1, 0, "");
        vm.expectRevert(pullAboveMaximum(address(loan), 1_000e6, 1_000e6 - 1));
        market.adjust(alice, 0, -1_000e6, alice, 0, 1_000e6 - 1, "");

        market.adjust(alice, 1e18, -1_000e6, alice, 1e18, 1_000e6, "");
    }

    function test_Adjust_RevertWhen_CallbackLeavesMoreThanTheMaximum() public {
        open(alice, 10e18, 10_000e6);
        fund(alice, 10e18, 0);
        ScriptedActor actor = newActor(1e18, 1_000e6);
        Call[] memory calls = new Call[](2);
        calls[0] = Call(address(collateral), abi.encodeCall(collateral.transfer, (address(market), 1e18)), true);
        calls[1] = Call(address(loan), abi.encodeCall(loan.transfer, (address(market), 900e6)), true);
        vm.startPrank(alice);

        vm.expectRevert(pullAboveMaximum(address(collateral), 1, 0));
        market.adjust(alice, 1e18 + 1, -900e6, address(actor), 0, 0, abi.encode(calls));
        vm.expectRevert(pullAboveMaximum(address(loan), 100e6, 100e6 - 1));
        market.adjust(alice, 1e18, -1_000e6, address(actor), 0, 100e6 - 1, abi.encode(calls));
    }

    function test_Adjust_RevertWhen_CallbackReceiverHasNoCode() public {
        open(alice, 10e18, 10_000e6);
        fund(alice, 10e18, 0);
        bytes memory reason = abi.encodeWithSelector(Address.AddressEmptyCode.selector, bob);

        vm.expectRevert(reason);
        move(alice, alice, 10e18, 16_000e6, bob, "x");
        vm.expectRevert(reason);
        move(alice, alice, -1e18, -10_000e6, bob, "x");
        vm.expectRevert(reason);
        move(alice, alice, 0, 0, bob, "x");

        // Without data there is no callback.
        move(alice, alice, -1e18, -10_000e6, bob, "");
        assertEq(collateral.balanceOf(bob), 1e18);
    }

    function test_Liquidate_RevertWhen_CallbackReceiverHasNoCode() public {
        open(alice, 10e18, 16_000e6);
        oracle.setPrice(priceOf(1800));
        fund(liquidator, 0, 20_000e6);
        address[] memory accounts = new address[](1);
        accounts[0] = alice;

        vm.startPrank(liquidator);
        vm.expectRevert(abi.encodeWithSelector(Address.AddressEmptyCode.selector, bob));
        market.liquidate(accounts, type(uint256).max, 0, bob, "x");

        (uint256 seized, ) = market.liquidate(accounts, type(uint256).max, 0, bob, "");
        assertEq(collateral.balanceOf(bob), seized);
    }

    // ------------------------------------------------------------------ callers and receivers

    function test_Adjust_StrangersMaySupplyAndRepay() public {
        open(alice, 10e18, 10_000e6);
        fund(bob, 1e18, 1_000e6);

        move(bob, alice, 1e18, -1_000e6, bob, "");

        assertPosition(alice, 9_000e6, 11e18);
        assertEq(collateral.balanceOf(bob), 0);
        assertEq(loan.balanceOf(bob), 0);
        assertEq(loan.balanceOf(alice), 10_000e6, "of their own tokens");
    }

    function testFuzz_Adjust_RevertWhen_StrangerBorrowsOrWithdraws(
        address stranger,
        int256 collateralDelta,
        int256 debtDelta
    ) public {
        vm.assume(stranger != alice);
        open(alice, 10e18, 10_000e6);
        // Including "all", and together with any addition on the other side.
        if (collateralDelta >= 0 && debtDelta <= 0) {
            debtDelta = debtDelta == 0 ? int256(1) : (debtDelta == ALL ? type(int256).max : -debtDelta);
        }

        vm.expectRevert(notAuthorized(stranger));
        move(stranger, alice, collateralDelta, debtDelta, bob, "");
    }

    function test_Adjust_RevertWhen_StrangerMixesRepaymentWithBorrow() public {
        open(alice, 10e18, 1_000e6);
        fund(bob, 100e18, 100_000e6);

        vm.expectRevert(notAuthorized(bob));
        move(bob, alice, 100e18, 1, bob, "");
        vm.expectRevert(notAuthorized(bob));
        move(bob, alice, -1, ALL, bob, "");
        vm.expectRevert(notAuthorized(bob));
        move(bob, alice, ALL, -1_000e6, alice, "");
    }

    function test_Adjust_RevertWhen_ReceiverIsZeroOrTheMarket() public {
        fund(alice, 10e18, 0);

        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidReceiver.selector, address(0)));
        move(alice, alice, 10e18, 16_000e6, address(0), "");
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidReceiver.selector, address(market)));
        move(alice, alice, 10e18, 16_000e6, address(market), "");
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidReceiver.selector, address(market)));
        move(alice, alice, 0, 0, address(market), "x");
    }

    // ------------------------------------------------------------------ amounts out of range

    function test_Adjust_RevertWhen_WithdrawingMoreThanPosted() public {
        open(alice, 10e18, 0);

        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InsufficientCollateral.selector, 10e18, 10e18 + 1));
        move(alice, -10e18 - 1, 0);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.InsufficientCollateral.selector, 10e18, type(int256).max)
        );
        move(alice, -type(int256).max, 0);
    }

    function test_Adjust_RevertWhen_BorrowingMoreThanCash() public {
        fund(alice, 100_000e18, 0);
        (uint256 cash, , ) = market.totals();

        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InsufficientCash.selector, cash, cash + 1));
        move(alice, 100_000e18, int256(cash) + 1);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InsufficientCash.selector, cash, type(int256).max));
        move(alice, 100_000e18, type(int256).max);
    }

    function testFuzz_Adjust_RevertWhen_CollateralExceedsItsStorage(uint256 amount) public {
        open(alice, 10e18, 0);
        amount = bound(amount, type(uint128).max - 10e18 + 1, uint256(type(int256).max));

        vm.expectRevert(abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 112, amount + 10e18));
        move(alice, int256(amount), 0);
    }

    function pullAboveMaximum(address token, uint256 needed, uint256 maximum) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.PullAboveMaximum.selector, token, needed, maximum);
    }

    function notAuthorized(address caller) private view returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.NotAuthorized.selector, alice, caller);
    }
}
