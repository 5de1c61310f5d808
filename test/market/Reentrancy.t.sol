// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {HookToken} from "../../contracts/mocks/HookToken.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";

/// @notice During every external call of the market, to a token or a callback, each function that
/// moves something is locked, and every view is correct.
contract ReentrancyTest is BorrowerTest {
    uint256 private constant ENTRIES = 11;

    /// @dev Has a position, shares and tokens, and is Alice's operator.
    ScriptedActor private actor;

    function setUp() public override {
        super.setUp();
        actor = newActor(100e18, 100_000e6);
        vm.startPrank(address(actor));
        market.adjust(address(actor), 10e18, 5_000e6, address(actor), 10e18, 0, "");
        market.deposit(10_000e6, address(actor));
        vm.stopPrank();
        open(alice, 10e18, 10_000e6);
        vm.prank(alice);
        market.setOperator(address(actor), true);
        fund(alice, 10e18, 0);
        fund(liquidator, 0, 100_000e6);
    }

    function _newLoanToken() internal override returns (MockERC20) {
        return new HookToken(6);
    }

    function _newCollateralToken() internal override returns (MockERC20) {
        return new HookToken(18);
    }

    function test_Reentrancy_RefusedInTheCallbackOfAdjust() public {
        move(alice, alice, 1e18, 1_000e6, address(actor), abi.encode(entries()));
        assertAllRefused();
        move(alice, alice, -1e18, -1_000e6, address(actor), abi.encode(entries()));
        assertAllRefused();
    }

    function test_Reentrancy_RefusedInTheCallbackOfALiquidation() public {
        oracle.setPrice(priceOf(1100));
        address[] memory accounts = new address[](1);
        accounts[0] = alice;

        vm.prank(liquidator);
        market.liquidate(accounts, type(uint256).max, 0, address(actor), abi.encode(entries()));

        assertAllRefused();
    }

    function test_Reentrancy_RefusedInTheCallbackOfAFlashLoan() public {
        market.flashLoan(actor, address(loan), 1_000e6, abi.encode(entries()));

        assertAllRefused();
    }

    function test_Reentrancy_RefusedByCollateralOnItsWayIn() public {
        hook(collateral, alice);

        vm.prank(alice);
        market.supplyCollateral(1e18, alice);

        assertAllRefused();
        assertPosition(alice, 10_000e6, 11e18);
        assertBacked(0, 0);
    }

    function test_Reentrancy_RefusedByCollateralOnItsWayOut() public {
        hook(collateral, alice);

        vm.prank(alice);
        market.withdrawCollateral(1e18, alice, alice);

        assertAllRefused();
        assertPosition(alice, 10_000e6, 9e18);
        assertBacked(0, 0);
    }

    function test_Reentrancy_RefusedByTheLoanTokenOnItsWayOut() public {
        hook(loan, alice);

        vm.prank(alice);
        market.borrow(1_000e6, alice, alice);

        assertAllRefused();
        assertBacked(0, 0);
    }

    function test_Reentrancy_RefusedByTheLoanTokenOnItsWayIn() public {
        hook(loan, alice);

        vm.prank(alice);
        market.repay(1_000e6, alice);

        assertAllRefused();
        assertBacked(0, 0);
    }

    function test_Reentrancy_RefusedByTheTokensOfALiquidation() public {
        oracle.setPrice(priceOf(1100));

        hook(loan, liquidator);
        uint256 before = vm.snapshotState();
        liquidateOne(alice, type(uint256).max);
        assertAllRefused();
        vm.revertToState(before);

        HookToken(address(loan)).setHook(liquidator, ScriptedActor(address(0)));
        hook(collateral, liquidator);
        liquidateOne(alice, type(uint256).max);
        assertAllRefused();
        assertBacked(0, 0);
    }

    function test_Reentrancy_RefusedByTheTokenOfALender() public {
        hook(loan, lender);
        loan.mint(lender, 1_000e6);

        vm.startPrank(lender);
        market.deposit(1_000e6, lender);
        assertAllRefused();
        market.withdraw(1_000e6, lender, lender);
        assertAllRefused();
        assertBacked(0, 0);
    }

    function test_Reentrancy_ViewsAreCorrectDuringATransfer() public {
        HookToken(address(collateral)).setHook(alice, actor);
        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(abi.encodeCall(ILeverageMarket.position, (alice)));
        calls[1] = marketCall(abi.encodeCall(ILeverageMarket.totals, ()));
        calls[2] = marketCall(abi.encodeWithSignature("totalAssets()"));
        actor.setHookCalls(calls);

        // The collateral leaves before the repayment arrives.
        move(alice, -5e18, -5_000e6);

        ScriptedActor.Outcome[] memory seen = actor.outcomes();
        (uint256 cash, uint256 debtShares, uint256 held) = market.totals();
        assertEq(seen[0].returned, abi.encode(5_000e6, 5e18, vm.getBlockTimestamp() * 256));
        assertEq(seen[1].returned, abi.encode(cash, debtShares, held));
        assertEq(seen[2].returned, abi.encode(market.totalAssets()));
    }

    /// @dev The functions that the lock leaves open don't change the books that the running call
    /// uses.
    function test_Reentrancy_AccrueAndSetOperatorInACallbackDoNoHarm() public {
        skipTime(30 days);
        uint256 debt = market.debtOf(alice);
        Call[] memory calls = new Call[](2);
        calls[0] = marketCall(abi.encodeCall(ILeverageMarket.accrue, ()));
        calls[1] = marketCall(abi.encodeCall(ILeverageMarket.setOperator, (bob, true)));

        move(alice, alice, 1e18, 0, address(actor), abi.encode(calls));
        assertEq(market.debtOf(alice), debt);
        assertTrue(market.isOperator(address(actor), bob));
        move(alice, alice, 0, 1_000e6, address(actor), abi.encode(calls));
        assertApproxEqAbs(market.debtOf(alice), debt + 1_000e6, 1);
        market.flashLoan(actor, address(loan), 1_000_000e6, abi.encode(calls));
        assertApproxEqAbs(market.debtOf(alice), debt + 1_000e6, 1);
        assertBacked(0, 0);
    }

    /// @dev A sender's hook that donates the amount of the transfer doesn't have it credited twice.
    function test_Reentrancy_DonationDuringAPullIsNotCredited() public {
        HookToken(address(collateral)).setHook(alice, actor);
        Call[] memory calls = only(
            callTo(address(collateral), abi.encodeCall(collateral.transfer, (address(market), 3e18)))
        );
        actor.setHookCalls(calls);

        vm.prank(alice);
        market.supplyCollateral(1e18, alice);

        assertPosition(alice, 10_000e6, 11e18);
        assertBacked(0, 3e18);
    }

    /// @dev Nor does a donation during a repayment, which is measured separately, repay more of the
    /// debt.
    function test_Reentrancy_DonationDuringARepaymentIsNotCredited() public {
        HookToken(address(loan)).setHook(alice, actor);
        Call[] memory calls = only(callTo(address(loan), abi.encodeCall(loan.transfer, (address(market), 300e6))));
        actor.setHookCalls(calls);

        vm.prank(alice);
        assertEq(market.repay(1_000e6, alice), 1_000e6);
        assertBacked(300e6, 0);
        move(alice, 0, -1_000e6);

        assertPosition(alice, 8_000e6, 10e18);
        assertBacked(600e6, 0);
    }

    function hook(MockERC20 token, address account) private {
        HookToken(address(token)).setHook(account, actor);
        actor.setHookCalls(entries());
    }

    /// @dev Every function that moves something, with arguments that would succeed outside a call.
    function entries() private view returns (Call[] memory calls) {
        address self = address(actor);
        address[] memory accounts = new address[](1);
        accounts[0] = alice;
        calls = new Call[](ENTRIES);
        calls[0] = marketTry(abi.encodeCall(market.deposit, (1_000e6, self)));
        calls[1] = marketTry(abi.encodeCall(market.mint, (1_000e12, self)));
        calls[2] = marketTry(abi.encodeCall(market.withdraw, (1_000e6, self, self)));
        calls[3] = marketTry(abi.encodeCall(market.redeem, (1_000e12, self, self)));
        calls[4] = marketTry(abi.encodeCall(market.adjust, (alice, -1, 1, self, 0, 0, "")));
        calls[5] = marketTry(abi.encodeCall(market.supplyCollateral, (1e18, self)));
        calls[6] = marketTry(abi.encodeCall(market.withdrawCollateral, (1, alice, self)));
        calls[7] = marketTry(abi.encodeCall(market.borrow, (1, alice, self)));
        calls[8] = marketTry(abi.encodeCall(market.repay, (1, alice)));
        calls[9] = marketTry(abi.encodeCall(market.liquidate, (accounts, type(uint256).max, 0, self, "")));
        calls[10] = marketTry(abi.encodeCall(market.flashLoan, (actor, address(loan), 1, "")));
    }

    function assertAllRefused() private view {
        ScriptedActor.Outcome[] memory outcomes = actor.outcomes();
        assertEq(outcomes.length, ENTRIES);
        for (uint256 i = 0; i < ENTRIES; ++i) {
            assertFalse(outcomes[i].success);
            assertEq(outcomes[i].returned, abi.encodeWithSelector(ReentrancyGuardReentrantCall.selector));
        }
    }
}
